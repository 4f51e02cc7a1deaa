"""Control trial: each day a draw decides whether the algorithm's or the analyst's cells are patrolled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loopsim.allocation.places import at
from loopsim.allocation.ranking import highest
from loopsim.limits import number, validate
from loopsim.philox import ALLOCATION
from loopsim.stages import Now


@dataclass(frozen=True, kw_only=True)
class ControlTrial:
    """Patrol k cells a day: the algorithm's, or with the rest of the chance the analyst's.

    The analyst is a design of this project: the cells with most records of the last
    `analyst_days`, from the same evidence, which is what a monthly hotspot map shows.

    Parameters
    ----------
    budget : float, officer-hours a day
    k : int, cells of either
    share : float in [0, 1], chance of a day by the algorithm
    analyst_days : int, days of records on the analyst's map

    **Special cases**

    - `share` 1: top cells. `share` 0: top cells of a count.
    - An algorithm that counts the same days: top cells.
    - What is expected of the draw goes into `now.notes["expected"]`, (R, n) officer-hours a day.

    **Feedback**: both arms read and write the same ledger, so the trial compares two ways to
    choose cells but shows nothing of what either would do to the records alone.

    References
    ----------
    Mohler et al. (2015), "Randomized controlled field trials of predictive policing", JASA 110.
    """

    budget: float = number(above=0, unit="officer-hours/day")
    k: int = number(at_least=1, unit="cells")
    share: float = number(at_least=0, at_most=1, unit="of days")
    analyst_days: int = number(at_least=1, unit="days")

    def __post_init__(self):
        validate(self)

    @property
    def memory_days(self) -> int:
        """Days of records that the analyst looks back on."""
        return self.analyst_days

    def by_algorithm(self, now: Now) -> np.ndarray:
        """(R, days) bool: the days on which the algorithm's cells are patrolled."""
        days = range(now.day, now.day + now.days)
        return np.column_stack([now.dice.uniform(1, day=d, stream=ALLOCATION) for d in days]) < self.share

    def __call__(self, risk: np.ndarray, now: Now) -> np.ndarray:
        """Plan, (R, days, n) officer-hours."""
        analyst = risk if now.evidence is None else now.evidence.counts(self.analyst_days)
        cells = [highest(map_, self.k, now) for map_ in (risk, analyst)]
        ours, theirs = (at(chosen, now.budget / chosen.shape[1], now) for chosen in cells)
        now.notes["expected"] = self.share * ours + (1.0 - self.share) * theirs
        return np.where(self.by_algorithm(now)[:, :, None], ours[:, None, :], theirs[:, None, :])
