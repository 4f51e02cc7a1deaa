"""Epsilon: a share of the patrol is spread evenly, the rest goes to the top cells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loopsim.allocation.places import at, daily, evenly
from loopsim.allocation.ranking import highest
from loopsim.limits import number, validate
from loopsim.stages import Now


@dataclass(frozen=True, kw_only=True)
class Epsilon:
    """Split the budget: `epsilon` evenly over the city, 1 - `epsilon` over the k top cells.

    Parameters
    ----------
    budget : float, officer-hours a day
    k : int, cells
    epsilon : float in [0, 1], share of the budget that explores

    **Special cases**

    - `epsilon` 0: top cells. `epsilon` 1: uniform.

    **Feedback**: no cell goes unseen, so a cell that was left out can come back; the top cells
    still write more records than the rest. The smallest `epsilon` that restores the true
    order of cells is what to look for.
    """

    budget: float = number(above=0, unit="officer-hours/day")
    k: int = number(at_least=1, unit="cells")
    epsilon: float = number(at_least=0, at_most=1, unit="of the budget")

    def __post_init__(self):
        validate(self)

    def __call__(self, risk: np.ndarray, now: Now) -> np.ndarray:
        """Plan, (R, days, n) officer-hours."""
        cells = highest(risk, self.k, now)
        top = at(cells, (1.0 - self.epsilon) * now.budget / cells.shape[1], now)
        return daily(top + self.epsilon * evenly(now), now)
