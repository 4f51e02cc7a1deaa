"""Thompson: patrol the k cells that look best in a random draw from what is known of each."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numba import njit

from loopsim.allocation.found import memory
from loopsim.allocation.places import at, daily
from loopsim.allocation.ranking import highest
from loopsim.limits import number, validate
from loopsim.philox import ALLOCATION, UNIT, philox
from loopsim.stages import Now


@dataclass(frozen=True, kw_only=True)
class Thompson:
    """Draw each cell's rate from its Gamma posterior and patrol the k highest until the refit.

    rate_c ~ Gamma(shape + found_c, scale 1 / (effort + exposure_c)), where found_c counts
    records that patrol brought to light and exposure_c is patrol time x detectability. Before
    its own first patrol it reads the model's risk as `prior_days` of records made under an
    even patrol: the mistake through which a biased past enters. A design of this project.

    Parameters
    ----------
    budget : float, officer-hours a day
    k : int, cells
    detect : float, share of an offence found per officer-hour
    shape, effort : Gamma prior of every cell (records; officer-hours x detectability)
    prior_days : float, days of records that the first risk stands for

    **Special cases**

    - Equal posteriors: k cells at random, new ones at each refit.
    - Evidence without patrol's own records: exposure grows and finds do not, so it wanders.

    **Feedback**: what a visit finds is divided by the visit, so a cell gains by its rate and
    not by its patrol: the loop is open, and the draw keeps trying cells it knows little of.

    References
    ----------
    Thompson (1933), Biometrika 25; Marsaglia & Tsang (2000), ACM TOMS 26 (the Gamma draw).
    """

    budget: float = number(above=0, unit="officer-hours/day")
    k: int = number(at_least=1, unit="cells")
    detect: float = number(above=0, unit="1/officer-hour")
    shape: float = number(above=0, unit="records")
    effort: float = number(above=0, unit="officer-hours x detectability")
    prior_days: float = number(at_least=0, unit="days")

    def __post_init__(self):
        validate(self)

    def posterior(self, known: dict, now: Now) -> tuple[np.ndarray, np.ndarray]:
        """Shape and rate of each cell's Gamma law, two (R, n) arrays."""
        even = self.detect * now.budget / now.grid.inside.sum()
        shape = self.shape + self.prior_days * known["start"] + known["found"]
        return shape, self.effort + self.prior_days * even + self.detect * known["hours"]

    def __call__(self, risk: np.ndarray, now: Now) -> np.ndarray:
        """Plan, (R, days, n) officer-hours; the same every day until the refit."""
        known = memory("thompson", risk, now)
        shape, rate = self.posterior(known, now)
        drawn = np.empty(risk.shape)
        day, seed = np.uint32(now.day & 0xFFFFFFFF), np.uint32(now.dice.seed)
        _gamma(shape, day, seed, now.dice.replicates, drawn)
        chosen = highest(drawn / rate, self.k, now)
        return daily(at(chosen, now.budget / chosen.shape[1], now), now)


@njit(cache=True, nogil=True)
def _gamma(shape, day, seed, replicates, out):
    """Gamma(shape) draws with scale 1; draw (r, c) at counter index c, sub = attempt."""
    for r in range(shape.shape[0]):
        for c in range(shape.shape[1]):
            a = shape[r, c]
            boosted = a + 1.0 if a < 1.0 else a
            d = boosted - 1.0 / 3.0
            v, u, sub = 0.0, 0.0, 0
            while v <= 0.0:
                w = philox(np.uint32(c), day, ALLOCATION, np.uint32(sub), seed, np.uint32(replicates[r]))
                x = math.sqrt(-2.0 * math.log((w[0] + 0.5) * UNIT)) * math.cos(2.0 * math.pi * w[1] * UNIT)
                v = (1.0 + x / math.sqrt(9.0 * d)) ** 3
                u = (w[2] + 0.5) * UNIT
                if v > 0.0 and math.log(u) >= 0.5 * x * x + d - d * v + d * math.log(v):
                    v = 0.0
                sub += 1
            power = ((w[3] + 0.5) * UNIT) ** (1.0 / a) if a < 1.0 else 1.0
            out[r, c] = d * v * power
