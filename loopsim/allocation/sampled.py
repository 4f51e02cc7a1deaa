"""Sampled: every patrol unit goes each day to one cell, drawn in proportion to risk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loopsim.allocation.proportional import Proportional
from loopsim.limits import number, validate
from loopsim.philox import ALLOCATION
from loopsim.stages import Now


@dataclass(frozen=True, kw_only=True)
class Sampled:
    """budget / unit_hours units; each day each unit draws one cell with probability ~ risk^gamma.

    Parameters
    ----------
    budget : float, officer-hours a day
    unit_hours : float, officer-hours of one unit a day; the last unit has what is left over
    gamma : float >= 0, see `proportional`

    **Special cases**

    - On average over the draws it is `proportional`, which goes into `now.notes["expected"]`.
    - No risk anywhere: any cell alike.

    **Feedback**: that of `proportional`, with the noise of single patrols: with one unit and
    discovery alone it is the urn of Ensign et al. (2018).
    """

    budget: float = number(above=0, unit="officer-hours/day")
    unit_hours: float = number(above=0, unit="officer-hours")
    gamma: float = number(at_least=0, at_most=100)

    def __post_init__(self):
        validate(self)

    def __call__(self, risk: np.ndarray, now: Now) -> np.ndarray:
        """Plan, (R, days, n) officer-hours; differs by day."""
        chance = Proportional(budget=1.0, gamma=self.gamma).split(risk, now) / now.budget
        now.notes["expected"] = now.budget * chance
        edges = np.cumsum(chance, axis=1)
        edges /= edges[:, -1:]
        units = int(np.ceil(now.budget / self.unit_hours - 1e-9))
        hours = np.full(units, self.unit_hours)
        hours[-1] = now.budget - self.unit_hours * (units - 1)
        plan = np.zeros((risk.shape[0], now.days, now.grid.n))
        for d in range(now.days):
            u = now.dice.uniform(units, day=now.day + d, stream=ALLOCATION)
            for r in range(risk.shape[0]):
                np.add.at(plan[r, d], np.searchsorted(edges[r], u[r], side="right"), hours)
        return plan
