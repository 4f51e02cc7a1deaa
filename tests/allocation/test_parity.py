"""Fairness-penalised allocation and the randomised trial."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from loopsim.allocation.control_trial import ControlTrial
from loopsim.allocation.parity import Parity, per_head


@pytest.fixture
def now(make_grid, make_now):
    return make_now(make_grid(3, 4), replicates=[0], budget=6.0)


RISK = np.random.default_rng(3).random((1, 12)) ** 2


def worth(plan, now, chi):
    top = np.sort(RISK[0])[-3:].sum() * now.budget / 3
    exposure = per_head(now) @ plan
    return RISK[0] @ plan / top - chi * ((exposure - exposure.mean()) ** 2).sum()


def test_a_penalty_of_nothing_is_top_cells(now):
    plan = Parity(budget=6.0, k=3, chi=0.0, steps=50)(RISK, now)[0, 0]
    assert set(np.flatnonzero(plan)) == set(np.argsort(RISK[0])[-3:]) and plan.max() == 2.0


@pytest.mark.parametrize("chi", [0.5, 5.0])
def test_the_plan_is_the_optimum_that_a_general_solver_finds(now, chi):
    plan = Parity(budget=6.0, k=3, chi=chi, steps=3000)(RISK, now)[0, 0]
    best = minimize(
        lambda p: -worth(p, now, chi),
        np.full(12, 0.5),
        bounds=[(0, 2.0)] * 12,
        constraints={"type": "eq", "fun": lambda p: p.sum() - 6.0},
        method="SLSQP",
        options={"ftol": 1e-12, "maxiter": 500},
    )
    assert worth(plan, now, chi) == pytest.approx(-best.fun, abs=2e-3)
    assert plan.max() <= 2.0 + 1e-9 and plan.sum() == pytest.approx(6.0)


def test_a_very_high_penalty_gives_every_group_the_same_hours_per_head(now):
    def gap(chi):
        exposure = per_head(now) @ Parity(budget=6.0, k=3, chi=chi, steps=500)(RISK, now)[0, 0]
        return exposure.max() - exposure.min()

    assert gap(0.0) > 0.1 and gap(1e6) < 0.005


def test_the_same_hours_in_every_cell_of_equal_mix_expose_all_groups_alike(make_grid, make_now):
    now = make_now(make_grid(2, 2), budget=6.0)
    for layer, values in {
        "residents": [9.0, 9, 9, 9],
        "share:blue": [1.0, 1, 0, 0],
        "share:orange": [0.0, 0, 1, 1],
    }.items():
        now.grid.layers[layer][:] = values
    # one group lives in cells 0 and 1, the other in 2 and 3, 18 people each; 1.5 hours a cell is even
    np.testing.assert_allclose(per_head(now) @ [1.5, 1.5, 1.5, 1.5], [1.0, 1.0])
    np.testing.assert_allclose(per_head(now) @ [6.0, 0, 0, 0], [2.0, 0.0])


def test_a_trial_patrols_the_algorithms_or_the_analysts_cells_as_its_days_say(
    make_grid, make_ledger, make_now
):
    grid = make_grid(2, 3)
    ledger = make_ledger(grid, counts=[[9, 8, 1, 1, 1, 1]] * 2, days=35)
    now = make_now(grid, ledger, days=40, budget=6.0)
    trial = ControlTrial(budget=6.0, k=2, share=0.5, analyst_days=30)
    plan = trial(np.tile(np.arange(6.0), (2, 1)), now)
    algorithm = trial.by_algorithm(now)
    assert algorithm.any(axis=1).all() and not algorithm.all(axis=1).any()
    assert (plan[algorithm] == [0, 0, 0, 0, 3, 3]).all() and (plan[~algorithm] == [3, 3, 0, 0, 0, 0]).all()


@pytest.mark.parametrize("share, days", [(0.0, 0), (1.0, 80)])
def test_a_trial_of_one_arm_is_that_arm(make_grid, make_ledger, make_now, share, days):
    grid = make_grid(2, 3)
    now = make_now(grid, make_ledger(grid), days=40)
    assert ControlTrial(budget=6.0, k=2, share=share, analyst_days=30).by_algorithm(now).sum() == days


def test_the_analysts_map_is_of_the_days_it_says_and_not_of_older_ones(make_grid, make_ledger, make_now):
    """Cell 0 was busy for 40 days, cell 1 in the 20 since then."""
    grid = make_grid(2, 3)
    ledger = make_ledger(grid, counts=[[9, 1, 1, 1, 1, 1]] * 2, days=60, page_days=20)
    ledger.pages[-1].cell[ledger.pages[-1].cell < 2] ^= 1
    for days, busiest in ((20, 1), (60, 0)):
        now = make_now(grid, ledger, budget=6.0)
        plan = ControlTrial(budget=6.0, k=1, share=0.0, analyst_days=days)(np.ones((2, 6)), now)
        assert (plan[:, :, busiest] == 6.0).all()
