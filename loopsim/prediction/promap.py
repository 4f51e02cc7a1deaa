"""ProMap: prospective hotspots, in which the risk of a repeat fades with distance and with weeks."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numba import njit

from loopsim.limits import choice, number, validate
from loopsim.prediction.stencil import Stencil, settled

WEEK = 7


@dataclass(frozen=True, kw_only=True)
class Promap:
    """Each record of the last weeks adds 1 / ((1 + d)(1 + tau)) to the cells near it.

    Who: Bowers, Johnson & Pease 2004 (Home Office trial); Greater Manchester Police, Trafford
    2010-11; copied by the Metropolitan Police in 2013 (Amnesty International UK 2025).
    d = whole cells, tau = whole weeks, both cut off. Space and time units are coupled: half
    the cell side without half the time unit is another model; the paper has 50 m cells, 400 m.
    variant "2004" sums the contributions; "2007" sums (1 + 1/d)(1/tau) with d = 1 in the
    same cell and tau at least 1 (undefined in the paper on the same day); "max" keeps the
    largest contribution alone. The sums are divided by what of the pattern lies inside the
    city, a design of this project; "max" needs no correction.

    Parameters
    ----------
    reach_cells : int, d < reach_cells
    weeks : int, tau < weeks
    distance : "chebyshev", "manhattan" or "euclid"
    variant : "2004", "2007" or "max"

    **Special cases**
    reach_cells = 1, weeks = 1: the count of the last week.
    A record counts full on its first seven days and half on the next seven.
    No records: zero everywhere. One cell: its own rate.

    **Feedback**
    A record moves patrol to its surroundings for weeks; what that patrol writes down there
    renews the claim. Discoveries, searches, stops and intelligence close the loop; victim
    reports alone leave it open. What it learns is where police were, as if it were contagion.

    References
    ----------
    Bowers, Johnson & Pease (2004), Prospective hot-spotting, British Journal of Criminology 44.
    """

    reach_cells: int = number(at_least=1, at_most=64, unit="cells")
    weeks: int = number(at_least=1, at_most=24, unit="weeks")
    distance: str = choice("chebyshev", "manhattan", "euclid")
    variant: str = choice("2004", "2007", "max")

    def __post_init__(self):
        validate(self)

    @property
    def memory_days(self) -> int:
        """Days of records it looks back on."""
        return WEEK * self.weeks

    def check(self, setup):
        """Refuse more weeks than the history holds."""
        history = setup.run.history_days
        if history is not None and self.memory_days > history:
            allowed = f"<= {history // WEEK} weeks (history_days {history})"
            yield f"prediction.weeks must be {allowed}, got {self.weeks}; set prediction.weeks or history_days"

    def __call__(self, evidence, now) -> np.ndarray:
        """risk, (R, n) records per cell and day; under "max" the largest contribution, a rank."""
        grid, fade = now.grid, self.fading()
        ages = range(self.weeks - 1, -1, -1)  # oldest first: the ledger slides its raster forward
        planes = ((fade[age], evidence.counts(WEEK, ago=WEEK * age)) for age in ages)
        if self.variant == "max":
            newest = np.zeros(evidence.shape)
            for weight, plane in planes:
                newest[plane > 0] = weight / fade[0]
            return largest(newest, self.stencil(), grid) * grid.inside
        faded = sum(weight * plane for weight, plane in planes) / (WEEK * fade.sum())
        key = "promap covered", self
        if key not in now.notes:
            now.notes[key] = self.spread(grid.inside[None].astype(np.float64), grid)[0]
        return settled(self.spread(faded, grid), grid.inside.astype(np.float64), now.notes[key])

    def fading(self) -> np.ndarray:
        """(weeks,) weight by age, as whole numbers so that the sums of records are exact."""
        age = np.arange(self.weeks)
        age = np.maximum(1, age) if self.variant == "2007" else 1 + age
        return math.lcm(*age.tolist()) / age

    def near(self, d):
        """Weight at distance d in cells; 0 from the cut-off on."""
        weight = 1.0 + 1.0 / (1.0 + d) if self.variant == "2007" else 1.0 / (1.0 + d)
        return np.where(d < self.reach_cells, weight, 0.0)

    def stencil(self) -> Stencil:
        """The weight of every offset under the chosen distance."""
        measure = {
            "chebyshev": lambda a, b: np.maximum(abs(a), abs(b)),
            "manhattan": lambda a, b: abs(a) + abs(b),
            "euclid": np.hypot,
        }[self.distance]
        return Stencil.of(self.reach_cells - 1, lambda a, b: self.near(measure(a, b)))

    def spread(self, planes: np.ndarray, grid) -> np.ndarray:
        """(R, n) weighted sum over the cells around; nested boxes where the pattern is square."""
        if self.distance != "chebyshev":
            return self.stencil().laid_on(planes, grid)
        weight = self.near(np.arange(self.reach_cells + 1))
        out, pad = np.empty(planes.shape), 2 * self.reach_cells
        summed = np.zeros((grid.rows + pad, grid.cols + pad))
        boxes(planes, grid.rows, grid.cols, weight[:-1] - weight[1:], summed, out)
        return out


def largest(planes: np.ndarray, stencil: Stencil, grid) -> np.ndarray:
    """(R, n) the largest weighted value under the stencil."""
    out = np.zeros(planes.shape)
    crest(planes, grid.rows, grid.cols, *stencil, out)
    return out


@njit(cache=True, nogil=True)
def boxes(planes, rows, cols, drop, summed, out):
    """Sum over k of drop[k] times the box of half-side k, by one integral image a plane."""
    reach = drop.size
    for r in range(planes.shape[0]):
        for row in range(rows + 2 * reach - 1):
            run, source = 0.0, row - reach
            for col in range(cols + 2 * reach - 1):
                if 0 <= source < rows and reach <= col < cols + reach:
                    run += planes[r, source * cols + col - reach]
                summed[row + 1, col + 1] = summed[row, col + 1] + run
        for row in range(rows):
            line = out[r, row * cols : row * cols + cols]
            line[:] = 0.0
            for k in range(reach):
                above = summed[row + reach - k]
                below = summed[row + reach + k + 1]
                west, east, w = reach - k, reach + k + 1, drop[k]
                for col in range(cols):
                    box = (below[col + east] - below[col + west]) - (above[col + east] - above[col + west])
                    line[col] += w * box


@njit(cache=True, nogil=True)
def crest(planes, rows, cols, down, right, weight, out):
    """Raise each cell to the largest value among the planes moved by each offset."""
    for r in range(planes.shape[0]):
        for t in range(weight.size):
            for row in range(max(0, -down[t]), min(rows, rows - down[t])):
                here, there = row * cols, (row + down[t]) * cols + right[t]
                for col in range(max(0, -right[t]), min(cols, cols - right[t])):
                    out[r, here + col] = max(out[r, here + col], weight[t] * planes[r, there + col])
