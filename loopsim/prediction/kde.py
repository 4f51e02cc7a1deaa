"""KDE: records smoothed over the map by a Gaussian; the densest places are the hotspots."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loopsim.limits import number, validate
from loopsim.prediction.gaussian import blur, taps, workroom
from loopsim.prediction.window import days_held


@dataclass(frozen=True, kw_only=True)
class Kde:
    """Kernel density of the records of the last `window_days` days, corrected at the border.

    Who: the hotspot maps behind Home Office Grip, published only as "KDE, 150-m area"; the
    Gaussian and its bandwidth are a design of this project. The density is divided by the part
    of the kernel that lies inside the city, so that the border does not push patrol inward.

    Parameters
    ----------
    sigma_m : float, metres, standard deviation; the kernel ends at 4 sigma
    window_days : int, days of records

    **Special cases**
    The same count in every cell: that count. sigma_m far below the side of a cell: `count`.
    No records: 0 everywhere. Cells outside the city: 0.

    **Feedback**
    What patrol writes down raises the cell and, through the kernel, its neighbours: hotspots
    spread a little before they lock in. Victim reports alone leave the loop open.

    References
    ----------
    Chainey, Tompson & Uhlig (2008), The utility of hotspot mapping; Silverman (1986), ch. 2.
    """

    sigma_m: float = number(above=0, unit="m")
    window_days: int = number(at_least=1, unit="days")

    def __post_init__(self):
        validate(self)

    @property
    def memory_days(self) -> int:
        """Days of records it looks back on."""
        return self.window_days

    def __call__(self, evidence, now) -> np.ndarray:
        """risk, (R, n) records per cell and day."""
        counts = evidence.counts(self.window_days, lent=True)
        risk = np.empty(counts.shape)
        grid = now.grid
        mine = "kde", self.sigma_m
        if mine not in now.notes:
            weights = taps(self.sigma_m / grid.cell_m)
            now.notes[mine] = weights, workroom(weights, grid.rows, grid.cols)
        weights, room = now.notes[mine]
        share = self._share(grid, days_held(evidence, self.window_days), weights, room)
        blur(counts, weights, grid.rows, grid.cols, share, room, risk)
        return risk

    def _share(self, grid, days: int, weights, room) -> np.ndarray:
        """(n,) one over days x the part of the kernel that lies inside the city, 0 outside; kept with the map."""
        key = ("kde", self.sigma_m, days)
        if key not in grid.kept:
            inside, part = grid.inside * 1.0, np.empty((1, grid.n))
            blur(inside[None, :], weights, grid.rows, grid.cols, inside, room, part)
            share = np.divide(1.0, part[0], out=part[0], where=grid.inside)
            share /= days
            grid.kept[key] = share
        return grid.kept[key]
