"""Short visits, as even as can be, in random order."""

from __future__ import annotations

import numpy as np
import pytest

from loopsim.allocation.koper import Koper

SET = dict(visit_min=15.0, officers=1, least=1)


@pytest.fixture
def risk():
    return np.tile(np.arange(20.0), (2, 1))


def test_the_visits_of_two_cells_differ_by_at_most_one(make_grid, make_now, risk):
    now = make_now(make_grid(4, 5), days=5, budget=4.0)  # 16 visits to 5 cells
    plan = Koper(budget=4.0, k=5, **SET)(risk, now)
    visits = np.round(plan[:, :, 15:] / 0.25)
    assert visits.sum(axis=2).tolist() == [[16] * 5] * 2
    assert set(np.unique(visits)) == {3, 4}
    assert len({tuple(day) for day in visits[0]}) > 1  # who gets the odd visit changes


def test_every_round_visits_every_cell_once_in_an_order_of_its_own(make_grid, make_now):
    now = make_now(make_grid(4, 5), budget=5.0)
    order = Koper(budget=5.0, k=5, **SET).order(np.tile(np.arange(5), (2, 1)), 3, now)
    rounds = order.reshape(2, 4, 5)
    assert (np.sort(rounds, axis=2) == np.arange(5)).all()
    assert len({tuple(r) for r in rounds.reshape(-1, 5)}) > 1


def test_a_budget_that_does_not_reach_is_spent_on_fewer_cells(make_grid, make_now, risk):
    now = make_now(make_grid(4, 5), days=1, budget=1.0)  # 4 visits
    plan = Koper(budget=1.0, k=5, **SET | {"least": 2})(risk, now)
    assert (plan[0, 0] > 0).sum() == 2 and plan[0, 0, 18] == plan[0, 0, 19] == 0.5


def test_less_than_one_visit_is_one_visit_as_long_as_the_budget_lasts(make_grid, make_now, risk):
    now = make_now(make_grid(4, 5), days=1, budget=0.1)
    assert Koper(budget=0.1, k=5, **SET)(risk, now)[0, 0, 19] == pytest.approx(0.1)


def test_a_visit_takes_the_time_of_every_officer_on_it(make_grid, make_now, risk):
    """4 officer-hours are 16 visits of 15 minutes by one officer, 8 by two."""
    now = make_now(make_grid(4, 5), days=1, budget=4.0)
    assert Koper(budget=4.0, k=5, **SET).visits_a_day(now) == 16
    pairs = Koper(budget=4.0, k=5, **SET | {"officers": 2})
    assert pairs.visits_a_day(now) == 8
    assert set(np.unique(pairs(risk, now))) == {0.0, 0.5, 1.0}  # none, one or two visits of 2 x 15 minutes
