"""Warm refits of a risk terrain model against scikit-learn's newton-cholesky on the same cells.

The default city's venues give 60 binary layers on 10,000 cells. Both sides hold their layers
ready (lists of ones; a float matrix), start from the coefficients of the last half-year and
fit the ridge Poisson model of the next half-year's counts; they must agree within 1e-6.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from stopwatch import cpu, in_turns, ratio
from workloads import the_arm

from loopsim.prediction.risk_terrain.elastic_net import Penalty, refit
from loopsim.prediction.risk_terrain.layers import Points, bands, layer
from loopsim.prediction.risk_terrain.patterns import Ones, alike

KEYS = ("rtm_vs_sklearn",)
FACTORS, REACHES, RECORDS = 15, bands(300.0, 2, "half"), 5_000  # records in half a year
PENALTY = Penalty(alpha=1e-4, l1_ratio=0.0)
REFITS, AGREE, TOLERANCE = 5, 1e-6, 1e-7


@lru_cache(maxsize=1)
def layers() -> np.ndarray:
    """(60, 10000) bool: nearness to each kind of venue."""
    grid = the_arm()[1].grid
    venues = [Points(grid, grid.points[kind]) for kind in sorted(grid.points)[:FACTORS]]
    return np.array([layer(venue, grid, "proximity", reach, 2.0) for venue in venues for reach in REACHES])


def half_years(i) -> np.ndarray:
    """(1 + REFITS, n) counts of half-years with the same risk factors."""
    rng, columns = np.random.default_rng(i), layers()
    mean = np.exp(rng.normal(0.0, 0.3, len(columns)) @ columns)
    return rng.poisson(mean * (RECORDS / mean.sum()), (1 + REFITS, mean.size)).astype(float)


def ours(i):
    """CPU seconds of a refit on lists of ones, and the coefficients of the last."""
    first, pattern = alike(layers())
    ones = Ones.of(layers()[:, first], np.bincount(pattern))
    ones.rings  # noqa: B018 - made once for layers that stay
    before, *after = half_years(i)
    beta, _ = refit(ones, np.bincount(pattern, before), PENALTY)

    def refits():
        nonlocal beta
        for y in after:
            beta, converged = refit(ones, np.bincount(pattern, y), PENALTY, beta, tol=TOLERANCE)
            assert converged

    return cpu(refits) / REFITS, beta


def theirs(i):
    """The same with scikit-learn."""
    from sklearn.linear_model import PoissonRegressor

    x = np.asfortranarray(layers().T, dtype=float)
    before, *after = half_years(i)
    model = PoissonRegressor(alpha=PENALTY.alpha, solver="newton-cholesky", tol=TOLERANCE, warm_start=True)
    model.fit(x, before)

    def refits():
        for y in after:
            model.fit(x, y)

    return cpu(refits) / REFITS, np.append(model.intercept_, model.coef_)


def agree(i) -> None:
    """Stop where the two sides do not fit the same model."""
    apart = np.abs(ours(i)[1] - theirs(i)[1]).max()
    if not apart < AGREE:
        raise SystemExit(f"rtm: coefficients differ by {apart:g}, allowed {AGREE:g}")


def measure(keys, rounds: int) -> dict[str, float]:
    """The figure asked for."""
    agree(0)
    jobs = {"sklearn": lambda i: theirs(i)[0], "loopsim": lambda i: ours(i)[0]}
    return {"rtm_vs_sklearn": ratio(in_turns(jobs, rounds), "sklearn", "loopsim")}
