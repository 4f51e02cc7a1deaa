"""Koper: 15-minute visits to the top cells, as even as can be, in an order nobody can foresee."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loopsim.allocation.ranking import highest
from loopsim.limits import number, validate
from loopsim.philox import ALLOCATION
from loopsim.stages import Now


@dataclass(frozen=True, kw_only=True)
class Koper:
    """Cut the budget into short visits and go round the top cells in random order.

    A day is a number of rounds. In each round every cell is visited once, in a fresh random
    order; the last round may be cut short. So the cells' visits differ by at most one, and
    no offender can tell when the next one comes. The budget is shared among a whole number
    of visits, each of at least `visit_min` minutes.

    Parameters
    ----------
    budget : float, officer-hours a day
    k : int, cells
    visit_min : float, minutes that a visit lasts
    officers : int, officers on a visit
    least : int, visits a day that each cell gets; fewer cells are visited where the budget
        does not reach

    **Special cases**

    - Visits a whole multiple of `k`: top cells.
    - A budget of less than one visit: one visit, as long as the budget lasts.

    **Feedback**: that of top cells; a cell left out gets no discovery, so it is not chosen again.

    References
    ----------
    Koper (1995), "Just enough police presence": presence beyond 10 minutes deters beyond the
    stay, best at 11-15 minutes.
    """

    budget: float = number(above=0, unit="officer-hours/day")
    k: int = number(at_least=1, unit="cells")
    visit_min: float = number(above=0, at_most=1440, unit="minutes")
    officers: int = number(at_least=1, unit="officers")
    least: int = number(at_least=1, unit="visits/cell/day")

    def __post_init__(self):
        validate(self)

    def visits_a_day(self, now: Now) -> int:
        """How many visits the budget pays for, at least 1."""
        hours = self.visit_min / 60.0 * self.officers
        return max(1, int(now.budget / hours * (1.0 + 1e-12)))

    def order(self, cells: np.ndarray, day: int, now: Now) -> np.ndarray:
        """(R, visits) cells in the order in which they are visited on `day`."""
        visits, (rows, k) = self.visits_a_day(now), cells.shape
        rounds = -(-visits // k)
        keys = now.dice.uniform(rounds * k, day=day, stream=ALLOCATION).reshape(rows, rounds, k)
        turns = np.argsort(keys, axis=2, kind="stable").reshape(rows, rounds * k)[:, :visits]
        return np.take_along_axis(cells, turns, axis=1)

    def __call__(self, risk: np.ndarray, now: Now) -> np.ndarray:
        """Plan, (R, days, n) officer-hours."""
        visits = self.visits_a_day(now)
        cells = np.sort(highest(risk, max(1, min(self.k, visits // self.least)), now), axis=1)
        plan = np.zeros((risk.shape[0], now.days, risk.shape[1]))
        rows = np.arange(risk.shape[0])[:, None]
        for day in range(now.days):
            np.add.at(plan, (rows, day, self.order(cells, now.day + day, now)), now.budget / visits)
        return plan
