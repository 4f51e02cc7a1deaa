"""Urn: each patrol unit draws its cell in proportion to the records (Ensign et al. 2018)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from loopsim.limits import number, validate
from loopsim.philox import ALLOCATION
from loopsim.stages import Now


@dataclass(frozen=True, kw_only=True)
class Urn:
    """Draw a ball for each unit, each day: the colour is the cell it patrols all day.

    A cell's balls are its predicted records plus a prior; units draw with replacement, so
    two of them may meet. With a `count` model that never forgets and only discoveries as
    records, this is the Polya urn of the paper.

    Parameters
    ----------
    budget : float, officer-hours a day
    units : int, patrol units; each has budget / units hours
    prior : float, pseudo-records per cell and day that every inside cell starts with
    least : float, predicted records per cell and day below which no inside cell falls

    **Special cases**

    - No records and any prior: each inside cell alike. No records and no prior: the same.
    - A prior far above all records: uniform at random. The same for `least`.
    - What is expected of the draw goes into `now.notes["expected"]`, (R, n) officer-hours a day.

    **Feedback**: with equal offending the shares are a martingale. On average the initial bias
    stays as it is; each run locks in to a share of its own (Beta law). Nothing runs away.

    References
    ----------
    Ensign et al. (2018), "Runaway feedback loops in predictive policing", sections 3-4.
    """

    budget: float = number(above=0, unit="officer-hours/day")
    units: int = number(at_least=1, unit="units")
    prior: float = number(at_least=0, unit="records/cell/day")
    least: float = number(at_least=0, unit="records/cell/day")

    def __post_init__(self):
        validate(self)

    def __call__(self, risk: np.ndarray, now: Now) -> np.ndarray:
        """Plan, (R, days, n) officer-hours."""
        balls = np.where(now.grid.inside, np.maximum(risk + self.prior, self.least), 0.0)
        empty = balls.sum(axis=1) <= 0
        balls[empty] = now.grid.inside
        total = np.cumsum(balls, axis=1)
        now.notes["expected"] = now.budget * balls / total[:, -1:]
        plan = np.zeros((risk.shape[0], now.days, risk.shape[1]))
        for day in range(now.days):
            draws = now.dice.uniform(self.units, day=now.day + day, stream=ALLOCATION)
            _draw(total, balls, draws, now.budget / self.units, plan[:, day])
        return plan


@njit(cache=True, nogil=True)
def _draw(total, balls, draws, hours, plan):
    """Send each unit to the cell in which its draw falls."""
    for r in range(draws.shape[0]):
        for u in range(draws.shape[1]):
            cell = np.searchsorted(total[r], draws[r, u] * total[r, -1], side="right")
            cell = min(cell, total.shape[1] - 1)
            while balls[r, cell] <= 0.0:
                cell -= 1
            plan[r, cell] += hours
