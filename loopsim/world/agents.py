"""Agents: the day of the fast world once more, resident by resident and officer by officer.

Made to be read aloud: what a `Resident` does, what an `Officer` does, what becomes of it.
The laws and parameters are those of the fast world; this one costs a call per resident and day.
"""

from __future__ import annotations

import copy
import math

import mesa
import numpy as np

from loopsim.city.city import City
from loopsim.records.page import Page
from loopsim.stages import Now, Truth
from loopsim.world.acts import Acts
from loopsim.world.notebook import Notebook, copy_out
from loopsim.world.places import Places

SHIFT_HOURS = 8.0  # an officer's day; how the hours are shared out changes nothing


class Resident(mesa.Agent):
    """Someone who lives here; offends as often as everyone else.

    Parameters
    ----------
    number : int, the same in every world
    home : int, cell
    group : int
    hazard : float, offences per day
    """

    def __init__(self, model, number: int, home: int, group: int, hazard: float):
        super().__init__(model)
        self.number, self.home, self.group, self.hazard = number, home, group, hazard
        self.times_stopped = self.times_recorded = 0

    def offend(self):
        """Today's offences are a Poisson process: nearly always there are none."""
        waited = self.random.expovariate(1.0)
        while waited < self.hazard:
            offence = self.random.choices(self.model.types, self.model.rates)[0]
            place = self.model.places.destination(self.home, self.random)
            self.model.attempt(self, offence, self.unless_kept_away(place))
            waited += self.random.expovariate(1.0)

    def unless_kept_away(self, place: int) -> int:
        """People keep away from flagged cells: what would have happened there happens at home."""
        kept_away = self.model.flagged[place] and self.rng.random() < self.model.acts.chill
        return self.home if kept_away else place


class Officer(mesa.Agent):
    """A patrol unit with its round for the day: cells, and hours in each."""

    def __init__(self, model):
        super().__init__(model)
        self.round: list[tuple[int, float]] = []

    def patrol(self):
        """Stop people wherever the round leads."""
        for cell, hours in self.round:
            for _ in range(self.rng.poisson(hours * self.model.stops_per_hour(cell))):
                self.stop(self.model.someone_in(cell), cell)

    def stop(self, person: Resident, cell: int):
        """Search someone: what turns up is the same gamble for every group."""
        person.times_stopped += 1
        found = int(np.searchsorted(np.cumsum(self.model.found), self.rng.random(), side="right"))
        self.model.write(person, cell, self.model.first_search + found)
        self.model.perhaps_log(person, cell)


class CityDay(mesa.Model):
    """One city under one force, one day after another.

    Parameters
    ----------
    acts : Acts
    city : City
    seed, replicate : int, what the random numbers of every day start from
    budget : float, officer-hours a day
    places : Places of the same city, if they are already known
    """

    def __init__(self, acts: Acts, city: City, *, seed: int, replicate: int, budget: float, places=None):
        super().__init__(rng=[seed, replicate])
        self.acts, self.city, self.places = acts, city, places or Places(acts, city)
        self.address, self.budget = (seed, replicate), budget
        self.groups = len(city.groups)
        self.rates = [rate / 1000 / 365 for rate in acts.column("offences", "true_rate")]
        self.types = list(range(len(self.rates)))
        self.found = acts.column("carried", "found")
        self.reported, self.discovered = (acts.column("offences", c) for c in ("reported", "discovered"))
        self.bias = np.array(acts.weights_of("stop_bias", city.groups))
        self.first_search = 2 * len(self.types)
        self.multiplier = 1 - acts.reporting_by_deprivation * city.grid.layers["deprivation"]
        self.dose = np.zeros(city.grid.n)
        self.repeats: dict[int, list] = {}
        self.people = self._move_in()
        for _ in range(max(1, math.ceil(budget / SHIFT_HOURS))):
            Officer(self)
        self.open_notebook()

    def _move_in(self) -> list[Resident]:
        first_offences = sum(self.rates) * (1 - self.acts.near_repeat)
        hazards = [first_offences * m for m in self.acts.weights_of("hazard_multiplier", self.city.groups)]
        homes = np.repeat(np.arange(self.city.residents.size), self.city.residents.ravel())
        places = [divmod(int(h), self.groups) for h in homes]
        return [Resident(self, i, home, group, hazards[group]) for i, (home, group) in enumerate(places)]

    def fork(self) -> CityDay:
        """The same city with the same past: hours that are still felt, repeats that are due."""
        same = dict(zip(("seed", "replicate"), self.address, strict=True), places=self.places)
        other = CityDay(self.acts, self.city, budget=self.budget, **same)
        other.dose = self.dose.copy()
        for day, due in self.repeats.items():
            other.repeats[day] = [(other.people[who.number], offence, cell) for who, offence, cell in due]
        return other

    def open_notebook(self):
        """Start a clean notebook for the turn that begins."""
        self.notebook = Notebook(self.city.grid.n, self.groups, len(self.types), len(self.acts.kinds))

    def live(self, day: int, patrol: np.ndarray):
        """One day: people act, old offences are repeated, officers go their rounds."""
        self.day, self.hours = day, patrol
        self.random.seed(repr((*self.address, day)))
        self.rng = np.random.default_rng([*self.address, day & 0xFFFFFFFF])
        even_share = self.budget / self.city.grid.n_inside
        self.flagged = patrol > even_share * 1.000001
        self.dose = self.dose * 0.5 ** (1 / self.acts.deterrence_half_life_days) + patrol
        self.felt = self.places.felt(self.dose)
        self.agents_by_type[Resident].do("offend")
        for resident, offence, cell in self.repeats.pop(day, []):
            self.attempt(resident, offence, cell)
        self.send_out(patrol)
        self.agents_by_type[Officer].do("patrol")

    def send_out(self, patrol: np.ndarray):
        """Share today's hours out: the first officer takes the first cells, and so on."""
        officers = list(self.agents_by_type[Officer])
        shift = patrol.sum() / len(officers)
        end = np.cumsum(patrol)
        for i, officer in enumerate(officers):
            last = np.inf if i == len(officers) - 1 else (i + 1) * shift
            hours = np.minimum(end, last) - np.maximum(end - patrol, i * shift)
            officer.round = [(int(c), float(hours[c])) for c in np.flatnonzero(hours > 0)]

    def attempt(self, resident: Resident, offence: int, cell: int):
        """An offence happens, unless patrol prevents it; some of those prevented move nearby."""
        if self.rng.random() < -math.expm1(-self.acts.deterrence * self.felt[cell]):
            moves = self.rng.random() < self.acts.displacement
            cell = self.places.moved(cell, self.random) if moves else None
        if cell is not None:
            self.happen(resident, offence, cell)

    def happen(self, resident: Resident, offence: int, cell: int):
        """What truly happens; it may be written down, and it may be repeated."""
        self.notebook.happened(resident.group, offence, cell)
        self.perhaps_record(resident, offence, cell)
        waited = self.random.expovariate(1.0)
        while waited < self.acts.near_repeat:
            lag = math.ceil(self.random.expovariate(1 / self.acts.near_repeat_lag_days))
            repeat = resident, offence, self.places.repeated(cell, self.random)
            self.repeats.setdefault(self.day + max(lag, 1), []).append(repeat)
            waited += self.random.expovariate(1.0)

    def perhaps_record(self, resident: Resident, offence: int, cell: int):
        """One number decides: reported, or else discovered by patrol, or never recorded."""
        patrol, luck = self.hours[cell], self.rng.random()
        under_patrol = 1 + self.acts.patrol_raises_reporting * -math.expm1(-patrol)
        report = min(1.0, self.reported[offence] * self.multiplier[cell] * under_patrol)
        discover = -math.expm1(-self.discovered[offence] * patrol)
        if luck < report:
            self.write(resident, cell, offence)
        elif luck < report + (1 - report) * discover:
            self.write(resident, cell, len(self.types) + offence)
            self.perhaps_log(resident, cell)

    def perhaps_log(self, person: Resident, cell: int):
        """A stop or a discovery may add an intelligence log, good or poor."""
        if self.rng.random() < self.acts.intelligence:
            grade = int(self.rng.integers(len(self.acts.intelligence_strengths)))
            self.write(person, cell, self.first_search + len(self.found) + 1 + grade)

    def write(self, person: Resident, cell: int, kind: int):
        """All that the police will know of it."""
        person.times_recorded += 1
        self.notebook.write(self.day, cell, kind, self.hours[cell], person.number, person.group)

    def stops_per_hour(self, cell: int) -> float:
        """Stops per officer-hour: more where the model points, fewer where people keep away."""
        if not (self.places.present[cell] * self.bias).sum() > 0:
            return 0.0
        if not self.flagged[cell]:
            return self.acts.stop_rate
        return self.acts.stop_rate * (1 + self.acts.label_effect) * (1 - self.acts.chill)

    def someone_in(self, cell: int) -> Resident:
        """Anyone present, by group first (all groups weigh alike unless `stop_bias` says else)."""
        weights = self.places.present[cell] * self.bias
        group = int(self.rng.choice(self.groups, p=weights / weights.sum()))
        homes, chances = self.places.origins(cell, group)
        home = int(self.rng.choice(homes, p=np.divide(chances, sum(chances))))
        first = self.city.first[home * self.groups + group]
        return self.people[first + int(self.rng.integers(self.city.residents[home, group]))]


class AgentsWorld:
    """The readable world: one `CityDay` per replicate, behind the same door as the fast one.

    Parameters
    ----------
    acts : Acts
    city : City
    seed : int
    replicates : (R,) uint32, numbers of the replicates
    budget : float, officer-hours a day
    persons : bool, as in the fast world; here the page alone decides whether people are named
    """

    def __init__(self, acts: Acts, city: City, *, seed: int, replicates, budget: float, persons=False):
        self.kinds, self.persons = acts.kinds, persons
        same = dict(seed=seed, budget=budget, places=Places(acts, city))
        self.models = [CityDay(acts, city, replicate=int(r), **same) for r in replicates]

    def fork(self) -> AgentsWorld:
        """A world with the same past and a future of its own."""
        other = copy.copy(self)
        other.models = [model.fork() for model in self.models]
        return other

    def page_capacity(self, days: int) -> int:
        """Room to start with; a page grows when more is written."""
        return 64 * days

    def __call__(self, plan: np.ndarray, now: Now, page: Page) -> Truth:
        """Let `now.days` days happen under `plan` and write the records on `page`."""
        for row, model in enumerate(self.models):
            model.open_notebook()
            for d in range(now.days):
                model.live(now.day + d, plan[row, d])
        notebooks = [model.notebook for model in self.models]
        copy_out(notebooks, page)
        names = ("offences", "offences_by_group", "tally")
        return Truth(**{name: np.stack([getattr(book, name) for book in notebooks]) for name in names})
