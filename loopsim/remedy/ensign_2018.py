"""Ensign 2018: the published correction (1 - p), right for two cells and for no more."""

from __future__ import annotations

from dataclasses import dataclass, replace

from loopsim.records.evidence import Evidence
from loopsim.stages import Now


@dataclass(frozen=True, kw_only=True)
class Ensign2018:
    """Weigh each record found by patrol by 1 - p, p the cell's share of that day's patrol.

    The paper keeps a discovery with probability (1 - p); its code divides by the largest
    (1 - p), which is faster and has the same limit. Here the record is kept with that weight.

    **Special cases**

    - Two cells: 1 - p of one is the share of the other, so weights are proportional to 1/p
      and the urn goes to the true shares.
    - More than two cells: the fixed point solves (1 - p_i) rate_i = constant, which starves
      the cells with low rates: with rates 8, 4, 2, 1 it ends at .66, .32, .02, .00 where the
      truth is .53, .27, .13, .07. Use `inverse_exposure`.
    - A city of thousands of cells: every p is near 0 and next to nothing changes.

    **What it does to the loop**: opens it for two cells; for more it only slows the leader.

    References
    ----------
    Ensign, Friedler, Neville, Scheidegger & Venkatasubramanian (2018), "Runaway feedback
    loops in predictive policing", PMLR 81 (the rejection step of the improvement policy).
    """

    def __call__(self, evidence: Evidence, now: Now) -> Evidence:
        """Evidence with the two-cell correction."""
        return replace(evidence, rule="complement", floor=0.0)
