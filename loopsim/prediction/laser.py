"""LASER zones: the five heaviest patches of a map of crimes, arrests and calls."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from loopsim.limits import number, validate
from loopsim.prediction.stencil import DUST, gaussian_mean
from loopsim.prediction.window import days_held


@dataclass(frozen=True, kw_only=True)
class Laser:
    """Density of records, kept inside the heaviest contiguous patches above a quantile, 0 elsewhere.

    Who: Los Angeles Police Department, Operation LASER, 2011-19: gun crimes, arrests and calls
    of 2006-11 gave 5 large hot spots in Newton Division. The evidence brings the channels:
    calls are reports, arrests are discoveries and search finds. Patches are cells at or above
    the quantile, joined over sides and corners; patches of equal weight all stay in.
    The kernel, the quantile and the ranking by summed density are designs of this project.

    Parameters
    ----------
    window_days : int, days of records
    sigma_m : float, metres, width of the Gaussian
    quantile : float in [0, 1), of the density over the cells inside the city
    zones : int, patches kept

    **Special cases**
    Uniform records: one patch, the whole city, at the uniform rate. No records: zero.
    quantile = 0: the whole city is one patch and the risk is the density.
    Fewer patches than zones: all of them. One cell: its own rate.

    **Feedback**
    Arrests and stops draw the zones and the zones draw the officers who make them; six years
    of memory keep a zone long after. Discoveries, searches, stops and intelligence close the
    loop; calls and reports alone leave it open.

    References
    ----------
    Uchida & Swatt (2013), Operation LASER; Amnesty International UK (2025).
    """

    window_days: int = number(at_least=1, unit="days")
    sigma_m: float = number(above=0, unit="m")
    quantile: float = number(at_least=0, below=1)
    zones: int = number(at_least=1, unit="zones")

    def __post_init__(self):
        validate(self)

    @property
    def memory_days(self) -> int:
        """Days of records it looks back on."""
        return self.window_days

    def __call__(self, evidence, now) -> np.ndarray:
        """risk, (R, n) records per cell and day inside the zones, 0 outside."""
        grid = now.grid
        counts = evidence.counts(self.window_days) / days_held(evidence, self.window_days)
        density = gaussian_mean(counts, self.sigma_m, grid, now.notes)
        level = np.quantile(density[:, grid.inside], self.quantile, axis=1) * (1 - DUST)
        high = (density >= level[:, None]) & (density > 0) & grid.inside
        return density * np.array(
            [self._zones(row, kept, grid) for row, kept in zip(density, high, strict=True)]
        )

    def _zones(self, density: np.ndarray, high: np.ndarray, grid) -> np.ndarray:
        """(n,) bool: the cells of the heaviest patches."""
        patch, found = ndimage.label(high.reshape(grid.rows, grid.cols), structure=np.ones((3, 3)))
        patch = patch.ravel()
        mass = np.bincount(patch, density * high, found + 1)[1:]
        if found <= self.zones:
            return high
        lightest = np.sort(mass)[-self.zones] * (1 - DUST)
        return np.r_[False, mass >= lightest][patch]
