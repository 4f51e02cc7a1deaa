"""Thompson, UCB and epsilon: exploring allocators, and what they remember."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from loopsim.allocation.epsilon import Epsilon
from loopsim.allocation.found import memory
from loopsim.allocation.thompson import Thompson, _gamma
from loopsim.allocation.ucb import Ucb
from loopsim.allocation.urn import Urn


@pytest.mark.parametrize("shape", [0.3, 2.5])
def test_the_gamma_draw_has_its_law(shape):
    drawn = np.empty((2, 3000))
    _gamma(np.full((2, 3000), shape), np.uint32(5), np.uint32(1), np.array([0, 1], np.uint32), drawn)
    assert stats.kstest(drawn.ravel(), stats.gamma(shape).cdf).pvalue > 0.001


def test_a_cell_that_yields_little_for_its_patrol_is_left(make_grid, make_now):
    now = make_now(make_grid(2, 3), replicates=np.arange(200), budget=6.0)
    found = np.tile([50.0, 50, 50, 50, 50, 50], (200, 1))
    hours = np.tile([100.0, 100, 100, 100, 100, 1000], (200, 1))
    now.notes["thompson"] = dict(
        start=np.zeros((200, 6)), found=found, hours=hours, visits=hours, known=now.day
    )
    stage = Thompson(budget=6.0, k=5, detect=0.02, shape=0.1, effort=0.01, prior_days=10.0)
    plan = stage(np.zeros((200, 6)), now)
    assert (plan[:, 0, 5] == 0).all() and (plan[:, :, :5] == 1.2).all()


def test_a_bandit_learns_what_the_carried_out_plan_found_and_reports_are_no_finds(
    make_grid, make_ledger, make_now
):
    grid = make_grid(2, 3)
    ledger = make_ledger(grid)
    early = make_now(grid, ledger, day=-7)
    risk = np.ones((2, 6))
    memory("ucb", risk, early)
    early.notes["plan"] = np.broadcast_to(np.arange(6.0), (2, 7, 6))
    today = make_now(grid, ledger, notes=early.notes)
    known = memory("ucb", risk, today)
    finds = today.evidence.counts(7) - today.evidence.only_reports().counts(7)
    np.testing.assert_array_equal(known["found"], finds)
    assert finds.sum() > 0 and known["hours"][0].tolist() == [0, 7, 14, 21, 28, 35]
    assert known["visits"][0].tolist() == [0, 7, 7, 7, 7, 7]


def test_a_bandit_whose_feedback_is_cut_learns_nothing(make_grid, make_ledger, make_now):
    grid = make_grid(2, 3)
    now = make_now(grid, make_ledger(grid), notes={"plan": np.ones((2, 7, 6))})
    before = {k: np.copy(v) for k, v in memory("ucb", np.ones((2, 6)), now).items()}
    later = replace(now, day=7)  # the evidence is still that of day 0
    after = memory("ucb", np.ones((2, 6)), later)
    assert all((after[k] == before[k]).all() for k in before)


def test_ucb_is_the_mean_and_the_bonus():
    known = dict(start=np.array([[0.0, 2.0]]), found=np.array([[6.0, 0.0]]), visits=np.array([[2.0, 0.0]]))
    index = Ucb(budget=1.0, k=1, explore=0.5, prior_visits=1.0).index(known, 9)
    # means 6 / 3 and 2 / 1 are both the best, = 1; t = 10 days, n = 3 and 1
    np.testing.assert_allclose(index, [1 + 0.5 * np.sqrt(2 * np.log(10) / np.array([3.0, 1.0]))])


def test_on_its_first_day_ucb_is_top_cells(make_grid, make_now):
    risk = np.tile([3.0, 1, 2, 5, 4, 0], (2, 1))
    plan = Ucb(budget=6.0, k=2, explore=1.0, prior_visits=5.0)(risk, make_now(make_grid(2, 3), budget=6.0))
    assert plan[1, 3].tolist() == [0, 0, 0, 3, 3, 0]


@pytest.mark.parametrize(
    "epsilon, expected", [(0.0, [0, 0, 0, 0, 3, 3]), (1.0, [1] * 6), (0.5, [0.5] * 4 + [2, 2])]
)
def test_epsilon_splits_the_budget(make_grid, make_now, epsilon, expected):
    now = make_now(make_grid(2, 3), budget=6.0)
    plan = Epsilon(budget=6.0, k=2, epsilon=epsilon)(np.tile(np.arange(6.0), (2, 1)), now)
    np.testing.assert_allclose(plan[0, 0], expected)


def test_the_urn_draws_in_proportion_to_its_balls_and_spends_whole_units(make_grid, make_now):
    now = make_now(make_grid(2, 3), replicates=[0], days=500, budget=10.0)
    risk = np.array([[0.0, 1, 2, 3, 4, 0]])
    plan = Urn(budget=10.0, units=5, prior=0.0, least=0.0)(risk, now)
    assert plan[0, :, [0, 5]].sum() == 0 and set(np.unique(plan)) <= {0.0, 2, 4, 6, 8, 10}
    assert stats.chisquare(plan[0, :, 1:5].sum(axis=0) / 2.0, [250, 500, 750, 1000]).pvalue > 0.001


def test_an_urn_without_balls_draws_any_inside_cell(make_grid, make_now):
    now = make_now(make_grid(2, 3, outside=1), days=100, budget=1.0)
    plan = Urn(budget=1.0, units=1, prior=0.0, least=0.0)(np.zeros((2, 6)), now)
    assert ((plan.sum(axis=(0, 1)) > 0) == now.grid.inside).all()


def test_thompsons_posterior_is_finds_over_patrol_that_could_find(make_grid, make_now):
    """Exposure is officer-hours x detectability; the first risk stands for days of even patrol."""
    now = make_now(make_grid(2, 3), budget=6.0)
    known = {"start": np.full((2, 6), 0.5), "found": np.full((2, 6), 7.0), "hours": np.full((2, 6), 30.0)}
    stage = Thompson(budget=6.0, k=5, detect=0.02, shape=0.1, effort=0.01, prior_days=10.0)
    shape, rate = stage.posterior(known, now)
    np.testing.assert_allclose(shape, 0.1 + 10 * 0.5 + 7)
    np.testing.assert_allclose(rate, 0.01 + 10 * 0.02 * 1.0 + 0.02 * 30)
