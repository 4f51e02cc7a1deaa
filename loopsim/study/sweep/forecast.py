"""Forecast: how long a sweep will take, from a few turns of one of its points."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import replace

import numpy as np

from loopsim.limits import Refused
from loopsim.study import run as runner

MANY = 20_000  # points for which a sweep wants a yes
LONG = 3600.0  # seconds likewise
NOTEWORTHY = 3e6  # replicate-days of all arms from which the time is worth finding out
TURNS = 8


def refuse_too_large(points: int, study, workshop, precision=None, *, threads=None, yes=False) -> None:
    """Refuse a design that is too large to start without a yes: how many points and how long."""
    run = next(iter(study.setups.values())).run
    days = points * run.replicates * run.days * len(study.setups)
    if yes or points <= MANY and days < NOTEWORTHY:
        return
    threads = threads or os.cpu_count() or 1
    seconds = points * run.replicates * seconds_each(study, workshop) / threads
    if points > MANY or seconds > LONG:
        least = "at least " if precision else ""
        raise Refused(
            f"{points:,} points of {least}{run.replicates} replicates will take {least}about "
            f"{in_words(seconds)} on {threads} threads; add --yes to run them, or sweep fewer values"
        )


def seconds_each(study, workshop) -> float:
    """Seconds that one replicate of all arms takes, from its first turns (history left out)."""
    first = next(iter(study.setups.values())).run
    cities, stop, starts = workshop.cities(study), threading.Event(), runner.Starts()

    def lived(turns: int) -> float:
        days = min(first.days, turns * first.refit_days)
        setups = {arm: replace(s, run=replace(s.run, days=days)) for arm, s in study.setups.items()}
        began = time.perf_counter()
        one = np.zeros(1, np.uint32)
        runner.observe_chunk(replace(study, setups=setups), cities, one, stop, starts=starts, film=False)
        return (time.perf_counter() - began) / days

    lived(1)  # compiles, and makes the history
    return lived(TURNS) * first.days


def in_words(seconds: float) -> str:
    """90 -> 2 minutes."""
    for name, length in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        if seconds >= 1.5 * length:
            return f"{seconds / length:,.0f} {name}s"
    return "a minute" if seconds >= 30 else "seconds"
