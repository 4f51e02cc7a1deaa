"""The blur of the KDE against scipy.ndimage, on shapes that fill no whole cache line or block of rows."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from loopsim.prediction.gaussian import blur, taps, workroom


def blurred(planes, rows, cols, sigma, factor, out):
    w = taps(sigma)
    blur(planes, w, rows, cols, factor, workroom(w, rows, cols), out)
    return out


@pytest.mark.parametrize(("rows", "cols"), [(1, 1), (5, 3), (26, 8), (49, 37), (7, 61)])
@pytest.mark.parametrize("sigma", [0.1, 0.6, 1.0, 1.5, 1.9, 4.2])
def test_the_blur_is_scipys_filter_times_the_factor_in_place_too(rows, cols, sigma):
    rng = np.random.default_rng(rows)
    planes, factor = rng.random((3, rows * cols)), rng.random(rows * cols)
    want = [gaussian_filter(p.reshape(rows, cols), sigma, mode="constant").ravel() * factor for p in planes]
    for out in np.empty_like(planes), planes:
        np.testing.assert_allclose(
            blurred(planes, rows, cols, sigma, factor, out), want, rtol=1e-10, atol=1e-14
        )


def test_a_replicate_and_a_mirrored_city_are_blurred_to_the_same_bits():
    planes, factor = np.random.default_rng(1).random((2, 23 * 41)), np.ones(23 * 41)
    both = blurred(planes, 23, 41, 1.5, factor, np.empty_like(planes))
    one = blurred(planes[1:], 23, 41, 1.5, factor, np.empty_like(planes[1:]))
    mirrored = blurred(planes[:, ::-1].copy(), 23, 41, 1.5, factor, np.empty_like(planes))
    np.testing.assert_array_equal(both[1], one[0])
    np.testing.assert_array_equal(both, mirrored[:, ::-1])


def test_scratch_that_was_used_before_changes_nothing():
    planes, factor, w = np.random.default_rng(2).random((1, 30 * 21)), np.ones(30 * 21), taps(1.5)
    room, first, again = workroom(w, 30, 21), np.empty_like(planes), np.empty_like(planes)
    blur(planes, w, 30, 21, factor, room, first)
    blur(planes, w, 30, 21, factor, room, again)
    np.testing.assert_array_equal(first, again)
