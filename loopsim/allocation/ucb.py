"""UCB: patrol the k cells that could be best, the mean plus a bonus for having been seen little."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loopsim.allocation.found import memory
from loopsim.allocation.places import at, daily
from loopsim.allocation.ranking import highest
from loopsim.limits import number, validate
from loopsim.stages import Now


@dataclass(frozen=True, kw_only=True)
class Ucb:
    """Rank cells by mean + explore sqrt(2 ln t / n) and patrol the k highest until the refit.

    The mean is patrol's own records per visit (a day with patrol), n the visits, t the days
    so far. The model's first risk counts as `prior_visits` visits to every cell, and means
    are divided by the highest of the replicate, for the bonus is made for rewards in [0, 1].
    A design of this project after UCB1.

    Parameters
    ----------
    budget : float, officer-hours a day
    k : int, cells
    explore : float, weight of the bonus; 1 is UCB1
    prior_visits : float, visits that the first risk stands for

    **Special cases**

    - `explore` 0: greedy; the first day: top cells of the first risk (ln 1 = 0).
    - All cells alike: k at random.

    **Feedback**: records per visit do not grow with visits, and the bonus draws patrol to
    cells it has left alone, so the loop is open; it spends patrol to know that.

    References
    ----------
    Auer, Cesa-Bianchi & Fischer (2002), Machine Learning 47, UCB1.
    """

    budget: float = number(above=0, unit="officer-hours/day")
    k: int = number(at_least=1, unit="cells")
    explore: float = number(at_least=0)
    prior_visits: float = number(above=0, unit="visits")

    def __post_init__(self):
        validate(self)

    def index(self, known: dict, day: int) -> np.ndarray:
        """(R, n) what each cell could be worth, 1 = the best mean."""
        visits = self.prior_visits + known["visits"]
        mean = (self.prior_visits * known["start"] + known["found"]) / visits
        best = mean.max(axis=1, keepdims=True)
        mean = np.divide(mean, best, out=np.zeros(mean.shape), where=best > 0)
        return mean + self.explore * np.sqrt(2.0 * np.log(1.0 + max(day, 0)) / visits)

    def __call__(self, risk: np.ndarray, now: Now) -> np.ndarray:
        """Plan, (R, days, n) officer-hours; the same every day until the refit."""
        known = memory("ucb", risk, now)
        chosen = highest(self.index(known, known["known"]), self.k, now)
        return daily(at(chosen, now.budget / chosen.shape[1], now), now)
