"""Count: where most was recorded lately, most will be recorded next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loopsim.limits import number, validate
from loopsim.prediction.window import days_held


@dataclass(frozen=True, kw_only=True)
class Count:
    """Mean daily count of each cell over the last `window_days` days.

    Who: the baseline of every force with a map; every other system is to be compared with it.

    **Special cases**
    Fewer days of records than the window: the mean over those there are. No records: 0 everywhere.

    **Feedback**
    What patrol writes down in a cell raises that cell, and no other, for `window_days` days.
    """

    window_days: int = number(at_least=1, unit="days")

    def __post_init__(self):
        validate(self)

    @property
    def memory_days(self) -> int:
        """Days of records it looks back on."""
        return self.window_days

    def __call__(self, evidence, now) -> np.ndarray:
        """risk, (R, n) records per cell and day."""
        return evidence.counts(self.window_days) / days_held(evidence, self.window_days)
