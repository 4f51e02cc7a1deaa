"""Stencils: a small pattern of weights laid on every cell, corrected at the edge of the city.

Weights are kept unnormalised, as published; dividing by the weight that falls inside the
city makes a uniform input a uniform output, so that the border attracts no patrol.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

DUST = 2.0**-40  # differences smaller than this share of the largest risk are rounding, not risk


class Stencil(NamedTuple):
    """Weights by offset: `down` and `right` in cells (int), `weight` >= 0."""

    down: np.ndarray
    right: np.ndarray
    weight: np.ndarray

    @classmethod
    def of(cls, reach: int, law) -> Stencil:
        """The offsets within `reach` cells where law(down, right) > 0."""
        span = np.arange(-reach, reach + 1)
        down, right = (a.ravel() for a in np.meshgrid(span, span, indexing="ij"))
        weight = np.asarray(law(down, right), dtype=np.float64)
        kept = weight > 0
        return cls(down[kept], right[kept], weight[kept])

    @classmethod
    def quartic(cls, reach_m: float, cell_m: float) -> Stencil:
        """(1 - (d/h)^2)^2 up to h = reach_m."""

        def law(down, right):
            x = np.hypot(down, right) * cell_m / reach_m
            return np.where(x <= 1, (1 - x**2) ** 2, 0.0)

        return cls.of(int(reach_m // cell_m), law)

    def laid_on(self, planes: np.ndarray, grid) -> np.ndarray:
        """(R, n) sum of the planes ((R, n)) under the stencil; nothing outside the grid."""
        out = np.zeros(planes.shape)
        lay(np.ascontiguousarray(planes, np.float64), grid.rows, grid.cols, *self, out)
        return out

    def mean(self, planes: np.ndarray, grid, notes: dict) -> np.ndarray:
        """(R, n) weighted mean of the planes over the cells inside the city; 0 outside it."""
        key = "stencil", self.weight.tobytes(), self.down.tobytes()
        return _mean(lambda planes: self.laid_on(planes, grid), planes, grid, notes, key)


def gaussian_mean(planes: np.ndarray, sigma_m: float, grid, notes: dict) -> np.ndarray:
    """(R, n) mean of the planes under a Gaussian up to 4 sigma each way, inside the city; 0 outside it."""
    sigma = sigma_m / grid.cell_m
    span = np.arange(-int(4 * sigma + 0.5), int(4 * sigma + 0.5) + 1)
    weight = np.exp(-0.5 * span**2 / sigma**2)
    down, across = Stencil(span, 0 * span, weight), Stencil(0 * span, span, weight)
    key = "gaussian", sigma_m
    return _mean(lambda planes: across.laid_on(down.laid_on(planes, grid), grid), planes, grid, notes, key)


def _mean(total, planes: np.ndarray, grid, notes: dict, key) -> np.ndarray:
    """What `total` sums up, over what it sums up of the city."""
    if key not in notes:
        inside = grid.inside.astype(np.float64)
        notes[key] = inside, total(inside[None])[0]
    return settled(total(planes), *notes[key])


def settled(total: np.ndarray, inside: np.ndarray, covered: np.ndarray) -> np.ndarray:
    """(R, n) total / covered inside the city, 0 outside; rounding dust is swept up in place."""
    settle(total, inside, np.where(inside > 0, covered, 1.0))
    return total


@njit(cache=True, nogil=True)
def lay(planes, rows, cols, down, right, weight, out):
    """Add each plane, moved by each offset and times its weight."""
    for r in range(planes.shape[0]):
        for t in range(weight.size):
            first, last = max(0, -down[t]), min(rows, rows - down[t])
            left, stop = max(0, -right[t]), min(cols, cols - right[t])
            w = weight[t]
            if stop <= left:
                continue
            for row in range(first, last):
                to, of = row * cols, (row + down[t]) * cols + right[t]
                target, source = out[r, to + left : to + stop], planes[r, of + left : of + stop]
                for col in range(target.size):
                    target[col] += w * source[col]


@njit(cache=True, nogil=True)
def settle(total, inside, covered):
    """Divide by what is covered and round to DUST of the row's largest, so that ties are ties."""
    for r in range(total.shape[0]):
        largest = 0.0
        for i in range(total.shape[1]):
            total[r, i] = max(0.0, total[r, i]) * inside[i] / covered[i]
            largest = max(largest, total[r, i])
        if largest > 0.0:
            step = DUST * 2.0 ** math.frexp(largest)[1]  # a power of two: rounding adds no dust
            for i in range(total.shape[1]):
                total[r, i] = np.rint(total[r, i] / step) * step
