"""W4: Ensign's urn, 2 neighbourhoods x 1,000 days x 10,000 replicates, against NumPy."""

from __future__ import annotations

import importlib.util

import numpy as np
from stopwatch import cpu, in_turns, ratio

KEYS = ("w4_vs_numpy",)
DAYS, REPLICATES, RATE = 1000, 10_000, 0.5


def in_numpy(i):
    """CPU seconds of the urn with a vector of replicates and a Python loop over days."""
    rng = np.random.default_rng(i)

    def live():
        balls = np.ones((REPLICATES, 2))
        for _ in range(DAYS):
            first = rng.random(REPLICATES) * balls.sum(axis=1) < balls[:, 0]
            found = rng.random(REPLICATES) < RATE
            balls[:, 0] += first & found
            balls[:, 1] += ~first & found

    return cpu(live)


def by_the_engine(i):
    """CPU seconds of the same days in the engine's own kernel."""
    from loopsim.theory.urn import shares

    return cpu(lambda: shares(seed=i, replicates=REPLICATES, days=DAYS, rates=(RATE, RATE), start=(1.0, 1.0)))


def measure(keys, rounds: int) -> dict[str, float]:
    """The ratio, where the engine has a kernel for the urn."""
    if importlib.util.find_spec("loopsim.theory.urn") is None:
        return {}
    return {"w4_vs_numpy": ratio(in_turns({"numpy": in_numpy, "urn": by_the_engine}, rounds), "numpy", "urn")}
