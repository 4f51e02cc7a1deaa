"""Workshop: where points become results; cities and histories are made once and shared."""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import Future
from functools import lru_cache

import numpy as np

from loopsim.study import run as runner
from loopsim.study.config.checks import memory_of_machine
from loopsim.study.observer.observations import Observations
from loopsim.study.result import estimated
from loopsim.study.store import cell, line_of, start_of
from loopsim.study.sweep.parts import Part
from loopsim.study.sweep.precision import Precision

CITIES = 8  # held at a time
SHARE_OF_MEMORY = 0.125  # for histories that wait for the next point


class Shelf:
    """Things made once by key; the longest unused go when there is no room.

    Parameters
    ----------
    room : float, what the sizes may add up to
    size : thing -> its size
    """

    def __init__(self, room: float, size=lambda thing: 1):
        self._room, self._size, self._used = room, size, 0
        self._held: OrderedDict = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key, make):
        """What is held under a key; made once, however many threads ask."""
        with self._lock:
            job, mine = self._held.get(key), key not in self._held
            if mine:
                job = self._held[key] = Future()
            self._held.move_to_end(key)
        if mine:
            try:
                job.set_result(make())
            except BaseException as error:
                with self._lock:
                    self._held.pop(key, None)
                job.set_exception(error)
                raise
            self._tidy(self._size(job.result()))
        return job.result()

    def _tidy(self, more: float) -> None:
        with self._lock:
            self._used += more
            while self._used > self._room and self._held:
                key, job = next(iter(self._held.items()))
                if not job.done():
                    return
                self._held.pop(key)
                self._used -= self._size(job.result())


class Workshop:
    """Makes the parts of points on this machine."""

    def __init__(self):
        self._cities = Shelf(CITIES)
        self.starts = Shelf(SHARE_OF_MEMORY * (memory_of_machine() or 8e9), _bytes)

    def cities(self, study) -> dict:
        """The city of each arm, shared by all points that have it."""
        return {
            arm: self._cities.get(runner.same_city(setup), lambda s=setup: s.city.build(s.run.seed))
            for arm, setup in study.setups.items()
        }

    def part(self, study, precision: Precision | None, stop: threading.Event, each=map) -> Part:
        """Run a point until its replicates are done, or its interval is narrow enough.

        Parameters
        ----------
        each : `map`, or that of a pool of threads for the chunks of one point
        """
        cities, observed, notes = self.cities(study), {}, set()
        done, wanted = 0, next(iter(study.setups.values())).run.replicates
        while True:
            for seen, fallbacks in each(lambda c: self._chunk(study, cities, c, stop), _chunks(done, wanted)):
                notes |= fallbacks
                for arm, one in seen.items():
                    observed.setdefault(arm, []).append(one)
            done = wanted
            joined = {arm: Observations.joined(chunks) for arm, chunks in observed.items()}
            found, verdict = estimated(study, joined, cities)
            wanted, width = precision.next(found, done) if precision else (done, None)
            if wanted <= done:
                return _part(found, verdict, done, width, sorted(notes))

    def _chunk(self, study, cities, replicates, stop):
        return runner.observe_chunk(study, cities, replicates, stop, starts=self.starts, film=False)


def _chunks(first: int, end: int) -> list[np.ndarray]:
    cuts = [*range(first, end, runner.CHUNK), end]
    return [np.arange(a, b, dtype=np.uint32) for a, b in zip(cuts, cuts[1:], strict=False)]


def _part(found: dict, verdict: dict, replicates: int, width, notes: list) -> Part:
    summary, metrics = [], []
    for arm, estimates in found.items():
        kept, last = _days(tuple(estimates.keys))
        summary += [start_of(*row[:4]) + "," + line_of(row[4:]) for row in estimates.kept(kept).rows(arm)]
        ends, whose = estimates.kept(last), start_of(arm)
        for key, values in zip(ends.keys, ends.values.tolist(), strict=True):
            name = start_of(*key)
            metrics += [f"{whose},{r},{name},{cell(v, 7)}\n" for r, v in enumerate(values) if v == v]
    return Part(
        summary="".join(summary), metrics="".join(metrics), verdict=verdict, replicates=replicates,
        width=width, notes=notes,
    )  # fmt: skip


@lru_cache(maxsize=64)
def _days(keys: tuple) -> tuple[set, set]:
    """The rows that a sweep keeps: of a series taken at every plan the last plan of each period.

    Returns
    -------
    kept : rows for the summary: first and last of a series and the last by each period's end
    last : rows for the metrics: the last of each series
    """
    ends = {day for day, measure, _ in keys if measure == "recorded_rate"}
    series: dict = {}
    for day, *name in keys:
        series.setdefault(tuple(name), []).append(day)
    kept, last = set(), set()
    for name, days in series.items():
        days = sorted(days)
        before = {max((d for d in days if d <= end), default=days[0]) for end in ends}
        kept |= {(d, *name) for d in before | {days[0], days[-1]}}
        last.add((days[-1], *name))
    return kept, last


def _bytes(start) -> int:
    """Memory that the history of a start takes."""
    names = ("count", "day", "cell", "kind", "patrol", "person")
    return sum(getattr(page, name).nbytes for page in start.ledger.pages for name in names)
