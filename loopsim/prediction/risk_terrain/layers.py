"""Layers: binary maps of nearness to a risk factor, or of its density.

Caplan & Kennedy's RTMDx turns each factor into one binary raster per distance band:
X = 1 where the nearest feature is within d (proximity), or where a kernel density of
bandwidth d is at least mean + k SD over the study area (density). The kernel and k = 2
are from memory of the manual: the quartic kernel, divided by what of it lies inside the city, is
a design choice here, k a parameter.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from loopsim.city.grid import Grid

SNAP_M = 1e-6  # a feature at exactly the reach counts as reached, whatever the rounding


class Variable(NamedTuple):
    """One candidate map: a factor, how it is measured, and how far it reaches in metres."""

    factor: str
    how: str
    reach_m: float


def bands(block_m: float, blocks: int, increment: str) -> tuple[float, ...]:
    """Distances to try: every whole block, or every half block, up to `blocks` blocks."""
    steps = blocks if increment == "whole" else 2 * blocks
    return tuple(block_m * blocks * (j + 1) / steps for j in range(steps))


def candidates(factor: str, measure: str, reaches) -> list[Variable]:
    """The variables of one factor; `measure` is proximity, density or both."""
    ways = ("proximity", "density") if measure == "both" else (measure,)
    return [Variable(factor, how, reach) for how in ways for reach in reaches]


def layer(feature, grid: Grid, how: str, reach_m: float, density_sd: float) -> np.ndarray:
    """(n,) bool map of one variable; False outside the city."""
    if how == "proximity":
        return grid.inside & (feature.distance() <= reach_m + SNAP_M)
    return dense(feature.density(reach_m), grid.inside, density_sd)


def dense(density: np.ndarray, inside: np.ndarray, density_sd: float) -> np.ndarray:
    """(n,) bool: at least mean + `density_sd` SD over the city; a flat map is nowhere dense."""
    here = density[inside]
    if here.size == 0 or np.ptp(here) <= 1e-9 * abs(here).max():
        return np.zeros(inside.size, bool)
    limit = here.mean() + density_sd * here.std()
    return inside & (density >= limit - 1e-9 * abs(limit))


class Points:
    """Features at exact places: venues."""

    def __init__(self, grid: Grid, points: np.ndarray):
        from scipy.spatial import cKDTree

        self.grid, self.points = grid, np.asarray(points, float).reshape(-1, 2)
        self.cells, self.tree = cKDTree(grid.centres()), cKDTree(self.points)

    def distance(self) -> np.ndarray:
        """(n,) metres from each cell's centre to the nearest feature; inf without features."""
        if len(self.points) == 0:
            return np.full(self.grid.n, np.inf)
        return self.tree.query(self.grid.centres())[0]

    def density(self, reach_m: float) -> np.ndarray:
        """(n,) quartic kernel density of bandwidth `reach_m` at the cell centres, see `covered`."""
        if len(self.points) == 0:
            return np.zeros(self.grid.n)
        pairs = self.cells.sparse_distance_matrix(self.tree, reach_m, output_type="ndarray")
        found = np.bincount(pairs["i"], quartic(pairs["v"] / reach_m), self.grid.n)
        return found / covered(self.grid, reach_m)


class Recorded:
    """Features known only by their cell: records, placed at the cell's centre."""

    def __init__(self, grid: Grid, counts: np.ndarray):
        self.grid, self.counts = grid, counts

    def distance(self) -> np.ndarray:
        """(n,) metres to the centre of the nearest cell with a record; inf without records."""
        from scipy.ndimage import distance_transform_edt

        found = self.counts > 0
        if not found.any():
            return np.full(self.grid.n, np.inf)
        raster = found.reshape(self.grid.rows, self.grid.cols)
        return self.grid.cell_m * distance_transform_edt(~raster).ravel()

    def density(self, reach_m: float) -> np.ndarray:
        """(n,) quartic kernel density of bandwidth `reach_m` at the cell centres, see `covered`."""
        return spread(self.counts, self.grid, reach_m) / covered(self.grid, reach_m)


def spread(counts: np.ndarray, grid: Grid, reach_m: float) -> np.ndarray:
    """(n,) sum of counts at cell centres under an unnormalised quartic kernel."""
    from scipy.ndimage import convolve

    span = int(reach_m / grid.cell_m)
    offsets = np.arange(-span, span + 1) * grid.cell_m
    kernel = quartic(np.hypot(*np.meshgrid(offsets, offsets)) / reach_m)
    raster = np.reshape(counts, (grid.rows, grid.cols)).astype(float)
    return convolve(raster, kernel, mode="constant").ravel()


def covered(grid: Grid, reach_m: float) -> np.ndarray:
    """(n,) what of the kernel around each cell lies inside the city; 1 outside; kept with the map.

    A density is divided by it: otherwise the border would be dense less often, whatever is there.
    """
    key = "risk terrain covered", reach_m
    if key not in grid.kept:
        grid.kept[key] = np.where(grid.inside, spread(grid.inside, grid, reach_m), 1.0)
    return grid.kept[key]


def quartic(u: np.ndarray) -> np.ndarray:
    """(1 - u^2)^2 within the bandwidth, 0 beyond; u = distance / bandwidth."""
    return np.where(u < 1.0, (1.0 - np.minimum(u, 1.0) ** 2) ** 2, 0.0)
