"""Proportional: patrol in proportion to risk, or to a power of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loopsim.allocation.places import daily
from loopsim.limits import number, validate
from loopsim.stages import Now


@dataclass(frozen=True, kw_only=True)
class Proportional:
    """Patrol of a cell = budget x risk^gamma / sum of risk^gamma.

    Parameters
    ----------
    budget : float, officer-hours a day
    gamma : float >= 0; 0 is uniform, 1 proportional, large is the top cell

    **Special cases**

    - No risk anywhere: uniform over the city.

    **Feedback**: with records from discovery alone and equal rates, gamma = 1 keeps the
    shares where they are on average (a martingale), gamma > 1 drifts to winner-take-all,
    gamma < 1 evens out. Reports, which do not follow patrol, pull towards the truth.
    """

    budget: float = number(above=0, unit="officer-hours/day")
    gamma: float = number(at_least=0, at_most=100)

    def __post_init__(self):
        validate(self)

    def __call__(self, risk: np.ndarray, now: Now) -> np.ndarray:
        """Plan, (R, days, n) officer-hours."""
        return daily(self.split(risk, now), now)

    def split(self, risk: np.ndarray, now: Now) -> np.ndarray:
        """(R, n) officer-hours a day."""
        risk = risk * now.grid.inside
        top = risk.max(axis=1, keepdims=True)
        share = np.where(top > 0, risk / np.where(top > 0, top, 1.0), now.grid.inside)
        weight = (share if self.gamma == 1 else share**self.gamma) * now.grid.inside
        return now.budget * weight / weight.sum(axis=1, keepdims=True)
