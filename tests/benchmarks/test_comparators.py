"""The comparators are no strawmen: they live the same workload as the engine, figure for figure."""

from __future__ import annotations

import numpy as np
import pytest
from mesa_city import MesaCity
from numpy_city import NumpyCity
from scipy import stats
from workloads import a_loop, the_arm

HAZARD, UNITS, DAYS, RUNS = 0.02, 8, 42, 12
FIGURES = ("offences", "reports", "discoveries", "stops")


@pytest.fixture(scope="module")
def arm():
    """W1 made small: 12 x 12 cells, 1,500 residents, 8 units, 42 days."""
    return the_arm(residents=1500, days=DAYS, hazard=HAZARD, side=12, units=UNITS)


@pytest.fixture(scope="module")
def engine(arm):
    """(runs, figures x groups) what the engine's replicates showed."""
    loop, kinds = a_loop(arm, np.arange(4 * RUNS)), arm[0].world.kinds
    sums = dict.fromkeys(FIGURES, 0)
    for turn in loop.run(DAYS):
        sums["offences"] = sums["offences"] + turn.truth.offences_by_group.sum(axis=2)
        for name, channel in (("reports", "report"), ("discoveries", "discovery"), ("stops", "stop")):
            sums[name] = sums[name] + turn.truth.tally[:, :, kinds.of_channel(channel)].sum(axis=2)
    return np.hstack([sums[name] for name in FIGURES])


def in_numpy(city, seed, count_first):
    rival = NumpyCity(city, hazard=HAZARD, units=UNITS, seed=seed, count_first=count_first)
    rival.live(DAYS)
    return rival


def in_mesa(city, seed):
    rival = MesaCity(city, hazard=HAZARD, units=UNITS, seed=seed)
    rival.history()
    for _ in range(DAYS):
        rival.step()
    return rival


@pytest.mark.parametrize(
    "live",
    [lambda c, s: in_numpy(c, s, False), lambda c, s: in_numpy(c, s, True), in_mesa],
    ids=["numpy", "numpy_count_first", "mesa"],
)
def test_a_comparator_agrees_with_the_engine(live, arm, engine):
    rivals = [live(arm[1], seed) for seed in range(RUNS)]
    seen = np.array([np.concatenate([rival.tally[name] for name in FIGURES]) for rival in rivals])
    p = stats.ttest_ind(seen, engine, axis=0, equal_var=False).pvalue
    assert p.min() > 0.001 / (3 * p.size)


def test_the_philox_floor_counts_the_calls_of_the_workload():
    from family_world import CALLS

    # 146,000 offences, 73,000 visits of patrolled cells, 730 days; four stops share a call, so the
    # Poisson(10) stops of a visit take 10 / 4 calls and 3 / 8 more for the last one's empty places
    calls = 146_000 + 73_000 * (10 / 4 + 3 / 8) + 73_000 + 730
    assert abs(CALLS - calls) < 1e-4 * calls


def test_every_promised_key_belongs_to_one_family():
    from run import families

    keys = [key for keys in families().values() for key in keys]
    assert len(keys) == len(set(keys))
    promised = """w1_vs_mesa w1_vs_numpy w1_vs_numpy_count_first w1_vs_rng_floor w2_vs_w1 residents_100x
    w3_vs_256_w1 w4_vs_numpy kde_vs_scipy help_vs_bare_python"""
    assert set(promised.split()) <= set(keys)


def test_a_ratio_is_the_median_over_rounds_of_times_taken_in_turns():
    from stopwatch import in_turns, ratio

    order = []

    def job(name, seconds):
        return lambda i: order.append((name, i)) or seconds[i - 1000] if i >= 1000 else 1.0

    taken = in_turns({"a": job("a", [2, 9, 4]), "b": job("b", [1, 1, 1])}, 3)
    assert order[:3] == [("a", 1000), ("b", 1000), ("a", 1001)]
    assert ratio(taken, "a", "b") == 4
