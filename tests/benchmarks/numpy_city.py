"""Comparators in NumPy: every resident draws a number every day, or only the count is drawn."""

from __future__ import annotations

import numpy as np
from police import Police
from workloads import REFIT, REPORT, WINDOW


class NumpyCity:
    """The workload's laws, a day at a time.

    Parameters
    ----------
    city : City
    hazard : float, offences per resident and day
    units : int
    count_first : bool; draw how many offend and then who, else a number for every resident
    """

    def __init__(self, city, *, hazard: float, units: int, seed: int, count_first: bool):
        self.rng, self.police = np.random.default_rng(seed), Police(city, units)
        self.home, self.groups, self.hazard = city.home, len(city.groups), hazard
        self.group = np.repeat(
            np.tile(np.arange(self.groups, dtype=np.int8), city.grid.n), city.residents.ravel()
        )
        here = city.residents.sum(axis=1)
        self.first, self.here, self.total = np.cumsum(here) - here, here, int(here.sum())
        self.offenders = self.count_first if count_first else self.every_resident
        self.forget()
        for _ in range(WINDOW):
            self.day()
        self.forget()

    def forget(self):
        """Start the tallies anew."""
        names = ("offences", "reports", "discoveries", "stops")
        self.tally = {name: np.zeros(self.groups, np.int64) for name in names}

    def every_resident(self):
        """Who offends today: one number for each resident."""
        return np.flatnonzero(self.rng.random(self.total, dtype=np.float32) < self.hazard)

    def count_first(self):
        """Who offends today: how many, and then who."""
        return self.rng.integers(0, self.total, self.rng.poisson(self.hazard * self.total))

    def live(self, days: int):
        """Days under the model, refitted every week."""
        for day in range(days):
            if day % REFIT == 0:
                self.police.predict_and_patrol()
            self.day()

    def day(self):
        """One day: offences, what is recorded of them, stops."""
        police, rng = self.police, self.rng
        who = self.offenders()
        where, luck = self.home[who], rng.random(who.size)
        reported = luck < REPORT
        seen = luck < REPORT + (1 - REPORT) * police.discovery[where]
        visited = np.repeat(police.cells, rng.poisson(police.stops))
        visited = visited[self.here[visited] > 0]
        stopped = self.first[visited] + (rng.random(visited.size) * self.here[visited]).astype(np.int64)
        police.write(where[seen], visited)
        people = {
            "offences": who,
            "reports": who[reported],
            "discoveries": who[seen & ~reported],
            "stops": stopped,
        }
        for name, numbers in people.items():
            self.tally[name] += np.bincount(self.group[numbers], minlength=self.groups)
