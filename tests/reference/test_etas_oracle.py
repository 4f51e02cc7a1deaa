"""The O(N) recursion against the matrix of parents, against known truths and against thinning."""

import numpy as np
import pytest
from scipy import stats

from loopsim.prediction.etas import Process, Sequence, excitation, learn
from loopsim.prediction.predpol import horizon


def contagion(rng, mu, theta, omega, end, cells):
    """Immigrants and all their offspring, sorted by cell and time."""
    time, cell = [], []
    for n in range(cells):
        family = list(rng.uniform(0, end, rng.poisson(mu * end)))
        for parent in family:
            family.extend(parent + rng.exponential(1 / omega, rng.poisson(theta)))
        kept = sorted(t for t in family if t < end)
        time += kept
        cell += [n] * len(kept)
    return np.array(time), np.array(cell)


def matrix_em(time, cell, end, mu, theta, omega, corrected, iterations):
    """EM as published: every pair of records of a cell, O(n^2)."""
    earlier = (cell[:, None] == cell) & (time < time[:, None])
    wait = np.where(earlier, time[:, None] - time, 0.0)
    left = end - time
    for _ in range(iterations):
        rise = theta * omega * np.exp(-omega * wait) * earlier
        rate = mu[cell] + rise.sum(axis=1)
        parent = rise / rate[:, None]
        hidden = np.exp(-omega * left) * corrected
        waited = (parent * wait).sum() + theta * (left * hidden).sum()
        own = np.bincount(cell, mu[cell] / rate, mu.size)
        theta, omega, mu = parent.sum() / (time.size - hidden.sum()), parent.sum() / waited, own / end
    return mu, theta, omega


@pytest.mark.parametrize("corrected", [False, True])
def test_the_recursion_is_the_matrix_of_parents(corrected):
    time, cell = contagion(np.random.default_rng(1), 0.02, 0.4, 0.3, 200.0, 25)
    mu = np.bincount(cell, minlength=25) / 200
    fit = learn(Sequence.of_times(time, cell, 200.0), 200.0, Process(mu, 0.5, 1.0), shared=None,
                corrected=corrected, iterations=20, tolerance=0.0)  # fmt: skip
    slow = matrix_em(time, cell, 200.0, mu, 0.5, 1.0, corrected, 20)
    assert fit.sweeps == 20
    assert np.allclose(fit.mu, slow[0], rtol=1e-10, atol=1e-14)
    assert (fit.theta, fit.omega) == pytest.approx(slow[1:], rel=1e-10)


def test_records_known_to_the_day_are_the_matrix_with_ties_as_strangers():
    rng = np.random.default_rng(2)
    day, cell = np.sort(rng.integers(-40, 0, 300)), rng.integers(0, 9, 300)
    seq = Sequence.of_days(day, cell, np.ones(300), 40, 9)
    mu = np.bincount(cell, minlength=9) / 40
    fit = learn(seq, 40.0, Process(mu, 0.5, 0.5), shared=None, corrected=True, iterations=15, tolerance=0.0)
    slow = matrix_em(day + 40.5, cell, 40.0, mu, 0.5, 0.5, True, 15)
    assert seq.cell.size < 300
    assert np.allclose(fit.mu, slow[0], rtol=1e-10, atol=1e-14)
    assert (fit.theta, fit.omega) == pytest.approx(slow[1:], rel=1e-10)
    assert np.allclose(excitation(seq, 0.2, 9), np.bincount(cell, np.exp(0.2 * (day + 0.5)), 9))


@pytest.fixture(scope="module")
def fitted():
    """theta = 0.3, omega = 0.2 a day, 400 sparse cells, about 8,700 records."""
    time, cell = contagion(np.random.default_rng(3), 0.0417, 0.3, 0.2, 365.0, 400)
    seq = Sequence.of_times(time, cell, 365.0)
    start = Process(np.bincount(cell, minlength=400) / 365, 0.5, 1.0)
    options = {"corrected": True, "iterations": 200, "tolerance": 1e-6}
    common = start._replace(mu=np.full(400, start.mu.mean()))
    free = learn(seq, 365.0, start, shared=None, **options)
    return time, cell, free, learn(seq, 365.0, common, shared=np.ones(400), **options)


def test_one_background_a_cell_under_estimates_contagion_within_the_known_band(fitted):
    _, _, free, _ = fitted
    assert 0.18 < free.theta < 0.29  # truth 0.3; the bias is a finding, not a fault
    assert 0.2 < free.omega < 0.42  # truth 0.2
    assert 1.02 < free.mu.sum() / (400 * 0.0417) < 1.25


def test_a_common_background_recovers_the_truth(fitted):
    _, _, _, common = fitted
    assert common.theta == pytest.approx(0.3, abs=0.04)
    assert common.omega == pytest.approx(0.2, abs=0.04)
    assert common.mu.mean() == pytest.approx(0.0417, rel=0.08)


def test_rescaled_times_are_a_unit_poisson_process(fitted):
    time, cell, _, fit = fitted
    gaps, carried = [], 0.0  # the clocks of the cells end to end are one clock: nothing is censored
    for n in range(400):
        before, excited = 0.0, 0.0
        for t in (*time[cell == n], 365.0):
            fade = np.exp(-fit.omega * (t - before))
            carried += fit.mu[n] * (t - before) + fit.theta * excited * (1 - fade)
            if t < 365.0:
                gaps.append(carried)
                carried = 0.0
            before, excited = t, excited * fade + 1.0
    assert stats.kstest(gaps, "expon").pvalue > 0.001
    poisson = np.diff(time, prepend=0.0)[np.diff(cell, prepend=-1) == 0] * 8480 / (400 * 365)
    assert stats.kstest(poisson, "expon").pvalue < 0.001  # the test has power: plain gaps fail it


def test_poisson_records_teach_next_to_no_contagion():
    rng = np.random.default_rng(4)
    time, cell = contagion(rng, 2.0, 0.0, 1.0, 300.0, 5)
    seq = Sequence.of_times(time, cell, 300.0)
    start = Process(np.bincount(cell) / 300, 0.5, 1.0)
    fit = learn(seq, 300.0, start, shared=None, corrected=True, iterations=300, tolerance=0.0)
    assert fit.theta < 0.08


def test_expected_records_over_four_weeks_are_those_of_the_simulated_process():
    mu, theta, omega, E, days = 0.3, 0.5, 0.2, 2.0, 28.0
    rng = np.random.default_rng(5)
    counts = np.zeros(20000)
    for i in range(counts.size):
        born = list(rng.uniform(0, days, rng.poisson(mu * days)))
        born += list(rng.exponential(1 / omega, rng.poisson(theta * E)))
        for t in born:
            if t < days:
                born.extend(t + rng.exponential(1 / omega, rng.poisson(theta)))
        counts[i] = sum(t < days for t in born)
    weigh_mu, weigh_E = horizon(theta, omega, days)
    assert abs(counts.mean() - days * (weigh_mu * mu + weigh_E * E)) < 4 * counts.std() / np.sqrt(counts.size)
    first_generation = mu * days + theta * E * (1 - np.exp(-omega * days))
    assert counts.mean() > first_generation + 1  # the descendants of descendants matter at this horizon


def test_records_alike_are_one_entry_to_the_last_bit():
    """Weights that no double holds exactly: their sum must not depend on what is one entry."""
    rng = np.random.default_rng(8)
    day, cell = np.sort(rng.integers(-30, 0, 300)), rng.integers(0, 9, 300).astype(np.int32)
    weight, times = rng.random(300), rng.integers(1, 6, 300).astype(np.int16)
    joined = Sequence.of_days(day, cell, weight, 30, 9, times)
    apart = Sequence.of_days(*(np.repeat(a, times) for a in (day, cell, weight)), 30, 9)
    assert joined.count.sum() > 3 * joined.cell.size * weight.mean()
    assert all(np.array_equal(a, b) for a, b in zip(joined, apart, strict=True))
