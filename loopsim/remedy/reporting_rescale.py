"""Reporting rescale: counts divided by the share of offences that each area reports."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from loopsim.limits import number, validate
from loopsim.records.evidence import Evidence
from loopsim.stages import Now


@dataclass(frozen=True, kw_only=True)
class ReportingRescale:
    """Divide the records of a cell by the reporting rate of its area, taken from a survey.

    The survey is public: the layer `reporting` of the map, (n,) in (0, 1]. A map without
    that layer reports alike everywhere and nothing changes.

    Parameters
    ----------
    least : float
        Rates below this count as this, so that an area that hardly reports is not blown up.

    **Special cases**

    - The same rate everywhere: every count is multiplied by one constant.
    - No layer `reporting`: nothing changes.

    **What it does to the loop**: mends unequal reporting. Records that patrol found are
    divided as well (the source has none, its records are all reports), so the loop stays closed.

    References
    ----------
    Akpinar, De-Arteaga & Chouldechova (2021), "The effect of differential victim crime
    reporting on predictive policing systems": the rescaled models S3 and M3.
    """

    least: float = number(above=0, at_most=1, unit="of offences")

    def __post_init__(self):
        validate(self)

    def __call__(self, evidence: Evidence, now: Now) -> Evidence:
        """Evidence as if every area reported everything."""
        rate = now.grid.layers.get("reporting")
        if rate is None:
            return evidence
        factor = 1.0 / np.maximum(rate, self.least)
        return replace(evidence, scale=factor if evidence.scale is None else evidence.scale * factor)
