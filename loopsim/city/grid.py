"""The public map: square cells and what anyone may look up about them.

Cells are flat and row-major: cell = row * cols + col, row 0 in the north. Nothing here
is the truth about offending; predictors and allocators may read all of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np


@dataclass(frozen=True, kw_only=True, eq=False)
class Grid:
    """Geometry and public layers of a city.

    Parameters
    ----------
    rows, cols : int
    cell_m : float, metres, side of a square cell
    inside : (n,) bool, cells that belong to the city (outside cells hold nobody)
    layers : name -> (n,) float, public statistics: always `residents` (people) and
        `deprivation` (0 least .. 1 most); `share:GROUP` for each group
    points : name -> (m, 2) float, metres east and south of the north-west corner; venues
    district : (n,) int, index into `districts`; -1 outside
    districts : names of areas
    kept : what stages have worked out from the map alone, for every run on it; never changed again
    """

    rows: int
    cols: int
    cell_m: float
    inside: np.ndarray
    layers: Mapping[str, np.ndarray] = field(default_factory=dict)
    points: Mapping[str, np.ndarray] = field(default_factory=dict)
    district: np.ndarray
    districts: tuple[str, ...]
    kept: dict = field(default_factory=dict, init=False, repr=False)

    @property
    def n(self) -> int:
        """Number of cells."""
        return self.rows * self.cols

    @cached_property
    def n_inside(self) -> int:
        """Number of cells inside the city."""
        return int(np.count_nonzero(self.inside))

    def cells_of(self, points: np.ndarray) -> np.ndarray:
        """Cell of each point ((m, 2) metres east, south); -1 outside the grid."""
        col = np.floor(points[:, 0] / self.cell_m).astype(np.int64)
        row = np.floor(points[:, 1] / self.cell_m).astype(np.int64)
        fits = (row >= 0) & (row < self.rows) & (col >= 0) & (col < self.cols)
        return np.where(fits, row * self.cols + col, -1)

    def centres(self) -> np.ndarray:
        """(n, 2) metres east and south of the north-west corner, cell centres."""
        row, col = np.divmod(np.arange(self.n), self.cols)
        return np.column_stack([(col + 0.5) * self.cell_m, (row + 0.5) * self.cell_m])
