"""ProMap against its formula written out, and against scipy."""

import numpy as np
import pytest
from scipy import ndimage

from loopsim.prediction.promap import Promap

DISTANCE = {
    "chebyshev": lambda a, b: np.maximum(abs(a), abs(b)),
    "manhattan": lambda a, b: abs(a) + abs(b),
    "euclid": np.hypot,
}


def spans(grid):
    """(n, n) rows and columns between every two cells."""
    row, col = np.divmod(np.arange(grid.n), grid.cols)
    return row[:, None] - row, col[:, None] - col


@pytest.mark.parametrize("variant", ["2004", "2007", "max"])
@pytest.mark.parametrize("distance", DISTANCE)
def test_promap_is_the_sum_over_records_written_out(make_grid, make_ledger, make_now, distance, variant):
    grid = make_grid(12, 14)
    ledger = make_ledger(grid, days=70, rate=0.05)
    now = make_now(grid, ledger)
    model = Promap(reach_cells=4, weeks=6, distance=distance, variant=variant)
    risk = model(now.evidence, now)
    d = DISTANCE[distance](*spans(grid))
    for r in range(2):
        found = now.evidence.events(r, 42)
        tau = (-found["day"] - 1) // 7
        space = np.where(d < 4, 1 + 1 / (1 + d) if variant == "2007" else 1 / (1 + d), 0.0)
        fade = (lambda t: 1 / np.maximum(1, t)) if variant == "2007" else (lambda t: 1 / (1.0 + t))
        each = space[:, found["cell"]] * fade(tau)
        if variant == "max":
            assert np.allclose(risk[r], each.max(axis=1), rtol=1e-12)
        else:  # the published sum over what of the pattern lies inside the city, as a rate
            golden = each.sum(axis=1) / space.sum(axis=1) / (7 * fade(np.arange(6)).sum())
            assert np.allclose(risk[r], golden, rtol=1e-10)


@pytest.mark.parametrize("distance", DISTANCE)
def test_promap_is_a_scipy_convolution(make_grid, distance):
    grid = make_grid(30, 25)
    planes = np.random.default_rng(1).poisson(0.4, (2, grid.n)) * 840.0
    model = Promap(reach_cells=8, weeks=8, distance=distance, variant="2004")
    span = np.arange(-7, 8)
    d = DISTANCE[distance](span[:, None], span)
    kernel = np.where(d < 8, 1 / (1.0 + d), 0)
    for plane, ours in zip(planes, model.spread(planes, grid), strict=True):
        theirs = ndimage.convolve(plane.reshape(30, 25), kernel, mode="constant")
        assert np.allclose(ours, theirs.ravel(), rtol=1e-12)
