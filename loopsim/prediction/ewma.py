"""EWMA: a count that forgets smoothly, half of it every so many days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loopsim.limits import number, validate


@dataclass(frozen=True, kw_only=True)
class Ewma:
    """Exponentially weighted moving average s_t = alpha N_t + (1 - alpha) s_(t-1) of daily counts.

    alpha = 1 - 2^(-1 / half_life_days). The moving average of Akpinar et al. (2021).

    **Special cases**
    A constant count is its own average once the past is long. No records: 0 everywhere.

    **Feedback**
    What patrol writes down in a cell raises that cell, ever less as it ages.

    References
    ----------
    Akpinar, De-Arteaga & Chouldechova (2021), FAccT, section 4.
    """

    half_life_days: float = number(above=0, unit="days")

    def __post_init__(self):
        validate(self)

    @property
    def memory_days(self) -> float:
        """Days until a record weighs less than a millionth."""
        return 20.0 * self.half_life_days

    def __call__(self, evidence, now) -> np.ndarray:
        """risk, (R, n) records per cell and day."""
        return evidence.ewma(1.0 - 0.5 ** (1.0 / self.half_life_days))
