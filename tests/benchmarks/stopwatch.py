"""Stopwatch: CPU seconds of competing jobs, taken in turns (A, B, A, B ...), and their ratios.

CPU time repeats within a few per cent where wall time does not. A job is a function of a
round's number that prepares what it needs, times only what is to be compared, and returns
CPU seconds per unit of work; the number is its seed, so no round repeats another.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from statistics import median

Job = Callable[[int], float]


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of one call, without the garbage collector's."""
    gc.collect()
    gc.disable()
    try:
        began = time.process_time()
        work()
        return time.process_time() - began
    finally:
        gc.enable()


def in_turns(jobs: Mapping[str, Job], rounds: int) -> dict[str, list[float]]:
    """CPU seconds of each job by round, after one round that warms everything up."""
    taken = {name: [] for name in jobs}
    for i in range(-1, rounds):
        for name, job in jobs.items():
            seconds = job(1000 + i)
            if i >= 0:
                taken[name].append(seconds)
    return taken


def ratio(taken: Mapping[str, list[float]], upper: str, lower: str) -> float:
    """Median over rounds of one job's time over another's in the same round."""
    return median(a / b for a, b in zip(taken[upper], taken[lower], strict=True))
