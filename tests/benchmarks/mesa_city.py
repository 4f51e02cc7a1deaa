"""The comparator in Mesa: the workload as one would write it with `agents.do("step")`."""

from __future__ import annotations

import mesa
import numpy as np
from police import Police
from workloads import REFIT, REPORT, WINDOW


class Person(mesa.Agent):
    """A resident."""

    def __init__(self, model, home: int, group: int):
        super().__init__(model)
        self.home, self.group, self.hazard = home, group, model.hazard

    def step(self):
        """Offend, rarely; `model.random` and a hazard of one's own halve the time of `self.random`."""
        if self.model.random.random() < self.hazard:
            self.model.offend(self)


class Unit(mesa.Agent):
    """A patrol unit: `post` holds the cells of its day, `stops` the mean number of stops in each."""

    post, stops = (), ()

    def step(self):
        """Stop people wherever it is."""
        for cell, count in zip(self.post, self.model.rng.poisson(self.stops), strict=True):
            people = self.model.people[cell]
            for _ in range(count if people else 0):
                self.model.write("stops", self.random.choice(people).group, cell)


class MesaCity(mesa.Model):
    """The workload's laws, agent by agent; arguments as for `NumpyCity`."""

    def __init__(self, city, *, hazard: float, units: int, seed: int):
        super().__init__(rng=seed)
        self.hazard, self.police, self.groups, self.today = hazard, Police(city, units), len(city.groups), 0
        homes = np.repeat(np.arange(city.residents.size), city.residents.ravel()).tolist()
        self.people = [[] for _ in range(city.grid.n)]
        for home, group in (divmod(h, self.groups) for h in homes):
            self.people[home].append(Person(self, home, group))
        for _ in range(units):
            Unit(self)
        self.forget()
        self.send_out()

    def forget(self):
        """Start the tallies anew."""
        self.tally = {k: [0] * self.groups for k in ("offences", "reports", "discoveries", "stops")}

    def send_out(self):
        """Deal the cells of the plan out to the units."""
        units = list(self.agents_by_type[Unit])
        for i, unit in enumerate(units):
            unit.post = self.police.cells[i :: len(units)].tolist()
            unit.stops = self.police.stops[i :: len(units)]

    def history(self):
        """The window before day 0, patrolled by population."""
        for _ in range(WINDOW):
            self.day()
        self.forget()

    def step(self):
        """One day under the model."""
        if self.today % REFIT == 0:
            self.police.predict_and_patrol()
            self.send_out()
        self.today += 1
        self.day()

    def day(self):
        """Everyone acts, then the day is written down."""
        self.places = []
        self.agents_by_type[Person].do("step")
        self.agents_by_type[Unit].do("step")
        self.police.write(np.array(self.places, dtype=np.int64))

    def offend(self, person: Person):
        """An offence at home; reported, discovered or never known."""
        self.tally["offences"][person.group] += 1
        luck = self.random.random()
        if luck < REPORT:
            self.write("reports", person.group, person.home)
        elif luck < REPORT + (1 - REPORT) * self.police.discovery[person.home]:
            self.write("discoveries", person.group, person.home)

    def write(self, what: str, group: int, cell: int):
        """One record."""
        self.tally[what][group] += 1
        self.places.append(cell)
