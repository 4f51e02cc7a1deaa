"""Run a study: every arm of every replicate, on the same crimes, in threads."""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

import numpy as np

from loopsim.limits import Refused
from loopsim.loop import Change, Loop
from loopsim.philox import Dice
from loopsim.records.ledger import Ledger
from loopsim.records.legacy import write_history
from loopsim.study.progress import bar_of

CHUNK = 4  # replicates that turn together; results do not depend on it


class Stopped(Exception):
    """The user asked to stop; finished replicates are kept."""


@dataclass(kw_only=True, eq=False)
class Start:
    """Day 0 of one arm: what the police know, and how it came about."""

    world: object
    ledger: Ledger
    legacy: np.ndarray | None
    notes: dict


def history_days(setup, city) -> int:
    """Days of history of an arm: as configured, else as many as the imported records span."""
    if setup.run.history_days is not None and setup.bias.how != "real":
        return setup.run.history_days
    if city.records is None:
        raise Refused(
            "history_days must be a whole number >= 1 where the city has no records, got null; set history_days"
        )
    return int(city.records.month_days.sum())


def make_world(setup, city, replicates):
    """The world of an arm: `world=fast` or `world=agents`."""
    kwargs = dict(
        seed=setup.run.seed, replicates=replicates, budget=setup.allocator.budget, persons=setup.run.log
    )
    if setup.names["world"] == "agents":
        from loopsim.world.agents import AgentsWorld as Kind
    else:
        from loopsim.world.fast import FastWorld as Kind
    return Kind(setup.world, city, **kwargs)


def make_start(setup, city, replicates) -> Start:
    """Live through the history before day 0."""
    replicates = np.asarray(replicates, np.uint32)
    world = make_world(setup, city, replicates)
    home = city.home if needs_addresses(setup) else None
    ledger = Ledger(world.kinds, city.grid.n, replicates.size, persons=setup.run.log, home=home)
    dice = Dice(setup.run.seed, replicates)
    days = history_days(setup, city)
    legacy = write_history(
        setup.bias, days, city=city, world=world, ledger=ledger, budget=setup.allocator.budget, dice=dice
    )
    return Start(world=world, ledger=ledger, legacy=legacy, notes={})


def needs_addresses(setup) -> bool:
    """Whether a model of an arm maps where people on record live, now or after a switch."""
    arms = (setup, setup.after) if setup.after else (setup,)
    return any(getattr(arm.predictor, "needs_addresses", False) for arm in arms)


def open_loop(setup, city, replicates, start: Start | None = None) -> Loop:
    """The loop of one arm on the morning of day 0; a given `start` is left untouched."""
    replicates = np.asarray(replicates, np.uint32)
    start = make_start(setup, city, replicates) if start is None else start
    memory = np.inf if setup.run.log else max(_memories(setup)) + _wait(setup)
    return Loop(
        grid=city.grid,
        ledger=start.ledger.fork(memory_days=memory),
        remedy=setup.remedy,
        predictor=setup.predictor,
        allocator=setup.allocator,
        world=start.world.fork() if hasattr(start.world, "fork") else make_world(setup, city, replicates),
        weights=setup.shown.per_kind(start.ledger.kinds),
        budget=setup.allocator.budget,
        refit_days=setup.run.refit_days,
        dice=Dice(setup.run.seed, replicates),
        feedback=setup.run.feedback,
        changes=_changes(setup, start.ledger.kinds),
    )


def _memories(setup):
    """Days of records that each stage of an arm looks back on, now or after a switch."""
    for arm in (setup, setup.after) if setup.after else (setup,):
        for stage in (arm.predictor, arm.allocator, arm.remedy):
            yield getattr(stage, "memory_days", 0)


def _wait(setup) -> int:
    """Days after day 0 on which a new stage may still ask for the past as it was on day 0."""
    return setup.remedy.from_day + setup.run.refit_days if setup.after else 0


def _changes(setup, kinds) -> tuple[Change, ...]:
    """The reform of an arm with `remedy=switch`."""
    if setup.after is None:
        return ()
    after = setup.after
    parts = {"remedy": after.remedy, "predictor": after.predictor, "allocator": after.allocator}
    parts["weights"] = after.shown.per_kind(kinds)
    return (Change(from_day=setup.remedy.from_day, parts=parts),)


def same_start(setup):
    """What two arms must share to share their history."""
    run = setup.run
    return repr(
        (
            same_city(setup),
            setup.bias,
            setup.world,
            run.history_days,
            run.seed,
            run.log,
            needs_addresses(setup),
            setup.allocator.budget,
            setup.names["world"],
        )
    )


def same_city(setup):
    """What two arms must share to share their city."""
    return setup.names["city"], repr(setup.city), setup.run.seed


class Starts:
    """The histories that arms share; a sweep lends one that its points share too."""

    def __init__(self):
        self._held = {}

    def get(self, key, make):
        """What is held under a key, made when it is first asked for."""
        if key not in self._held:
            self._held[key] = make()
        return self._held[key]


def observe_chunk(
    study, cities, replicates, stop: threading.Event, done=lambda arm: None, *, starts=None, film=True
):
    """Observations of every arm for a few replicates, and the fallbacks that stages noted."""
    from loopsim.study.observer.observe import Observer

    starts, seen, fallbacks = starts or Starts(), {}, set()
    for arm, setup in study.setups.items():
        city = cities[arm]
        key = same_start(setup), tuple(map(int, replicates))
        start = starts.get(key, lambda s=setup, c=city: make_start(s, c, replicates))
        loop = open_loop(setup, city, replicates, start)
        observer = Observer(
            city, loop.ledger.kinds, budget=loop.budget, days=setup.run.days, replicates=replicates,
            measure_days=setup.run.measure_days, refit_days=setup.run.refit_days, film=film,
        )  # fmt: skip
        observer.history(loop.ledger, start.legacy)
        for turn in loop.run(setup.run.days):
            if stop.is_set():
                raise Stopped
            observer.see(turn)
        seen[arm] = observer.finish()
        fallbacks.update(f"{arm}: {line}" for line in loop.notes.get("fallbacks", ()))
        done(arm)
    return seen, fallbacks


def build_cities(study) -> dict:
    """The city of each arm; arms with the same city share one."""
    built = {}
    for arm, setup in study.setups.items():
        key = same_city(setup)
        if key not in built:
            built[key] = setup.city.build(setup.run.seed)
        built[arm] = built[key]
    return {arm: built[arm] for arm in study.setups}


def run(study, progress: bool = False):
    """Run a study and write its results.

    Ctrl-C keeps the replicates that are finished in every arm; without any, nothing is written.
    """
    from loopsim.study import store
    from loopsim.study.result import Result

    began, cpu = time.perf_counter(), time.process_time()
    cities = build_cities(study)
    store.check(study.out)
    total = next(iter(study.setups.values())).run.replicates
    chunks = [range(i, min(i + CHUNK, total)) for i in range(0, total, CHUNK)]
    parts, fallbacks, interrupted = _in_threads(study, cities, chunks, progress)
    if not parts:
        raise KeyboardInterrupt("stopped before a replicate was finished: nothing was written")
    ordered = [parts[chunk] for chunk in chunks if chunk in parts]
    result = Result.from_observations(
        study, {arm: [part[arm] for part in ordered] for arm in study.setups}, cities,
        seconds=(time.perf_counter() - began, time.process_time() - cpu),
        interrupted=interrupted, fallbacks=sorted(fallbacks),
    )  # fmt: skip
    store.write(study.out, result)
    return result


def _in_threads(study, cities, chunks, progress):
    """Observations by chunk; chunks that were not finished when the user stopped are missing."""
    stop, parts, fallbacks = threading.Event(), {}, set()
    bar = bar_of(len(chunks) * len(study.setups), progress)
    pool = ThreadPoolExecutor(study.threads or os.cpu_count() or 1)
    try:
        jobs = {
            pool.submit(
                observe_chunk, study, cities, np.array(c, np.uint32), stop, lambda arm: bar.update()
            ): c
            for c in chunks
        }
        for job in as_completed(jobs):
            parts[jobs[job]], noted = job.result()
            fallbacks |= noted
        return parts, fallbacks, False
    except KeyboardInterrupt:
        stop.set()
        pool.shutdown(cancel_futures=True)
        for job, chunk in jobs.items():
            if job.done() and not job.cancelled() and job.exception() is None:
                parts[chunk] = job.result()[0]
        return parts, fallbacks, True
    finally:
        stop.set()
        pool.shutdown(cancel_futures=True)
        bar.close()
