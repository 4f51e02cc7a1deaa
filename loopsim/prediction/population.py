"""Population: records are expected where people live. The city without a model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loopsim.limits import validate


@dataclass(frozen=True, kw_only=True)
class Population:
    """One record a day, spread in proportion to census residents.

    **Special cases**
    A city without residents is uniform.

    **Feedback**
    None: no record is read. With proportional patrol every resident is patrolled alike.
    """

    memory_days = 1

    def __post_init__(self):
        validate(self)

    def __call__(self, evidence, now) -> np.ndarray:
        """risk, (R, n) records per cell and day."""
        people = now.grid.layers["residents"] * now.grid.inside
        people = people if people.sum() > 0 else now.grid.inside * 1.0
        return np.repeat((people / people.sum())[None, :], evidence.shape[0], axis=0)
