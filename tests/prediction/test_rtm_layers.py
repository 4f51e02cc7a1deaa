"""Layers of a risk terrain: bands, candidates, and which cells are near a feature or dense with it."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import a_grid

from loopsim.prediction.risk_terrain.layers import Points, Recorded, bands, candidates, layer, spread


def test_half_and_whole_blocks():
    assert bands(300.0, 2, "half") == (150.0, 300.0, 450.0, 600.0)
    assert bands(300.0, 2, "whole") == (300.0, 600.0)


def test_the_number_of_candidates_is_that_of_rtmdx():
    """Leeds 2014: Both x 3 whole + proximity x 3 whole = 9; 14 Both and 1 proximity, 6 bands = 174."""
    whole, half = bands(500.0, 3, "whole"), bands(500.0, 3, "half")
    assert len(candidates("a", "both", whole) + candidates("b", "proximity", whole)) == 9
    assert 14 * len(candidates("a", "both", half)) + len(candidates("b", "proximity", half)) == 174


def test_a_cell_is_near_when_its_centre_is_within_reach():
    grid = a_grid(1, 5, cell_m=100.0)
    bar = Points(grid, np.array([[250.0, 50.0]]))
    assert layer(bar, grid, "proximity", 100.0, 2.0).tolist() == [False, True, True, True, False]
    assert layer(bar, grid, "proximity", 99.0, 2.0).tolist() == [False, False, True, False, False]
    found = Recorded(grid, np.array([0, 0, 7, 0, 0]))
    assert layer(found, grid, "proximity", 100.0, 2.0).tolist() == [False, True, True, True, False]


def test_dense_is_two_deviations_above_the_mean():
    """Densities 1 in one cell of 25 and 0 elsewhere: mean .04, SD .196, limit .432."""
    grid = a_grid(5, 5, cell_m=100.0)
    one = Recorded(grid, np.eye(1, 25, 12)[0].astype(int))
    assert np.flatnonzero(layer(one, grid, "density", 100.0, 2.0)).tolist() == [12]
    assert not layer(Recorded(grid, np.ones(25, int)), grid, "density", 50.0, 2.0).any()


def test_the_deviations_above_the_mean_are_a_setting():
    """Densities 10 and 4 in two cells of 25: mean .56, SD 2.08, so 4 is above one deviation and below two."""
    grid = a_grid(5, 5, cell_m=100.0)
    counts = np.zeros(25)
    counts[[3, 21]] = 10, 4
    two = Recorded(grid, counts)
    assert np.flatnonzero(layer(two, grid, "density", 100.0, 2.0)).tolist() == [3]
    assert np.flatnonzero(layer(two, grid, "density", 100.0, 1.0)).tolist() == [3, 21]


@pytest.mark.parametrize("reach_m", [300.0, 450.0, 600.0])
def test_a_border_is_as_dense_as_the_middle_where_all_is_alike(reach_m):
    grid = a_grid(8, 10, outside=6)
    density = Recorded(grid, 3 * grid.inside).density(reach_m)[grid.inside]
    assert np.ptp(density) < 1e-12
    assert not layer(Recorded(grid, 3 * grid.inside), grid, "density", reach_m, 0.5).any()


def test_a_venue_in_the_corner_is_as_dense_as_one_in_the_middle_for_the_part_that_lies_inside():
    grid = a_grid(9, 9, cell_m=100.0)
    corner, middle = (Points(grid, grid.centres()[[cell]]).density(300.0) for cell in (0, 40))
    assert middle[40] < corner[0] < 4 * middle[40]
    assert corner[0] == pytest.approx(1 / spread(np.ones(81), grid, 300.0)[0])
