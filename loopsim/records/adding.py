"""Adding: what the entries of a page weigh, cell by cell."""

from __future__ import annotations

import numpy as np
from numba import njit

FIXED = 1024.0  # parts of a weight of 1
STRETCH = 64  # entries looked at together: a page is in day order but for the seams between acts
PLAIN, INVERSE, COMPLEMENT = 0, 1, 2  # what a record found by patrol weighs, see `Evidence`


@njit(cache=True, nogil=True)
def accumulate(raster, fixed, first, end, start, days, count, day, cell, kind, times):
    """Add the exact weight of each record on days first .. end - 1 to its cell; the page begins on `start`."""
    lo, hi = max(first - start, 0), min(end - start, days)
    for r in range(raster.shape[0]):
        row, d, c, k, m = raster[r], day[r], cell[r], kind[r], times[r]
        if lo == 0 and hi == days:
            for i in range(count[r]):
                row[c[i]] += fixed[k[i]] * m[i]
            continue
        for at in range(0, count[r], STRETCH):
            stop = min(at + STRETCH, count[r])
            held = _held(d[at:stop], lo, hi)
            if held == stop - at:
                for i in range(at, stop):
                    row[c[i]] += fixed[k[i]] * m[i]
            elif held:
                for i in range(at, stop):
                    row[c[i]] += fixed[k[i]] * (m[i] * _on(d[i], lo, hi))


@njit(cache=True, nogil=True)
def accumulate_by_patrol(
    raster, fixed, first, end, start, days, count, day, cell, kind, times, patrol, rule, floor, mean
):
    """Like `accumulate`, where the patrol at the time of a record changes its weight."""
    lo, hi = max(first - start, 0), min(end - start, days)
    for r in range(raster.shape[0]):
        for at in range(0, count[r], STRETCH):
            stop = min(at + STRETCH, count[r])
            if not _held(day[r, at:stop], lo, hi):
                continue
            for i in range(at, stop):
                w = fixed[kind[r, i]]
                if w != 0 and lo <= day[r, i] < hi:
                    w = np.rint(FIXED * w * _factor(patrol[r, i], rule, floor, mean)) / FIXED
                    raster[r, cell[r, i]] += w * times[r, i]


@njit(cache=True, nogil=True, inline="always")
def _on(day, lo, hi):
    """1 on the days lo .. hi - 1 and 0 on others, where `hi` is at most what a page can hold."""
    return np.int16((day >= np.int16(lo)) & (day <= np.int16(hi - 1)))


@njit(cache=True, nogil=True)
def _held(day, lo, hi):
    """How many of a stretch of days are one of lo .. hi - 1."""
    held = np.int16(0)
    for i in range(day.size):
        held += _on(day[i], lo, hi)
    return held


@njit(cache=True, nogil=True, inline="always")
def _factor(patrol, rule, floor, mean):
    """What the patrol at the time makes of a record's weight; nothing where it is not known (NaN)."""
    share = patrol / mean
    if share != share:
        return 1.0
    if rule == INVERSE:
        return 1.0 / max(share, floor)
    return 1.0 - min(share, 1.0)


@njit(cache=True, nogil=True)
def fade(raster, count, day, cell, kind, times, patrol, weights, keep, lo, hi, rule, floor, mean):
    """Add the faded weight of each record on days lo .. hi - 1 to its cell."""
    for r in range(raster.shape[0]):
        for i in range(count[r]):
            if lo <= day[r, i] < hi:
                factor = 1.0 if rule == PLAIN else _factor(patrol[r, i], rule, floor, mean)
                w = weights[kind[r, i]] * keep[day[r, i]] * factor
                for _ in range(times[r, i]):  # one by one: rounding must not depend on the log
                    raster[r, cell[r, i]] += w
