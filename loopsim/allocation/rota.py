"""Rota: each day m of the K hotspots, drawn without replacement (Southend: 8 of 20)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loopsim.allocation.places import at
from loopsim.allocation.ranking import highest
from loopsim.limits import number, validate
from loopsim.philox import ALLOCATION
from loopsim.stages import Now


@dataclass(frozen=True, kw_only=True)
class Rota:
    """Patrol `m` of the `k` hotspots a day, drawn afresh; the others are that day's control.

    The hotspots are those of the last refit. Every set of `m` hotspots is equally likely,
    whatever their risk, so over D days there are exactly m D treated place-days and
    (k - m) D control place-days: 720 and 1,080 in Southend (20 hotspots, 8 a day, 90 days).

    Parameters
    ----------
    budget : float, officer-hours a day
    k : int, hotspots
    m : int, hotspots patrolled a day, at most `k`

    **Special cases**

    - m = k: top cells.
    - k = all cells: patrol is even on average, whatever the risk.
    - A city of fewer than k cells: each is a hotspot; of fewer than m: all of them, every day.
    - What is expected of the draw goes into `now.notes["expected"]`, (R, n) officer-hours a day.

    **Feedback**: a place that is no hotspot writes no patrol records; among the hotspots the
    rota hides differences in risk, so the leader cannot pull away.

    References
    ----------
    The Southend-on-Sea pilot of 2020, as told in Amnesty International UK (2025), section 3.
    """

    budget: float = number(above=0, unit="officer-hours/day")
    k: int = number(at_least=1, unit="hotspots")
    m: int = number(at_least=1, unit="hotspots a day")

    def __post_init__(self):
        fault = f"allocation.m must be <= allocation.k ({self.k}), got {self.m}; set allocation.m"
        wrong = isinstance(self.m, int) and isinstance(self.k, int) and self.m > self.k
        validate(self, extra=[fault] if wrong else [])

    def __call__(self, risk: np.ndarray, now: Now) -> np.ndarray:
        """Plan, (R, days, n) officer-hours."""
        spots = np.sort(highest(risk, self.k, now), axis=1)
        k, m = spots.shape[1], min(self.m, spots.shape[1])
        now.notes["expected"] = at(spots, now.budget / k, now)
        plan = np.zeros((risk.shape[0], now.days, risk.shape[1]))
        rows = np.arange(risk.shape[0])[:, None]
        for day in range(now.days):
            keys = now.dice.uniform(k, day=now.day + day, stream=ALLOCATION)
            drawn = np.argsort(keys, axis=1, kind="stable")[:, :m]
            plan[rows, day, np.take_along_axis(spots, drawn, axis=1)] = now.budget / m
        return plan
