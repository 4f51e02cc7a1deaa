"""Intervals: a paired bootstrap over replicates, with one set of draws for everything.

The same fixed draws serve every measure and every arm, so differences between arms are
paired. Limits are expanded percentiles (Hesterberg 2015, section 4.3), which repair the
narrowness of the plain percentile interval at small R. One replicate has no interval.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numba import njit

DRAWS = 2000
FEW = 7  # replicates up to which there are fewer different draws than draws
SEED = 20150911  # of the draws; fixed, so that intervals never depend on the run's seed


def weights(replicates, draws=DRAWS):
    """(B, R) int64 how often each replicate stands in each bootstrap draw; rows sum to R."""
    rng = np.random.Generator(np.random.PCG64(SEED))
    picks = rng.integers(0, replicates, size=(draws, replicates))
    picks += np.arange(draws)[:, None] * replicates
    return np.bincount(picks.ravel(), minlength=draws * replicates).reshape(draws, replicates)


@lru_cache(maxsize=8)
def distinct(replicates):
    """The draws without repeats: (U, R) weights and (U,) how often each of them is drawn.

    Few replicates have few different draws (3 for R = 2, 35 for R = 4), so working them out
    once gives the same limits sooner.
    """
    found, counts = np.unique(weights(replicates), axis=0, return_counts=True)
    return np.ascontiguousarray(found), counts


@njit(cache=True, nogil=True)
def resample(w, x):
    """(B, S) sums of the draws: out[b, s] = sum over r of w[b, r] x[r, s], in the order of r."""
    out = np.zeros((w.shape[0], x.shape[1]))
    for b in range(w.shape[0]):
        row = out[b]
        for r in range(w.shape[1]):
            if w[b, r] != 0:
                k = np.float64(w[b, r])
                for s in range(x.shape[1]):
                    row[s] += k * x[r, s]
    return out


@lru_cache(maxsize=64)
def expanded(replicates, alpha=0.05):
    """The tail probability to use instead of alpha / 2: Phi(-sqrt(R / (R - 1)) t)."""
    from scipy.special import ndtr, stdtrit

    t = -stdtrit(replicates - 1, alpha / 2)
    return float(ndtr(-np.sqrt(replicates / (replicates - 1)) * t))


def limits(draws, replicates, alpha=0.05):
    """Two (S,) arrays, lower and upper limit of each column of (B, S) bootstrap draws.

    Infinite limits become NaN (no limit); NaN draws (0 / 0) are left out. As many draws as
    `distinct` has are taken for those, each as often as it is drawn.

    **Special cases**: R = 1 gives NaN.
    """
    none = np.full(draws.shape[1], np.nan)
    if replicates < 2:
        return none, none.copy()
    tail = expanded(replicates, alpha)
    counts = distinct(replicates)[1] if replicates <= FEW else None
    if counts is None or counts.size != draws.shape[0]:
        ranked, upto = np.sort(draws, axis=0), None
        found = (~np.isnan(ranked)).sum(axis=0)
    else:
        order = np.argsort(draws, axis=0)
        ranked, often = np.take_along_axis(draws, order, axis=0), counts[order]
        found, upto = (often * ~np.isnan(ranked)).sum(axis=0), np.cumsum(often, axis=0)
    low, high = (_rank(ranked, upto, found, q) for q in (tail, 1.0 - tail))
    return low, high


def _rank(ranked, upto, found, q):
    """Order statistic at probability q among the first `found` draws, interpolated.

    `upto` is the number of draws up to and with each row; None = every row is one draw.
    """
    place = q * np.maximum(found - 1, 0)
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, np.maximum(found - 1, 0))
    columns = np.arange(ranked.shape[1])
    rows = (below, above) if upto is None else ((upto <= k).sum(axis=0) for k in (below, above))
    a, b = (ranked[np.minimum(row, ranked.shape[0] - 1), columns] for row in rows)
    with np.errstate(invalid="ignore"):
        value = np.where(a == b, a, a + (place - below) * (b - a))
    return np.where((found > 0) & np.isfinite(value), value, np.nan)


def mean_interval(values, alpha=0.05):
    """Mean of (R,) values with its interval: (mean, low, high)."""
    values = np.asarray(values, float)
    draws = resample(weights(values.size), values[:, None]) / values.size
    low, high = limits(draws, values.size, alpha)
    return values.mean(), low[0], high[0]
