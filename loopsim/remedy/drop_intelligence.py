"""Drop intelligence: logs that officers write about stops and discoveries are no evidence."""

from __future__ import annotations

from dataclasses import dataclass

from loopsim.records.evidence import Evidence
from loopsim.stages import Now


@dataclass(frozen=True, kw_only=True)
class DropIntelligence:
    """Hide intelligence logs of every strength.

    **Special cases**

    - No intelligence in the ledger: nothing changes.

    **What it does to the loop**: a visit is no longer counted twice, as a stop and as the
    log of that stop; the other records of patrol keep the loop closed.
    """

    def __call__(self, evidence: Evidence, now: Now) -> Evidence:
        """Evidence without intelligence."""
        return evidence.without("intelligence")
