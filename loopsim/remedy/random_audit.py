"""Random audit: a share of the patrol goes to cells drawn at random."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loopsim.limits import number, validate
from loopsim.philox import REMEDY
from loopsim.records.evidence import Evidence
from loopsim.stages import Now


@dataclass(frozen=True, kw_only=True)
class RandomAudit:
    """Send a share of the budget to cells drawn afresh each day, and the rest by the plan.

    A design of this project: the patrol counterpart of auditing tax returns at random.

    Parameters
    ----------
    share : float in [0, 1]
        Share of the officer-hours that audits.
    cells : int
        Cells drawn each day, all inside the city, without replacement.

    **Special cases**

    - `share` 0: the plan of the allocator.
    - As many cells as the city has: the plan of `coverage_floor` by area.

    **What it does to the loop**: like a coverage floor on average, but the visits are long
    enough to find something; every cell is seen again sooner or later.
    """

    share: float = number(at_least=0, at_most=1, unit="of the budget")
    cells: int = number(at_least=1, unit="cells")

    def __post_init__(self):
        validate(self)

    def __call__(self, evidence: Evidence, now: Now) -> Evidence:
        """The evidence as it is: this remedy acts on the plan."""
        return evidence

    def adjust(self, plan: np.ndarray, now: Now) -> np.ndarray:
        """Plan with audits, (R, days, n) officer-hours."""
        inside = np.flatnonzero(now.grid.inside)
        drawn = min(self.cells, inside.size)
        audited = (1.0 - self.share) * plan
        for day in range(now.days):
            keys = now.dice.uniform(inside.size, day=now.day + day, stream=REMEDY)
            chosen = inside[np.argpartition(keys, drawn - 1, axis=1)[:, :drawn]]
            rows = np.arange(plan.shape[0])[:, None]
            audited[rows, day, chosen] += self.share * now.budget / drawn
        return audited
