"""Uniform: every cell of the city is held equally likely to have the next record."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loopsim.limits import validate


@dataclass(frozen=True, kw_only=True)
class Uniform:
    """One record a day, spread evenly over the cells inside the city.

    **Special cases**
    Cells outside the city: 0.

    **Feedback**
    None: no record is read.
    """

    memory_days = 1

    def __post_init__(self):
        validate(self)

    def __call__(self, evidence, now) -> np.ndarray:
        """risk, (R, n) records per cell and day."""
        even = now.grid.inside / now.grid.inside.sum()
        return np.repeat(even[None, :], evidence.shape[0], axis=0)
