"""Where lots are drawn, a correction needs the chance of a visit, not the visit."""

from __future__ import annotations

import numpy as np
import pytest

from loopsim.allocation.sampled import Sampled
from loopsim.allocation.urn import Urn
from loopsim.study.compose import compose
from loopsim.study.run import open_loop

RATES, START = (6.0, 3.0), (20, 60)


def shares(remedy: str, allocation: str, turns=1200):
    """Final shares of 40 two-cell urns of discoveries alone, from a start that is the wrong way round."""
    people = [int(r * 1e4) for r in RATES]
    setup = compose([
        "city=listed", f"city.people={{all: {people}, none: [0, 0]}}", f"city.records={{finds: {list(START)}}}",
        "bias.how=real", "bias.crime_types={finds: [discovery, offence]}", "history_days=null", "replicates=1",
        "world.offences={offence: {true_rate: 36.5, reported: 0, discovered: 1000, harm_days: 1, police_found: false}}",
        "world.carried={}", "world.intelligence=0", "world.stop_rate=0", f"remedy={remedy}", "prediction=ewma",
        "prediction.half_life_days=70", *allocation.split(), f"days={turns}", "refit_days=1", "arms=[loop]",
    ]).setups["loop"]  # fmt: skip
    loop = open_loop(setup, setup.city.build(1), np.arange(40, dtype=np.uint32))
    last = list(loop.run(turns))[-1]
    return last.risk[:, 0] / last.risk.sum(axis=1), last


ALLOCATIONS = (
    "allocation=urn allocation.units=1 allocation.budget=24",
    "allocation=sampled allocation.unit_hours=24 allocation.budget=24",
)


@pytest.mark.parametrize("allocation", ALLOCATIONS)
@pytest.mark.parametrize("remedy", ["ensign_2018", "inverse_exposure"])
def test_both_corrections_bring_a_drawn_patrol_to_the_truth(remedy, allocation):
    found, turn = shares(remedy, allocation)
    assert abs(found.mean() - 2 / 3) < 4 * found.std() / np.sqrt(40) + 0.01
    patrol = turn.page.patrol[0, : turn.page.count[0]]
    assert ((patrol > 0) & (patrol < 24)).all()  # what was expected, not the 24 hours of the visit


def test_without_a_correction_the_busier_cell_takes_over():
    found, _ = shares("nothing", ALLOCATIONS[0])
    assert found.mean() > 0.8


@pytest.mark.parametrize("name", ["urn", "sampled", "rota", "control_trial"])
def test_what_is_expected_of_a_draw_is_its_mean_over_many_days(name, make_grid, make_ledger, make_now):
    grid = make_grid(4, 5, outside=3)
    now = make_now(grid, make_ledger(grid), days=3000, budget=40.0)
    lines = [f"allocation={name}", "arms=[loop]"]
    lines += {
        "rota": ["allocation.k=10", "allocation.m=4"],
        "control_trial": ["allocation.k=6", "allocation.share=0.3"],
    }.get(name, [])
    allocator = compose(lines).setups["loop"].allocator
    plan = allocator(np.random.default_rng(5).gamma(1.0, 1.0, (2, grid.n)) * grid.inside, now)
    error = plan.std(axis=1) / np.sqrt(plan.shape[1])
    assert (np.abs(plan.mean(axis=1) - now.notes["expected"]) <= 5 * error + 1e-9).all()
    assert (plan.std(axis=1) > 0).any()


def test_units_are_drawn_by_the_power_of_risk_that_is_set(make_grid, make_now):
    now = make_now(make_grid(1, 3), budget=24.0)
    Sampled(budget=24.0, unit_hours=8.0, gamma=2.0)(np.array([[1.0, 2, 3]] * 2), now)
    np.testing.assert_allclose(now.notes["expected"], [[24 / 14, 24 * 4 / 14, 24 * 9 / 14]] * 2)


def test_no_cell_of_an_urn_falls_below_its_least(make_grid, make_now):
    now = make_now(make_grid(1, 3), budget=24.0)
    Urn(budget=24.0, units=3, prior=0.0, least=2.0)(np.array([[0.0, 1.0, 4.0]] * 2), now)
    np.testing.assert_allclose(now.notes["expected"], [[6.0, 6.0, 12.0]] * 2)
