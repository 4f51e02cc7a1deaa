"""LASER zones: contiguous, heaviest first."""

import numpy as np
import pytest
from scipy import ndimage
from valve import closed_and_opened

from loopsim.prediction.laser import Laser


def laser(**other):
    return Laser(**{"window_days": 60, "sigma_m": 100.0, "quantile": 0.8, "zones": 2} | other)


def test_the_two_heaviest_patches_stay_and_the_third_goes(make_grid, make_ledger, make_now):
    grid = make_grid(9, 9)
    counts = np.zeros((2, 81), int)
    counts[:, 10], counts[:, 16], counts[:, 64] = 5, 4, 3
    now = make_now(grid, make_ledger(grid, counts=counts))
    risk = laser(quantile=0.9)(now.evidence, now)
    assert np.all(risk[:, [10, 16]] > 0)
    assert np.all(risk[:, 64] == 0)


def test_there_are_at_most_as_many_patches_as_zones(make_grid, make_ledger, make_now):
    grid = make_grid(14, 14, outside=5)
    now = make_now(grid, make_ledger(grid))
    for row in laser()(now.evidence, now):
        assert ndimage.label(row.reshape(14, 14) > 0, structure=np.ones((3, 3)))[1] == 2
    every = laser(quantile=0.0)(now.evidence, now)
    assert np.all(every[:, grid.inside] > 0)


@pytest.mark.parametrize(("shape", "each"), [((6, 7), 1), ((6, 7), 0), ((1, 1), 3)])
def test_a_uniform_city_is_one_zone(make_grid, make_ledger, make_now, shape, each):
    grid = make_grid(*shape)
    now = make_now(grid, make_ledger(grid, counts=np.full((2, grid.n), each)))
    assert np.all(laser()(now.evidence, now) == each)


def test_patches_of_equal_weight_all_stay(make_grid, make_ledger, make_now):
    grid = make_grid(9, 9)
    counts = np.zeros((2, 81), int)
    counts[:, [10, 16, 64, 70]] = 1
    now = make_now(grid, make_ledger(grid, counts=counts))
    assert np.all(laser(quantile=0.9)(now.evidence, now)[:, [10, 16, 64, 70]] > 0)


def test_arrests_and_stops_move_the_zones_and_calls_alone_open_the_loop():
    closed, opened = closed_and_opened(laser())
    assert closed > 0
    assert opened == 0


def test_cells_that_touch_at_a_corner_are_one_patch(make_grid, make_ledger, make_now):
    """Two of 3 across a corner outweigh a lone 5."""
    grid = make_grid(9, 9)
    counts = np.zeros((2, 81), int)
    counts[:, [10, 20]], counts[:, 64] = 3, 5
    now = make_now(grid, make_ledger(grid, counts=counts))
    risk = laser(sigma_m=30.0, quantile=0.97, zones=1)(now.evidence, now)
    assert np.flatnonzero(risk[0]).tolist() == [10, 20]
