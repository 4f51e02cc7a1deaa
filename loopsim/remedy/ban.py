"""Ban: from a day on the model is switched off and patrol goes by population."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loopsim.limits import number, validate
from loopsim.records.evidence import Evidence
from loopsim.stages import Now


@dataclass(frozen=True, kw_only=True)
class Ban:
    """Replace the plan by patrol in proportion to residents, from `from_day` on.

    The records that the model wrote stay in the ledger, and are still police records. The
    ban falls on its day even between two refits.

    Parameters
    ----------
    from_day : int
        First day without the model; day 0 is the first day of the simulation.

    **Special cases**

    - `from_day` 0: patrol by population throughout, the arm `no_model`.
    - `from_day` past the end: nothing changes.

    **What it does to the loop**: opens it on that day. How long the disparity of the *records*
    outlives the ban is the window of the evidence (measure `after_ban`).
    """

    from_day: int = number(at_least=0, unit="days")

    def __post_init__(self):
        validate(self)

    def __call__(self, evidence: Evidence, now: Now) -> Evidence:
        """The evidence as it is: this remedy acts on the plan."""
        return evidence

    def adjust(self, plan: np.ndarray, now: Now) -> np.ndarray:
        """Plan until the ban, patrol by population after it, (R, days, n) officer-hours."""
        left = min(max(self.from_day - now.day, 0), now.days)
        if left == now.days:
            return plan
        residents = now.grid.layers["residents"]
        even = np.broadcast_to(now.budget * residents / residents.sum(), plan.shape)
        return even if left == 0 else np.concatenate([plan[:, :left], even[:, left:]], axis=1)
