"""Cap: no cell counts for more than a stated number of records."""

from __future__ import annotations

from dataclasses import dataclass, replace

from loopsim.limits import number, validate
from loopsim.records.evidence import Evidence
from loopsim.stages import Now


@dataclass(frozen=True, kw_only=True)
class Cap:
    """Hold the records of each cell to a most per day, on average over the days asked for.

    A design of this project, not a published remedy. A model that asks for single records
    gets those of a full cell with smaller weights, which add up to the cap.

    Parameters
    ----------
    per_day : float, weighted records per cell and day
        In the units of `evidence.weights` (days of harm where those are harm weights).

    **Special cases**

    - No cell above the cap: nothing changes.
    - Every cell above the cap: all cells look alike.

    **What it does to the loop**: a cell at the cap gains nothing from another visit, so no cell
    can run away; below the cap the loop is closed as before.
    """

    per_day: float = number(above=0, unit="records/cell/day")

    def __post_init__(self):
        validate(self)

    def __call__(self, evidence: Evidence, now: Now) -> Evidence:
        """Evidence in which no cell stands out by more than the cap."""
        return replace(evidence, cap=min(evidence.cap, self.per_day))
