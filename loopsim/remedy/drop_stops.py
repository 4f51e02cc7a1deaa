"""Drop stops: stops, whether they found something or not, are no evidence."""

from __future__ import annotations

from dataclasses import dataclass

from loopsim.limits import validate, words
from loopsim.records.evidence import Evidence
from loopsim.stages import Now


@dataclass(frozen=True, kw_only=True)
class DropStops:
    """Hide every record that began as a stop.

    Parameters
    ----------
    finds : bool
        Also hide searches that found something; False hides only the stops that ended in
        no further action.

    **Special cases**

    - No stops in the ledger: nothing changes.
    - `finds` false: the offences that a search brought to light stay.

    **What it does to the loop**: stops follow patrol and not crime, so without them a visit
    leaves fewer records; discoveries and intelligence keep the loop closed.
    """

    finds: bool = words()

    def __post_init__(self):
        validate(self)

    def __call__(self, evidence: Evidence, now: Now) -> Evidence:
        """Evidence without stops."""
        return evidence.without(*(("stop", "search") if self.finds else ("stop",)))
