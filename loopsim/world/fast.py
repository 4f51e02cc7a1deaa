"""The fast world: event-driven, so that cost follows offences and stops, not residents x days.

How many offences of a type happen today is one Poisson draw; who commits each is one
random number. That is exactly a Poisson process of equal hazard for every resident.
"""

from __future__ import annotations

import copy
import math

import numpy as np
from scipy.special import pdtr, pdtrik

from loopsim.city.city import City
from loopsim.records.page import Page
from loopsim.stages import Now, Truth
from loopsim.world.acts import Acts
from loopsim.world.journey import disc_moves, journey_kernel, journey_moves
from loopsim.world.kernels import knobs as K
from loopsim.world.kernels.bench import lay_out
from loopsim.world.kernels.day import live
from loopsim.world.kernels.stops import ROOM, WIDE
from loopsim.world.kernels.visits import TABLE

_DAYS_A_YEAR = 365.0
_NOBODY = 1e-9  # people; what is less is rounding of the transform
_ABOVE_EVEN = 1.000001  # a cell is flagged when its patrol exceeds an even spread


class FastWorld:
    """The world of one arm for a chunk of replicates.

    Parameters
    ----------
    acts : Acts
    city : City
    seed : int
    replicates : (R,) uint32, numbers of the replicates
    budget : float, officer-hours a day
    persons : bool, write person numbers (the event log)
    """

    def __init__(self, acts: Acts, city: City, *, seed: int, replicates, budget: float, persons=False):
        self.acts, self.city, self.budget = acts, city, budget
        self.kinds, self.persons = acts.kinds, persons
        self._seed = np.uint32(seed)
        self._replicates = np.asarray(replicates, np.uint32)
        self._town, self._law, self._knobs = self._make_town(), self._make_law(), self._make_knobs()
        self._chances = self._make_chances()
        self._make_memory()
        self._benches: dict = {}
        self._room: dict[int, int] = {}

    def page_capacity(self, days: int) -> int:
        """Room for the records of `days` days: the mean and twelve standard deviations."""
        if days not in self._room:
            self._room[days] = self._capacity(days)
        return self._room[days]

    def _capacity(self, days: int) -> int:
        stops = self.acts.stop_rate * self.budget * (1 + self.acts.label_effect)
        mean = days * 2.0 * (self._daily / (1 - self.acts.near_repeat) + stops)
        spread = 1.0 / (1 - self.acts.near_repeat)
        return int(mean + 12 * spread * math.sqrt(mean) + 64)

    def __call__(self, plan: np.ndarray, now: Now, page: Page) -> Truth:
        """Let `now.days` days happen under `plan` (R, days, n) and write the page."""
        if plan.strides[1] == 0:
            plan = plan[:, :1]
        columns = (page.count, page.day, page.cell, page.kind, page.times, page.patrol, page.person)
        bench = self._bench(now.days)
        longest, lowest = live(self._seed, self._replicates, now.day, now.days, plan, bench, columns)
        if longest >= page.capacity:
            raise RuntimeError(f"a page had room for {page.capacity} records, got {longest}")
        if lowest < 0:
            raise RuntimeError("too many near repeats are waiting; lower world.near_repeat")
        offences, by_group, tally = self._out
        return Truth(offences=offences, offences_by_group=by_group, tally=tally)

    def fork(self) -> FastWorld:
        """A world in the same state with a future of its own."""
        other = copy.copy(self)
        other._out = tuple(np.zeros_like(a) for a in self._out)
        other._dose, other._felt = self._dose.copy(), self._felt.copy()
        other._waiting = tuple(a.copy() for a in self._waiting)
        # Scratch too, for forks may live in different threads.
        other._stops, other._benches = _desk(self.city.grid.n, len(self.city.groups)), {}
        return other

    def _make_town(self):
        grid, acts = self.city.grid, self.acts
        none = np.empty((0, 2), np.int16)
        moves = journey_moves(acts.journey_m / grid.cell_m) if acts.journey_m > 0 else none
        near = disc_moves(acts.displacement_m / grid.cell_m) if acts.displacement > 0 else none
        venues = venue_cells(acts, grid) if acts.venue_pull > 0 else np.empty(0, np.int32)
        inside = np.ascontiguousarray(grid.inside, np.bool_)
        return (home_and_group(self.city), self.city.first, inside, grid.rows, grid.cols, moves, venues, near)

    def _make_law(self):
        acts = self.acts
        less = acts.reporting_by_deprivation
        multiplier = 1.0 - less * self.city.grid.layers["deprivation"] if less > 0 else np.ones(1)
        reported, discovered = (np.array(acts.column("offences", c)) for c in ("reported", "discovered"))
        found = np.cumsum(np.array(acts.column("carried", "found"), float))
        return (reported, discovered, multiplier, found, self.kinds.index("stop", "stop"))

    def _make_chances(self):
        acts, groups = self.acts, self.city.groups
        hazard = np.array(acts.weights_of("hazard_multiplier", groups))
        most = max(hazard.max(), 1e-300)
        rate = np.array(acts.column("offences", "true_rate")) / 1000.0 / _DAYS_A_YEAR
        mean = rate * (1 - acts.near_repeat) * most * self.city.total
        self._daily = mean.sum()
        # scipy.special, for scipy.stats takes half a second to import
        top = int(np.ceil(pdtrik(1 - 1e-15, mean.max()))) + 2 if mean.max() > 0 else 2
        cdf = pdtr(np.arange(top)[None, :], mean[:, None])
        cdf[:, -1] = 1.0
        uneven = bool((hazard != most).any())
        return (cdf, hazard / most, present_weights(acts, self.city), uneven, self.city.residents.max(axis=0))

    def _make_knobs(self):
        acts, cell_m = self.acts, self.city.grid.cell_m
        even = self.budget / max(self.city.grid.n_inside, 1)
        knobs = np.zeros(15)
        knobs[[K.THETA, K.LAG, K.SPREAD]] = (
            acts.near_repeat, acts.near_repeat_lag_days, acts.near_repeat_spread_m / cell_m,
        )  # fmt: skip
        keep = 0.5 ** (1.0 / acts.deterrence_half_life_days)
        knobs[[K.DETERRENCE, K.KEEP, K.DIFFUSION]] = acts.deterrence, keep, acts.diffusion
        knobs[[K.DISPLACEMENT, K.CHILL, K.LABEL_EFFECT]] = acts.displacement, acts.chill, acts.label_effect
        knobs[K.FLAG_ABOVE] = even * _ABOVE_EVEN
        knobs[[K.RAISES, K.INTELLIGENCE]] = acts.patrol_raises_reporting, acts.intelligence
        knobs[K.GRADES] = len(acts.intelligence_strengths)
        knobs[[K.VENUE_PULL, K.STOP_RATE]] = acts.venue_pull, acts.stop_rate
        return knobs

    def _make_memory(self):
        replicates, n, groups = self._replicates.size, self.city.grid.n, len(self.city.groups)
        self._out = (
            np.zeros((replicates, n), np.int32),
            np.zeros((replicates, groups, len(self.acts.offences)), np.int64),
            np.zeros((replicates, groups, len(self.kinds)), np.int64),
        )
        self._stops = _desk(n, groups)
        self._dose = np.zeros((replicates, n) if self.acts.deterrence > 0 else (replicates, 0))
        self._felt = np.zeros(self._dose.shape[1])
        self._waiting = _waiting_room(replicates, self._daily, self.acts)

    def _bench(self, days: int):
        """All that the kernels work with, for turns of `days` days; made once."""
        if days not in self._benches:
            self._benches[days] = lay_out(
                dose=self._dose, felt=self._felt, town=self._town, chances=self._chances, law=self._law,
                knobs=self._knobs, waiting=self._waiting, out=self._out, scratch=self._scratch(days),
            )  # fmt: skip
        return self._benches[days]

    def _scratch(self, days: int) -> tuple:
        """Columns for the offences of a block of `days` days and the stops of one."""
        room = self.page_capacity(days)
        ints, words = (np.int16, np.int16, np.int32, np.int16, np.int32), (np.uint32,) * 5
        block = tuple(np.empty(room, t) for t in ints + words)
        records = np.empty(room), np.empty(2 * room, np.int32), np.empty(2 * room, np.int16)
        return (block, np.empty(room, np.uint32), records, *self._stops)


def venue_cells(acts: Acts, grid) -> np.ndarray:
    """(V,) int32 cells of the venues that pull, one entry a venue."""
    known = [grid.cells_of(grid.points[kind]) for kind in acts.venues if kind in grid.points]
    cells = np.concatenate(known or [np.empty(0, int)])
    return cells[(cells >= 0) & grid.inside[cells]].astype(np.int32)


def home_and_group(city: City) -> np.ndarray:
    """(N,) home cell of each resident, and the group in the lowest bits: one look-up for both.

    16 bits where they will do: then twice as many residents stay in the nearer caches.
    """
    n, groups = city.residents.shape
    both = (np.arange(n)[:, None] << (groups - 1).bit_length()) + np.arange(groups)
    kind = np.uint16 if both.max() < 1 << 16 else np.int32
    return np.repeat(both.ravel().astype(kind), np.diff(city.first))


def present_weights(acts: Acts, city: City) -> np.ndarray:
    """(n, G) running sum over groups of who may be stopped in a cell: people present x stop bias."""
    present = city.residents.astype(float)
    if acts.journey_m > 0:
        from scipy.signal import fftconvolve  # slow to import

        grid = city.grid
        kernel = journey_kernel(acts.journey_m / grid.cell_m)
        maps = present.T.reshape(-1, grid.rows, grid.cols)
        spread = np.stack([fftconvolve(m, kernel, mode="same") for m in maps])
        spread[spread < _NOBODY] = 0
        present = spread.reshape(len(city.groups), -1).T * grid.inside[:, None]
    return np.cumsum(present * acts.weights_of("stop_bias", city.groups), axis=1)


def _desk(n: int, groups: int):
    """Columns for the visits of a day in n cells and for the stops carried out together."""
    words = (np.empty(n, np.uint32), np.empty(n, np.uint32))
    visit = (words[0], np.empty(n), np.empty(n), np.empty((groups - 1, n)), words[1], np.empty(n, np.int32))
    calls = tuple(np.empty(ROOM + WIDE, t) for t in (np.uint32, np.uint32, np.uint32, np.int32))
    start = np.empty(ROOM + 1, np.int32)
    words, person = np.empty((4, ROOM), np.uint32), np.empty((4, ROOM), np.int32)
    group, ending = np.empty((4, ROOM), np.uint8), np.empty((4, ROOM), np.uint8)
    share = np.empty((groups - 1, ROOM + WIDE))
    return visit, ((*calls, share), start, words, group, ending, person), np.empty(TABLE, np.uint32)


def _waiting_room(replicates: int, daily: float, acts: Acts):
    """A pool of places for near repeats that are not yet due, as linked lists by day."""
    theta = acts.near_repeat
    room = int(8 * daily / (1 - theta) * theta * acts.near_repeat_lag_days) + 4096 if theta > 0 else 0
    shape, ring = (replicates, room), (replicates, K.RING if room else 0)
    nexts = np.tile(np.append(np.arange(1, room), -1), (replicates, 1)) if room else np.empty(shape, np.int64)
    words = (np.empty(shape, np.uint32), np.empty(shape, np.uint32))
    people = (
        np.empty(shape, np.int32),
        np.empty(shape, np.int16),
        np.empty(shape, np.int32),
        np.empty(shape, np.int16),
    )
    return (*people, *words, nexts, np.full(ring, -1), np.zeros(replicates if room else 0, np.int64))
