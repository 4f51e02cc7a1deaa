"""Coverage floor: a share of the patrol goes everywhere, whatever the model says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loopsim.limits import choice, number, validate
from loopsim.records.evidence import Evidence
from loopsim.stages import Now


@dataclass(frozen=True, kw_only=True)
class CoverageFloor:
    """Spread a share of the budget over the whole city and scale the plan into the rest.

    Parameters
    ----------
    share : float in [0, 1]
        Share of the officer-hours that is spread.
    by : str
        "area": every cell inside the city alike; "people": by residents.

    **Special cases**

    - `share` 0: the plan of the allocator.
    - `share` 1: the plan of `uniform` (by area), or patrol by population (by people).

    **What it does to the loop**: a cell that the model left out is still visited, so it still
    writes records and can be chosen again; the loop is diluted, not opened.
    """

    share: float = number(at_least=0, at_most=1, unit="of the budget")
    by: str = choice("area", "people")

    def __post_init__(self):
        validate(self)

    def __call__(self, evidence: Evidence, now: Now) -> Evidence:
        """The evidence as it is: this remedy acts on the plan."""
        return evidence

    def adjust(self, plan: np.ndarray, now: Now) -> np.ndarray:
        """Plan with a floor, (R, days, n) officer-hours."""
        layer = now.grid.inside if self.by == "area" else now.grid.layers["residents"]
        spread = now.budget * layer / layer.sum()
        if plan.strides[1] == 0:
            whole = (1.0 - self.share) * plan[:, :1] + self.share * spread
            return np.broadcast_to(whole, plan.shape)
        return (1.0 - self.share) * plan + self.share * spread
