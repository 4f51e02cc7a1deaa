"""The comparators' police: a rolling window of records, SciPy's Gaussian filter, the top cells.

Tuned as one would: the window's sum is kept up to date, never added up again.
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter
from workloads import DISCOVERY, HOURS, SIGMA, STOPS, WINDOW


class Police:
    """What the police know and where they go.

    Parameters
    ----------
    city : City
    units : int, patrol units of 8 hours
    """

    def __init__(self, city, units: int):
        grid = city.grid
        self.shape, self.n, self.units = (grid.rows, grid.cols), grid.n, units
        self.ring, self.raster, self.day = np.zeros((WINDOW, grid.n), np.int32), np.zeros(grid.n, np.int32), 0
        self.mass = gaussian_filter(grid.inside.reshape(self.shape) * 1.0, SIGMA, mode="constant")
        here = city.residents.sum(axis=1)
        self.patrol_by_population(here / here.sum())

    def patrol_by_population(self, share):
        """Every cell gets its share of the hours."""
        self._patrol(np.flatnonzero(share), self.units * share[share > 0])

    def predict_and_patrol(self):
        """One unit to each of the top cells of the smoothed map."""
        smooth = gaussian_filter(self.raster.reshape(self.shape) * 1.0, SIGMA, mode="constant") / self.mass
        top = np.argpartition(-smooth.ravel(), self.units)[: self.units]
        self._patrol(top, np.ones(self.units))

    def _patrol(self, cells, units):
        self.cells, self.stops = cells, STOPS * units
        self.discovery = np.zeros(self.n)
        self.discovery[cells] = 1 - (1 - DISCOVERY) ** units
        self.hours = HOURS * units

    def write(self, *places):
        """Add today's records to the window; the day that leaves it is forgotten."""
        today = np.bincount(np.concatenate(places), minlength=self.n)
        slot = self.day % WINDOW
        self.raster += today - self.ring[slot]
        self.ring[slot] = today
        self.day += 1
