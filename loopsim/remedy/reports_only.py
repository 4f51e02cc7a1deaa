"""Reports only: the model is shown nothing that patrol brought to light."""

from __future__ import annotations

from dataclasses import dataclass

from loopsim.records.evidence import Evidence
from loopsim.stages import Now


@dataclass(frozen=True, kw_only=True)
class ReportsOnly:
    """Show the model victims' and witnesses' reports and no other record.

    **Special cases**

    - Records of reports alone: nothing changes.
    - No reports at all: the model sees an empty ledger.

    **What it does to the loop**: discoveries, searches, stops and intelligence are the ways
    in which patrol writes records, so the loop is open; a bias in who reports stays.
    """

    def __call__(self, evidence: Evidence, now: Now) -> Evidence:
        """Evidence without patrol's own records."""
        return evidence.only_reports()
