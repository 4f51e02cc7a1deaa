"""Uniform: the same patrol everywhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loopsim.allocation.places import daily, evenly
from loopsim.limits import number, validate
from loopsim.stages import Now


@dataclass(frozen=True, kw_only=True)
class Uniform:
    """Spread the budget evenly over the cells inside the city.

    **Feedback**: none; the prediction is not read.
    """

    budget: float = number(above=0, unit="officer-hours/day")

    def __post_init__(self):
        validate(self)

    def __call__(self, risk: np.ndarray, now: Now) -> np.ndarray:
        """Plan, (R, days, n) officer-hours."""
        return daily(np.repeat(evenly(now)[None, :], risk.shape[0], axis=0), now)
