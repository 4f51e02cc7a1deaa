"""Legacy: the map of the records from before day 0, never redrawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loopsim.limits import number, validate


@dataclass(frozen=True, kw_only=True)
class Legacy:
    """Mean daily count of the `window_days` days before day 0, kept for good.

    **Special cases**
    On day 0 it is `count` with the same window.

    **Feedback**
    None after day 0: whatever bias the history holds stays as it is.
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
        if "legacy" not in now.notes:
            ago = max(evidence.today, 0)
            days = max(1, min(self.window_days, evidence.days_known - ago))
            now.notes["legacy"] = evidence.counts(self.window_days, ago=ago) / days
        return now.notes["legacy"]
