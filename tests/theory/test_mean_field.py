"""Mean field: fixed points, the critical exponent, and the simulation that tends to it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from loopsim.study.compose import compose
from loopsim.study.run import open_loop
from loopsim.theory import mean_field as theory

pytestmark = pytest.mark.theory
HALF_LIFE, REFIT, TURNS = 35.0, 7, 20
START = (0.7, 0.3)  # of the records of the first day
PER_HEAD = 1 / 365  # offences a day
REPORTED, DISCOVER, STOPS, BUDGET = 0.3, 0.2, 0.2, 4.0  # officer-hours for 1,000 residents


def a_city(thousands: int, gamma: float):
    """Two equal places of so many thousand residents each, and records that start uneven."""
    records = [round(share * 1e3 * thousands) for share in START]
    people = 1000 * thousands
    return compose([
        "city=listed", f"city.people={{all: [{people},{people}], none: [0,0]}}", f"city.records={{past: {records}}}",
        "bias.how=real", "bias.crime_types={past: [report, offence]}", "history_days=null", "replicates=1",
        f"world.offences={{offence: {{true_rate: 1000, reported: {REPORTED}, discovered: {DISCOVER / thousands}, "
        "harm_days: 1, police_found: false}}", "world.carried={}", "world.intelligence=0", f"world.stop_rate={STOPS}",
        "prediction=ewma", f"prediction.half_life_days={HALF_LIFE}", "allocation=proportional",
        f"allocation.gamma={gamma}", f"allocation.budget={BUDGET * thousands}", f"refit_days={REFIT}",
        f"days={REFIT * TURNS}", "arms=[loop]", "measure_days=140",
    ]).setups["loop"]  # fmt: skip


def simulated(thousands: int, gamma: float, replicates: int) -> np.ndarray:
    """(R, turns) share of the first place in the risk at each refit."""
    setup = a_city(thousands, gamma)
    loop = open_loop(setup, setup.city.build(1), np.arange(replicates, dtype=np.uint32))
    return np.array([t.risk[:, 0] / t.risk.sum(axis=1) for t in loop.run(REFIT * TURNS)]).T


def the_law(gamma: float) -> theory.MeanField:
    """The mean field of a city of a thousand in each place."""
    offences = 1000 * PER_HEAD * np.ones(2)
    return theory.MeanField(
        reports=REPORTED * offences, hidden=(1 - REPORTED) * offences, budget=BUDGET, discover=DISCOVER,
        stops=STOPS, gamma=gamma, forget=theory.forgotten(REFIT, HALF_LIFE),
    )  # fmt: skip


def predicted(gamma: float) -> np.ndarray:
    """(turns,) the same in the mean field."""
    alpha = theory.forgotten(1, HALF_LIFE)
    path = the_law(gamma).path(alpha * 1e3 * np.array(START), TURNS - 1)
    return path[:, 0] / path.sum(axis=1)


@pytest.mark.parametrize("gamma", [0.5, 1.0, 2.5])
def test_the_simulation_tends_to_the_mean_field_as_the_city_grows(gamma):
    """Distance falls as 1 / sqrt(size): 100 times the people, about a tenth of the distance."""
    small, large = (
        np.sqrt(np.mean((simulated(size, gamma, 12) - predicted(gamma)) ** 2)) for size in (1, 100)
    )
    assert large < 0.006
    assert 4 < small / large < 25


def test_the_chosen_exponents_lie_on_both_sides_of_the_critical_one():
    law, even = the_law(1.0), np.ones(2)
    critical = float(theory.critical_gamma(law.patrol_share(even), law.elasticity(BUDGET / 2)))
    assert 1.0 < critical < 2.5
    assert predicted(0.5)[-1] < predicted(1.0)[-1] < START[0] < predicted(2.5)[-1]


@pytest.mark.parametrize(("gamma", "share"), [(0.5, 0.9), (1.0, 0.3), (1.5, 0.5), (3.0, 0.6)])
def test_the_uniform_point_grows_by_exponent_times_patrol_share(gamma, share):
    law = theory.two_areas(gamma, share, forget=0.25)
    even = np.full(2, 0.5)
    assert np.allclose(law.step(even), even)
    assert law.patrol_share(even) == pytest.approx(share)
    free = 1 - 0.25 + 0.25 * gamma * share  # of a shift from one place to the other
    common = 1 - 0.25  # of both together
    assert law.eigenvalue(even) == pytest.approx(max(free, common), abs=1e-6)
    assert theory.uniform_eigenvalue(gamma, share, 0.25) == pytest.approx(free)
    assert (theory.uniform_eigenvalue(gamma, share, 0.25) < 1) == (gamma < theory.critical_gamma(share))


def test_the_critical_exponent_is_one_over_the_patrol_share():
    assert np.allclose(theory.critical_gamma([1.0, 0.5, 0.25, 0.0]), [1, 2, 4, np.inf])


@pytest.mark.parametrize("share", [0.4, 0.8])
def test_below_the_critical_exponent_only_equality_is_fixed_and_above_it_two_more_are(share):
    critical = float(theory.critical_gamma(share))
    below, above = (theory.fixed_shares(critical * f, share) for f in (0.9, 1.3))
    assert [x for x, _ in below] == [0.5] and below[0][1] < 1
    low, middle, high = above
    assert middle[0] == 0.5 and middle[1] > 1
    assert low[0] + high[0] == pytest.approx(1) and low[1] < 1 and high[1] < 1


def test_the_map_runs_to_the_fixed_share_that_the_closed_form_names():
    top = theory.fixed_shares(2.5, 0.6)[-1][0]
    end = theory.two_areas(2.5, 0.6, forget=0.3).settle(np.array([0.51, 0.49]))
    assert end[0] / end.sum() == pytest.approx(top, abs=1e-6)


def test_when_finds_run_out_a_higher_exponent_is_needed():
    offences = np.full(3, 1.0)
    law = theory.MeanField(reports=0.3 * offences, hidden=0.7 * offences, budget=30.0, discover=0.2)
    even = law.settle(offences)
    share, pull = law.patrol_share(even), law.elasticity(10.0)
    assert pull < 0.4
    critical = float(theory.critical_gamma(share, pull))
    for factor in (0.95, 1.05):
        slope = replace(law, gamma=critical * factor).eigenvalue(even)
        assert (slope > 1) == (factor > 1)
    assert replace(law, discover=1e-6).elasticity(10.0) == pytest.approx(1, abs=1e-4)


def test_top_cells_keep_a_lead_that_reports_alone_would_lose():
    law = theory.MeanField(
        reports=np.array([1.0, 1.1, 0.9, 1.0]), hidden=np.zeros(4), budget=2.0, stops=0.5, k=1
    )
    assert np.argmax(law.settle(np.array([3.0, 1, 1, 1]))) == 0
    assert np.argmax(replace(law, stops=0.01).settle(np.array([3.0, 1, 1, 1]))) == 1
    assert np.allclose(law.patrol(np.ones(4)), 0.5)  # ties share the place


def test_without_a_channel_that_follows_patrol_the_reports_win():
    law = theory.MeanField(reports=np.array([2.0, 1.0]), hidden=np.zeros(2), budget=1.0, gamma=9.0)
    assert np.allclose(law.settle(np.array([1.0, 50.0])), [2, 1])
    assert law.patrol_share(np.ones(2)) == 0
