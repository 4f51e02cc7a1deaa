"""Inverse exposure: a record found by patrol counts for less where patrol was more."""

from __future__ import annotations

from dataclasses import dataclass, replace

from loopsim.limits import number, validate
from loopsim.records.evidence import Evidence
from loopsim.stages import Now


@dataclass(frozen=True, kw_only=True)
class InverseExposure:
    """Divide each record found by patrol by the patrol its cell had that day (1/p).

    The patrol is measured against an even spread of the budget over all cells, so a record
    found under an even patrol weighs 1. Reports keep their weight.

    Parameters
    ----------
    floor : float, share of an even patrol
        Patrol below this counts as this, which bounds a weight by 1 / `floor`.

    **Special cases**

    - Patrol spread evenly: nothing changes.
    - Two cells or any number: expected records are proportional to offences (inverse
      probability weighting), so an urn goes to the true shares.
    - A floor above every patrol: all of patrol's records are multiplied by one constant.

    **What it does to the loop**: opens it where patrol is at least the floor; a cell that gets
    no patrol has no records to weigh, which no weight can mend.

    References
    ----------
    Ensign et al. (2018), "Runaway feedback loops in predictive policing": the correction for
    two cells. This is its form for any number of cells (Horvitz-Thompson weights).
    """

    floor: float = number(above=0, at_most=1000, unit="of an even patrol")

    def __post_init__(self):
        validate(self)

    def __call__(self, evidence: Evidence, now: Now) -> Evidence:
        """Evidence in which a visit more brings no record more, in expectation."""
        return replace(evidence, rule="inverse", floor=self.floor)
