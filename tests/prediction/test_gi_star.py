"""Gi*: where the surroundings hold more than chance."""

import numpy as np
import pytest
from valve import closed_and_opened

from loopsim.prediction.gi_star import GiStar


def gi_star(**other):
    return GiStar(**{"window_days": 60, "reach_cells": 1, "least_z": 0.0} | other)


def test_a_lone_hotspot_scores_where_its_window_reaches_and_nowhere_else(make_grid, make_ledger, make_now):
    grid = make_grid(9, 9)
    counts = np.zeros((2, 81), int)
    counts[:, 40] = 1
    now = make_now(grid, make_ledger(grid, counts=counts))
    risk = gi_star()(now.evidence, now)[0].reshape(9, 9)
    # x = 60 in 1 of 81 cells: mean 60/81, S = 60 sqrt(80)/81, window of 9
    expected = (60 - 9 * 60 / 81) / (60 * np.sqrt(80) / 81 * np.sqrt((81 * 9 - 81) / 80))
    assert risk[4, 4] == risk[3, 5] == pytest.approx(expected)
    assert risk[2, 2] == 0


def test_the_least_z_silences_weak_scores_only(make_grid, make_ledger, make_now):
    grid = make_grid(9, 9)
    now = make_now(grid, make_ledger(grid))
    every, strong = gi_star()(now.evidence, now), gi_star(least_z=1.645)(now.evidence, now)
    assert 0 < (strong > 0).sum() < (every > 0).sum()
    assert np.all(strong == np.where(every >= 1.645, every, 0))


@pytest.mark.parametrize(("shape", "each"), [((5, 6), 1), ((5, 6), 0), ((1, 1), 2)])
def test_without_variance_the_score_is_zero(make_grid, make_ledger, make_now, shape, each):
    grid = make_grid(*shape)
    now = make_now(grid, make_ledger(grid, counts=np.full((2, grid.n), each)))
    assert np.all(gi_star()(now.evidence, now) == 0)


def test_a_window_over_the_whole_city_scores_zero(make_grid, make_ledger, make_now):
    grid = make_grid(4, 4)
    now = make_now(grid, make_ledger(grid))
    assert np.all(gi_star(reach_cells=4)(now.evidence, now) == 0)


def test_cells_outside_the_city_do_not_count_as_quiet_ones(make_grid, make_ledger, make_now):
    grid = make_grid(6, 6, outside=6)  # the last column is outside: the same city as 6 x 5
    counts = np.random.default_rng(5).integers(0, 4, (2, 36)) * grid.inside
    now = make_now(grid, make_ledger(grid, counts=counts))
    small = make_grid(6, 5)
    inner = make_now(small, make_ledger(small, counts=counts[:, grid.inside]))
    assert np.allclose(gi_star()(now.evidence, now)[:, grid.inside], gi_star()(inner.evidence, inner))


def test_records_made_by_patrol_move_the_map_and_reports_alone_open_the_loop():
    closed, opened = closed_and_opened(gi_star())
    assert closed > 0
    assert opened == 0
