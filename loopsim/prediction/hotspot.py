"""Retrospective hotspot: every record adds a small hill, and the highest ground is patrolled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loopsim.limits import choice, number, validate
from loopsim.prediction.stencil import Stencil
from loopsim.prediction.window import days_held


@dataclass(frozen=True, kw_only=True)
class Hotspot:
    """Sum a kernel of fixed reach over the records of the last `window_days` days.

    Who: forces that map recorded offences in MapInfo or ArcGIS; "simply mapped the location
    of offences" (Essex Police 2023-25, Amnesty International UK 2025). Quartic:
    K(d) = (1 - (d/h)^2)^2; truncated Gaussian: K(d) = exp(-(3d/h)^2 / 2); both 0 beyond h and
    unnormalised (the form of open_cp's RetroHotSpotGrid). d is taken between cell centres,
    as the ledger knows cells only. Dividing by the kernel that falls inside the city is a
    design of this project: the published sum loses mass at the border.

    Parameters
    ----------
    window_days : int, days of records that are mapped
    reach_m : float, metres, h
    kernel : "quartic" or "gaussian"

    **Special cases**
    reach_m below the side of a cell leaves the count of the cell alone.
    Far from the border the ranks are those of the published unnormalised sum.
    No records: zero everywhere. One cell: its own rate.

    **Feedback**
    Whatever patrol writes down raises the ground under it for `window_days` days, and that of the
    cells within h. Discoveries, searches, stops and intelligence close the loop; victim
    reports alone leave it open.

    References
    ----------
    Amnesty International UK (2025), Automated Racism, ch. 3.
    """

    window_days: int = number(at_least=1, unit="days")
    reach_m: float = number(above=0, unit="m")
    kernel: str = choice("quartic", "gaussian")

    def __post_init__(self):
        validate(self)

    @property
    def memory_days(self) -> int:
        """Days of records it looks back on."""
        return self.window_days

    def __call__(self, evidence, now) -> np.ndarray:
        """risk, (R, n) records per cell and day: the kernel-weighted mean over the cells around."""
        days = days_held(evidence, self.window_days)
        stencil = self.stencil(now.grid.cell_m)
        return stencil.mean(evidence.counts(self.window_days) / days, now.grid, now.notes)

    def stencil(self, cell_m: float) -> Stencil:
        """The unnormalised kernel at the distances between cell centres."""
        if self.kernel == "quartic":
            return Stencil.quartic(self.reach_m, cell_m)

        def law(down, right):
            x = np.hypot(down, right) * cell_m / self.reach_m
            return np.where(x <= 1, np.exp(-0.5 * (3 * x) ** 2), 0.0)

        return Stencil.of(int(self.reach_m // cell_m), law)
