"""Stencils: a small pattern of weights laid on every cell, corrected at the edge of the city.

Weights are kept unnormalised, as published; dividing by the weight that falls inside the
city makes a uniform input a uniform output, so that the border attracts no patrol.
"""

from __future__ import annotations

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
    def gaussian(cls, sigma_m: float, cell_m: float) -> Stencil:
        """exp(-d^2 / 2 sigma^2) up to 4 sigma each way, at the distances between cell centres."""
        sigma = sigma_m / cell_m
        return cls.of(int(4 * sigma + 0.5), lambda a, b: np.exp(-0.5 * (a**2 + b**2) / sigma**2))

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
        if key not in notes:
            inside = grid.inside.astype(np.float64)
            notes[key] = inside, self.laid_on(inside[None], grid)[0]
        return settled(self.laid_on(planes, grid), *notes[key])


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
            for row in range(first, last):
                to = row * cols
                source = planes[r, to + down[t] * cols : to + down[t] * cols + cols]
                for col in range(left, stop):
                    out[r, to + col] += w * source[col + right[t]]


@njit(cache=True, nogil=True)
def settle(total, inside, covered):
    """Divide by what is covered and round to DUST of the row's largest, so that ties are ties."""
    for r in range(total.shape[0]):
        largest = 0.0
        for i in range(total.shape[1]):
            total[r, i] = max(0.0, total[r, i]) * inside[i] / covered[i]
            largest = max(largest, total[r, i])
        step = largest * DUST
        if step > 0.0:
            for i in range(total.shape[1]):
                total[r, i] = np.rint(total[r, i] / step) * step
