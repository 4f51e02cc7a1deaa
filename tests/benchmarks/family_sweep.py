"""What a sweep costs beyond its simulations.

`sweep_overhead_ms`: CPU milliseconds a point that `loopsim sweep` spends on composing and
checking, on estimates with intervals, on the part file and the joined tables. That is the
whole sweep less the same points lived through and observed by the engine alone.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from itertools import count
from pathlib import Path
from statistics import median

import numpy as np
from stopwatch import cpu

KEYS = ("sweep_overhead_ms",)
POINTS = 400
SMALL = [
    "city.rows=20", "city.cols=20", "city.residents=4000", "replicates=2", "days=60", "history_days=60",
    "prediction.window_days=60", "arms=[loop]", "allocation=proportional", "threads=1",
]  # fmt: skip
ROUND = count()


def lines() -> list[str]:
    """Two biases by 200 exponents, other ones in every round."""
    shift = 1e-6 * next(ROUND)
    gamma = f"allocation.gamma=range({0.5 + shift:.6f},{0.5 + POINTS / 2 * 0.01 + shift:.6f},0.01)"
    return [*SMALL, f"bias.level={1 + shift:.6f},{2 + shift:.6f}", gamma]


def swept() -> float:
    """CPU seconds a point of a whole sweep."""
    import loopsim

    folder = Path(tempfile.mkdtemp())
    asked = [*lines(), f"out={folder / 'sweep'}"]
    try:
        return cpu(lambda: loopsim.sweep(asked, yes=True)) / POINTS
    finally:
        shutil.rmtree(folder)


def simulated() -> float:
    """CPU seconds a point of the simulation, cities and histories shared as in a sweep."""
    from loopsim.study import run
    from loopsim.study.sweep import points
    from loopsim.study.sweep.workshop import Workshop

    grid, both = points.read(lines()), np.arange(2, dtype=np.uint32)
    studies = [point.study for point in points.composed(grid, grid.rows())]
    shop, stop = Workshop(), threading.Event()

    def live():
        for study in studies:
            run.observe_chunk(study, shop.cities(study), both, stop, starts=shop.starts, film=False)

    return cpu(live) / len(studies)


def measure(keys, rounds: int) -> dict[str, float]:
    """The overhead of small points, median over rounds."""
    swept(), simulated()
    return {"sweep_overhead_ms": median(1000 * (swept() - simulated()) for _ in range(rounds))}
