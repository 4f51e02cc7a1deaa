"""W1 against the same days in Mesa, in NumPy and in bare Philox; what more residents and days cost."""

from __future__ import annotations

import numpy as np
from mesa_city import MesaCity
from numpy_city import NumpyCity
from scipy.stats import poisson
from stopwatch import cpu, in_turns, ratio
from workloads import a_loop, the_arm, turn_all

from loopsim.philox import OFFENCE, fill

KEYS = (
    "w1_vs_mesa", "w1_vs_numpy", "w1_vs_numpy_count_first", "w1_vs_rng_floor", "w2_vs_w1", "residents_100x",
)  # fmt: skip
DAYS, TIMES, HAZARD, UNITS = 730, 4, 1e-3, 100
FOURS = float(np.ceil(np.arange(60) / 4) @ poisson.pmf(np.arange(60), 10))  # calls for a visit's stops
# The Philox calls of W1: one an offence, one for four stops, one a visit of a patrolled cell, one a day.
CALLS = int(DAYS * (200_000 * HAZARD + UNITS * FOURS + UNITS + 1))
BLOCK = 1024  # words that stay in the first cache


def engine(**changes):
    """CPU seconds of one run of a workload, the mean of a few replicates."""
    arm = the_arm(**changes)
    days, times = arm[0].run.days, 1 if changes.get("days", 0) > DAYS else TIMES

    def job(i):
        loops = [a_loop(arm, i * times + j) for j in range(times)]
        return cpu(lambda: [turn_all(loop, days) for loop in loops]) / times

    return job


def in_numpy(count_first: bool):
    """CPU seconds of W1 in NumPy."""
    _, city = the_arm()

    def job(i):
        rival = NumpyCity(city, hazard=HAZARD, units=UNITS, seed=i + 2, count_first=count_first)
        return cpu(lambda: rival.live(DAYS))

    return job


def in_mesa():
    """CPU seconds of W1 in Mesa, extrapolated from a few real days at full size."""
    _, city = the_arm()
    rival = MesaCity(city, hazard=HAZARD, units=UNITS, seed=1)
    rival.police.predict_and_patrol()
    rival.send_out()

    def job(_):
        return cpu(lambda: [rival.step() for _ in range(7)]) / 7 * DAYS  # one refit in seven days

    return job


def philox_only():
    """CPU seconds of the Philox calls that the events of W1 need, and of nothing else."""
    words = [np.empty(BLOCK, np.uint32) for _ in range(4)]
    zero, repeat = np.uint32(0), 20

    def calls(seed):
        for start in range(0, CALLS * repeat, BLOCK):
            fill(np.uint32(start & 0xFFFFFFFF), zero, OFFENCE, zero, seed, zero, *words)

    return lambda i: cpu(lambda: calls(np.uint32(i + 2))) / repeat


MAKERS = {
    "w1": engine, "mesa": in_mesa, "numpy": lambda: in_numpy(False), "count_first": lambda: in_numpy(True),
    "floor": philox_only, "w2": lambda: engine(residents=1_000_000, days=3650),
    "few": lambda: engine(residents=20_000, hazard=1e-2), "many": lambda: engine(residents=2_000_000, hazard=1e-4),
}  # fmt: skip
RATIOS = {
    "w1_vs_mesa": ("mesa", "w1"), "w1_vs_numpy": ("numpy", "w1"), "w1_vs_numpy_count_first": ("count_first", "w1"),
    "w1_vs_rng_floor": ("w1", "floor"), "w2_vs_w1": ("w2", "w1"), "residents_100x": ("many", "few"),
}  # fmt: skip


def measure(keys, rounds: int) -> dict[str, float]:
    """The ratios asked for, all jobs in turns."""
    needed = {name for key in keys for name in RATIOS[key]}
    taken = in_turns({name: make() for name, make in MAKERS.items() if name in needed}, rounds)
    return {key: ratio(taken, *RATIOS[key]) for key in keys}
