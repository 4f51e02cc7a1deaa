"""Stencils: the slow sum, the border and ties."""

import numpy as np
import pytest
from scipy import ndimage

from loopsim.prediction.stencil import Stencil, gaussian_mean


@pytest.mark.parametrize("sigma_m", [20.0, 150.0, 400.0])
def test_the_gaussian_mean_is_scipys_filter_over_what_lies_inside(make_grid, sigma_m):
    grid = make_grid(14, 17, outside=9)
    planes = np.random.default_rng(1).poisson(1.0, (2, grid.n)) * grid.inside * 1.0
    ours = gaussian_mean(planes, sigma_m, grid, {})

    def blur(plane):
        square = plane.reshape(14, 17).astype(float)
        return ndimage.gaussian_filter(square, sigma_m / 150, mode="constant", truncate=4).ravel()

    for plane, mean in zip(planes, ours, strict=True):
        inside = grid.inside
        assert np.allclose(mean[inside], blur(plane)[inside] / blur(inside)[inside], rtol=1e-10, atol=1e-11)
        assert np.all(mean[~inside] == 0)


def test_a_lopsided_stencil_reads_from_the_side_it_names(make_grid):
    grid = make_grid(3, 4)
    plane = np.arange(12.0)[None]
    below = Stencil(np.array([1]), np.array([0]), np.array([2.0])).laid_on(plane, grid)
    assert np.array_equal(below.reshape(3, 4), [[8, 10, 12, 14], [16, 18, 20, 22], [0, 0, 0, 0]])
    west = Stencil(np.array([0]), np.array([-1]), np.array([1.0])).laid_on(plane, grid)
    assert np.array_equal(west.reshape(3, 4), [[0, 0, 1, 2], [0, 4, 5, 6], [0, 8, 9, 10]])


def test_mirrored_cities_give_mirrored_risk_to_the_last_bit(make_grid):
    grid = make_grid(9, 11)
    plane = np.random.default_rng(2).random((1, 99))
    mirrored = plane.reshape(9, 11)[::-1, ::-1].reshape(1, 99)
    one, other = gaussian_mean(plane, 200.0, grid, {}), gaussian_mean(mirrored, 200.0, grid, {})
    assert np.array_equal(one, other.reshape(9, 11)[::-1, ::-1].reshape(1, 99))


def test_a_reach_beyond_the_city_is_harmless(make_grid):
    grid = make_grid(2, 3)
    assert np.allclose(gaussian_mean(np.ones((1, 6)), 5000.0, grid, {}), 1.0, rtol=1e-15)
