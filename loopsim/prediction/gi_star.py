"""Getis-Ord Gi*: cells whose surroundings hold more records than chance would give."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from loopsim.limits import number, validate

FLAT = 2.0**-40  # a variance smaller than this share of the mean square is rounding


@dataclass(frozen=True, kw_only=True)
class GiStar:
    """The z score of the records in a square window, itself included; negative scores are 0.

    Who: ArcGIS "Hot Spot Analysis" and every analyst who uses it. Binary weights including the cell itself:
    Gi* = (sum_W x - xbar n_w) / (S sqrt((N n_w - n_w^2) / (N - 1))), S^2 = mean x^2 - xbar^2,
    over the N cells inside the city. The risk is the score where it is at least `least_z`
    and 0 elsewhere, a design of this project: a rank, not a rate. S is that of the whole city.

    Parameters
    ----------
    window_days : int, days of records that are mapped
    reach_cells : int, half-side of the window; 1 = the cell and its eight neighbours
    least_z : float, scores below it are 0 (1.645, 1.960, 2.576: 90, 95, 99 %)

    **Special cases**
    Equal to `esda.G_Local(star=True, transform="B").Zs` on a full rectangle.
    All cells equal, or no records, or one cell: no variance, zero everywhere.
    A window that covers the whole city has score zero.

    **Feedback**
    Patrol raises the counts where it goes and the whole city's spread with them, so a hotspot
    is confirmed by its own patrols but must outrun the others. Discoveries, searches, stops
    and intelligence close the loop; victim reports alone leave it open.

    References
    ----------
    Getis & Ord (1992); Ord & Getis (1995), Local spatial autocorrelation statistics, eq. 14.
    """

    window_days: int = number(at_least=1, unit="days")
    reach_cells: int = number(at_least=0, at_most=64, unit="cells")
    least_z: float = number(at_least=0, unit="standard deviations")

    def __post_init__(self):
        validate(self)

    @property
    def memory_days(self) -> int:
        """Days of records it looks back on."""
        return self.window_days

    def __call__(self, evidence, now) -> np.ndarray:
        """risk, (R, n) z score, at least 0."""
        z = scores(evidence.counts(self.window_days), now.grid, self.reach_cells)
        return np.where(z >= self.least_z, np.maximum(z, 0.0), 0.0)


def scores(counts: np.ndarray, grid, reach: int) -> np.ndarray:
    """(R, n) Gi* of each cell; 0 outside the city and where there is no variance."""
    inside = grid.inside.astype(np.float64)
    x = counts * inside
    cells = inside.sum()
    mean = x.sum(axis=1, keepdims=True) / cells
    square = (x * x).sum(axis=1, keepdims=True) / cells
    held = box_sums(x, grid.rows, grid.cols, reach)
    window = box_sums(inside[None], grid.rows, grid.cols, reach)
    variance = np.where(square - mean**2 > FLAT * square, square - mean**2, 0.0)
    width = np.sqrt(variance * np.maximum(cells * window - window**2, 0.0) / max(cells - 1.0, 1.0))
    z = np.divide(held - mean * window, width, out=np.zeros(x.shape), where=width > 0)
    return z * inside


def box_sums(planes: np.ndarray, rows: int, cols: int, reach: int) -> np.ndarray:
    """(R, n) sum over the square of half-side `reach` around each cell."""
    out = np.empty(planes.shape)
    box(planes, rows, cols, reach, np.zeros((rows + 1, cols + 1)), out)
    return out


@njit(cache=True, nogil=True)
def box(planes, rows, cols, reach, summed, out):
    """Box sums by integral image; counts are multiples of 2^-10, so the sums are exact."""
    for r in range(planes.shape[0]):
        for row in range(rows):
            run = 0.0
            for col in range(cols):
                run += planes[r, row * cols + col]
                summed[row + 1, col + 1] = summed[row, col + 1] + run
        for row in range(rows):
            top, foot = summed[max(0, row - reach)], summed[min(rows, row + reach + 1)]
            for col in range(cols):
                west, east = max(0, col - reach), min(cols, col + reach + 1)
                out[r, row * cols + col] = (foot[east] - foot[west]) - (top[east] - top[west])
