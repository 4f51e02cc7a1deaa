"""Top cells: the k cells with the highest risk share the patrol."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loopsim.allocation.places import at, daily, evenly
from loopsim.allocation.ranking import highest
from loopsim.limits import number, validate
from loopsim.stages import Now


@dataclass(frozen=True, kw_only=True)
class TopCells:
    """Share the budget equally among the k cells of highest risk, less a floor for all.

    Parameters
    ----------
    budget : float, officer-hours a day
    k : int, cells
    floor : float in [0, 1], share of the budget spread evenly over the whole city

    **Special cases**

    - k = the number of cells, or floor = 1: uniform. Ties fall to a seeded random key.

    **Feedback**: a cell left out gets no discovery and no stop, so it is not chosen again
    unless its victims report more; a small lead in the records becomes all of the patrol.
    """

    budget: float = number(above=0, unit="officer-hours/day")
    k: int = number(at_least=1, unit="cells")
    floor: float = number(at_least=0, at_most=1, unit="of the budget")

    def __post_init__(self):
        validate(self)

    def __call__(self, risk: np.ndarray, now: Now) -> np.ndarray:
        """Plan, (R, days, n) officer-hours."""
        cells = highest(risk, self.k, now)
        top = at(cells, (1.0 - self.floor) * now.budget / cells.shape[1], now)
        return daily(top + self.floor * evenly(now) if self.floor else top, now)
