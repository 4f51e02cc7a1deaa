"""The urn of Ensign et al. (2018) as its authors describe it, many urns at a time.

Two cells. Each day one cell is drawn in proportion to the balls; what is found there
becomes balls; old balls are removed one by one by chance. `loopsim validate` sets this
beside the same urn composed from the stages of the loop.

Counts are drawn by the alias method (Walker 1977): one word, one comparison, no branch,
so urns that lie side by side do not wait for each other.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from loopsim.philox import fill

WIDE = 32  # counts of a table, 0 .. 31: at means up to 7 less than 1e-11 lies beyond
MOST = 7.0  # largest mean of a table; more than that is drawn in pieces
SIDE = 512  # urns side by side
STREAM = np.uint32(1001)  # of these draws alone; sub 0 visit, finds and decay, sub 1 reports
_POISSON = -1  # in place of a number of balls
_BITS, _WIDE = np.uint32(5), np.uint32(WIDE - 1)  # five bits choose the column, 27 decide in it


def shares(
    *,
    seed: int,
    replicates: int,
    days: int,
    rates,
    start,
    reported: float = 0.0,
    decay: float = 0.0,
    correct: bool = False,
    fixed: bool = False,
) -> np.ndarray:
    """Share of the first cell's balls after `days` draws.

    Parameters
    ----------
    seed, replicates : int, key of the random numbers, number of urns
    days : int, draws
    rates : (2,) float, mean balls of each cell a day, Poisson: those reported, and those that
        a visit finds; neither more than 7
    start : (2,) float, balls at the start
    reported : float in [0, 1], share of offences reported every day whatever is visited; the
        rest is found by a visit. Update matrix [[rate_A, reported rate_B], [reported rate_A, rate_B]]
    decay : float, chance a day that a ball is removed; a cell keeps at least one ball
    correct : bool, count a visit's finds with chance (1 - p_i) / max (1 - p_j)
    fixed : bool, a visit finds exactly `rates` balls instead (the classic urn)

    Returns
    -------
    (replicates,) float64

    **Special cases**: equal fixed updates follow the Beta law of `theory.polya`; a rate of
    0 adds nothing.
    """
    rates, start = np.asarray(rates, float), np.asarray(start, float)
    means = np.array([rates * (1 - reported), rates * reported])
    if means.max() > MOST and not fixed:
        raise ValueError(f"rates must be <= {MOST:g} balls a visit, got {means.max():g}")
    if not 0 <= decay < 1:
        raise ValueError(f"decay must be >= 0 and < 1 a day, got {decay:g}")
    found, told = (_tables(m, np.full(2, _POISSON)) for m in means)
    most = int(MOST / decay) if decay else 0
    lost = _tables(np.full(most + 1, decay), np.arange(most + 1))
    out = np.empty(replicates)
    law = (rates, found, told, lost, most, reported > 0, correct, fixed)
    _urns(np.uint32(seed), days, start, law, out)
    return out


@njit(cache=True, nogil=True)
def _tables(mean, n):
    """Alias tables, one a row: Binomial(n, mean), or Poisson(mean) where n says so."""
    tables, pmf = np.empty((mean.size, WIDE), np.uint32), np.empty(WIDE)
    for i in range(mean.size):
        poisson = n[i] == _POISSON
        pmf[0] = np.exp(-mean[i]) if poisson else (1.0 - mean[i]) ** n[i]
        for k in range(1, WIDE):
            ratio = mean[i] if poisson else max(n[i] - k + 1.0, 0.0) * mean[i] / (1.0 - mean[i])
            pmf[k] = pmf[k - 1] * ratio / k
        _alias(pmf / pmf.sum() * WIDE, tables[i])
    return tables


@njit(cache=True, nogil=True)
def _alias(heap, table):
    """Walker's table of WIDE chances that sum to WIDE: each column takes its rest from the fullest.

    An entry holds the chance of the column's own count (27 bits) and the other count (5 bits).
    """
    done = np.zeros(WIDE, np.bool_)
    for _ in range(WIDE):
        low = -1
        for k in range(WIDE):
            if not done[k] and (low < 0 or heap[k] < heap[low]):
                low = k
        high = np.argmax(heap)
        own = np.uint32(min(max(heap[low], 0.0), 1.0) * (2.0**27 - 1.0))
        table[low] = own << _BITS | np.uint32(high)
        done[low] = True
        if high != low:
            heap[high] -= 1.0 - heap[low]
        heap[low] = -1.0


@njit(cache=True, nogil=True, inline="always")
def _count(word, tables, row):
    """The count that a word means in one row of alias tables."""
    column = word & _WIDE
    entry = tables[row, column]
    return np.int64(column if word >> _BITS < entry >> _BITS else entry & _WIDE)


@njit(cache=True, nogil=True, inline="always")
def _left(balls, word, lost, most):
    """Balls that are left of a cell after a day's decay; never fewer than one."""
    n = np.int64(balls)
    gone = _count(word, lost, min(n, most))
    while n > most:  # a large heap loses in pieces, by words that are rolled on
        n -= most
        word = np.uint32(np.uint64(word) * np.uint64(2654435761) + np.uint64(1013904223))
        gone += _count(word, lost, min(n, most))
    return max(balls - gone, 1.0)


@njit(cache=True, nogil=True)
def _urns(seed, days, start, law, out):
    """All urns, SIDE of them side by side, day after day."""
    words = np.empty((8, SIDE), np.uint32)
    a, b = np.empty(SIDE), np.empty(SIDE)
    for first in range(0, out.size, SIDE):
        m = min(SIDE, out.size - first)
        a[:], b[:] = start[0], start[1]
        for day in range(days):
            for sub in range(1 + int(law[5])):
                w = words[4 * sub : 4 * sub + 4, :m]
                fill(
                    first, np.uint32(day), STREAM, np.uint32(sub), seed, np.uint32(0), w[0], w[1], w[2], w[3]
                )
            _day(m, a, b, words, law)
        for i in range(m):
            out[first + i] = a[i] / (a[i] + b[i])


@njit(cache=True, nogil=True)
def _day(m, a, b, words, law):
    """One draw of each urn."""
    rates, found, told, lost, most, reports, correct, fixed = law
    for i in range(m):
        whole, u = a[i] + b[i], words[0, i] * 2.0**-32
        first = u * whole < a[i]
        row = 0 if first else 1
        new = rates[row] if fixed else float(_count(words[1, i], found, row))
        if correct:
            # u is uniform below p, or above it: what is left of it is a second uniform
            p = a[i] / whole
            here, rest = (p, u / p) if first else (1.0 - p, (u - p) / (1.0 - p))
            new = new if rest * max(p, 1.0 - p) < 1.0 - here else 0.0
        a[i] += new if first else 0.0
        b[i] += 0.0 if first else new
        if reports:
            a[i] += _count(words[4, i], told, 0)
            b[i] += _count(words[5, i], told, 1)
        if most:
            a[i] = _left(a[i], words[2, i], lost, most)
            b[i] = _left(b[i], words[3, i], lost, most)
