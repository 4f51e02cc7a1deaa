"""Remedies that act on the plan, and reforms of the loop itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from loopsim.limits import Refused
from loopsim.loop import Change, Loop
from loopsim.remedy.ban import Ban
from loopsim.remedy.coverage_floor import CoverageFloor
from loopsim.remedy.random_audit import RandomAudit
from loopsim.remedy.switch import Switch


@pytest.fixture
def now(make_grid, make_now):
    return make_now(make_grid(4, 5, outside=2), days=7, budget=20.0)


def all_in_one_cell(now, cell=0):
    plan = np.zeros((2, 1, now.grid.n))
    plan[:, :, cell] = now.budget
    return np.broadcast_to(plan, (2, now.days, now.grid.n))


@pytest.mark.parametrize("remedy", [CoverageFloor(share=0.2, by="area"), RandomAudit(share=0.2, cells=3)])
def test_the_model_keeps_its_share_of_the_budget(now, remedy):
    plan = remedy.adjust(all_in_one_cell(now, cell=7), now)
    np.testing.assert_allclose(plan.sum(axis=2), now.budget)
    assert (plan[:, :, 7] >= 0.8 * now.budget - 1e-9).all()
    assert (plan[:, :, ~now.grid.inside] == 0).all()


@pytest.mark.parametrize(
    "make", [lambda s: CoverageFloor(share=s, by="people"), lambda s: RandomAudit(share=s, cells=3)]
)
def test_a_share_of_nothing_leaves_the_plan(now, make):
    np.testing.assert_allclose(make(0.0).adjust(all_in_one_cell(now), now), all_in_one_cell(now))


def test_a_floor_over_everything_is_patrol_by_population(now):
    people = now.grid.layers["residents"]
    plan = CoverageFloor(share=1.0, by="people").adjust(all_in_one_cell(now), now)
    np.testing.assert_allclose(plan[1, 6], now.budget * people / people.sum())
    assert plan.strides[1] == 0


def test_an_audit_draws_new_cells_every_day_without_replacement(now):
    plan = RandomAudit(share=1.0, cells=3).adjust(all_in_one_cell(now), now)
    assert ((plan > 0).sum(axis=2) == 3).all()
    assert len({tuple(np.flatnonzero(day)) for day in plan[0]}) > 1


def test_auditing_every_cell_is_a_floor_by_area(now):
    audit = RandomAudit(share=0.3, cells=18).adjust(all_in_one_cell(now), now)
    floor = CoverageFloor(share=0.3, by="area").adjust(all_in_one_cell(now), now)
    np.testing.assert_allclose(audit, floor)


def test_a_ban_falls_on_its_day_between_two_refits(now):
    people = now.grid.layers["residents"]
    plan = Ban(from_day=3).adjust(all_in_one_cell(now), now)
    assert (plan[:, :3, 0] == now.budget).all()
    np.testing.assert_allclose(plan[:, 3:], np.broadcast_to(now.budget * people / people.sum(), (2, 4, 20)))


def test_a_ban_past_the_turn_changes_nothing(now):
    before = all_in_one_cell(now)
    assert Ban(from_day=7).adjust(before, now) is before


@dataclass(frozen=True)
class Everything:
    """Any stage: believes in one cell, sends all patrol there, and nothing happens."""

    cell: int = 0

    def __call__(self, *given):
        if len(given) == 3:
            return None
        thing, now = given
        if not isinstance(thing, np.ndarray):
            return np.eye(now.grid.n)[[self.cell, self.cell]]
        return np.broadcast_to(now.budget * thing[:, None, :], (2, now.days, now.grid.n))

    def page_capacity(self, days):
        return 1


def same(evidence, now):
    return evidence


def a_loop(grid, ledger, now, **more):
    parts = dict(remedy=same, predictor=Everything(0), allocator=Everything(), world=Everything())
    parts |= dict(weights=np.ones(10), budget=4.0, refit_days=7, dice=now.dice)
    return Loop(grid=grid, ledger=ledger, **parts | more)


@pytest.mark.parametrize("feedback", [True, False])
def test_a_reform_takes_effect_at_the_first_refit_on_or_after_its_day(
    make_grid, make_ledger, make_now, feedback
):
    grid = make_grid(2, 3)
    ledger = make_ledger(grid)
    changes = (Change(from_day=8, parts={"predictor": Everything(5), "budget": 6.0}),)
    loop = a_loop(grid, ledger, make_now(grid, ledger), changes=changes, feedback=feedback)
    plans = [turn.plan[0, 0].copy() for turn in loop.run(28)]
    assert [int(p.argmax()) for p in plans] == [0, 0, 5, 5]
    assert [p.sum() for p in plans] == [4.0, 4.0, 6.0, 6.0]


def test_the_loop_carries_out_the_plan_that_the_remedy_changed(make_grid, make_ledger, make_now):
    grid = make_grid(2, 3)
    ledger = make_ledger(grid)
    loop = a_loop(grid, ledger, make_now(grid, ledger), remedy=Banned(from_day=10))
    plans = np.concatenate([turn.plan[0].copy() for turn in loop.run(14)])
    people = grid.layers["residents"]
    assert (plans[:10, 0] == 4.0).all()
    np.testing.assert_allclose(plans[10:], np.tile(4.0 * people / people.sum(), (4, 1)))


class Banned(Ban):
    """A ban, in a module that is no room of the package."""

    def __post_init__(self):
        pass


@pytest.mark.parametrize(
    "changes, said",
    [
        ("prediction=kde", "must be a list of overrides"),
        (["city.rows=5"], "got city.rows=5"),
        (["prediction"], "got prediction"),
    ],
)
def test_a_switch_refuses_what_cannot_change_on_a_day(changes, said):
    with pytest.raises(Refused, match=said):
        Switch(from_day=3, changes=changes)
