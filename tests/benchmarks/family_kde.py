"""Refits of the smoothing predictors against SciPy's filters on the same counts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.ndimage import gaussian_filter
from stopwatch import cpu, in_turns, ratio
from workloads import SIGMA, a_loop, the_arm, turn_all

from loopsim.records.evidence import Evidence
from loopsim.stages import Now

KEYS = ("kde_vs_scipy", "refit_share_kde")
REPLICATES, REPEATS, DAYS = 16, 20, 91


def a_morning(i):
    """A loop of some replicates after a quarter of a year, and what its model may know."""
    loop = a_loop(the_arm(), range(i * REPLICATES, (i + 1) * REPLICATES))
    turn_all(loop, DAYS)
    now = Now(day=DAYS, days=7, budget=loop.budget, grid=loop.grid, dice=loop.dice)
    shown = Evidence(ledger=loop.ledger, today=DAYS, weights=loop.weights, budget=loop.budget)
    return loop, replace(now, evidence=shown)


def by_the_engine(i):
    """CPU seconds of a refit of one replicate: count the window's records and smooth them."""
    loop, now = a_morning(i)
    loop.predictor(now.evidence, now)

    def refit():
        for _ in range(REPEATS):
            loop.predictor(now.evidence, now)

    return cpu(refit) / REPEATS / REPLICATES


def by_scipy(i):
    """CPU seconds of SciPy's filter on a raster of counts that is already there."""
    city, rng = the_arm()[1], np.random.default_rng(i)
    maps = rng.poisson(0.5, (REPLICATES, city.grid.rows, city.grid.cols)).astype(float)

    def filtered():
        for _ in range(REPEATS):
            for counts in maps:
                gaussian_filter(counts, SIGMA, mode="constant")

    return cpu(filtered) / REPEATS / REPLICATES


def whole_turns(i):
    """CPU seconds of a quarter of a year of whole turns."""
    loop = a_loop(the_arm(), range(i * REPLICATES, (i + 1) * REPLICATES))
    return cpu(lambda: turn_all(loop, DAYS))


def without_refits(i):
    """The same quarter under a model that keeps what it believed on day 0."""
    loop = a_loop(the_arm(), range(i * REPLICATES, (i + 1) * REPLICATES))
    loop.feedback = False
    return cpu(lambda: turn_all(loop, DAYS))


def measure(keys, rounds: int) -> dict[str, float]:
    """The figures asked for; the share of refits is of a whole turn."""
    found = {}
    if "kde_vs_scipy" in keys:
        found["kde_vs_scipy"] = ratio(
            in_turns({"scipy": by_scipy, "kde": by_the_engine}, rounds), "scipy", "kde"
        )
    if "refit_share_kde" in keys:
        taken = in_turns({"whole": whole_turns, "cut": without_refits}, rounds)
        found["refit_share_kde"] = 1 - ratio(taken, "cut", "whole")
    return found
