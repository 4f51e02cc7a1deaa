"""Adding: what the entries of a page weigh, cell by cell."""

from __future__ import annotations

import numpy as np
from numba import njit

FIXED = 1024.0  # parts of a weight of 1
STRETCH = 256  # entries looked at together: a page is in day order but for the seams between acts
PLAIN, INVERSE, COMPLEMENT = 0, 1, 2  # what a record found by patrol weighs, see `Evidence`


@njit(cache=True, nogil=True)
def accumulate(raster, count, day, cell, kind, times, patrol, fixed, lo, hi, whole, rule, floor, mean):
    """Add the exact weight of each record on days lo .. hi - 1 to its cell."""
    for r in range(raster.shape[0]):
        row = raster[r]
        if whole and rule == PLAIN:
            for i in range(count[r]):
                row[cell[r, i]] += fixed[kind[r, i]] * times[r, i]
            continue
        for start in range(0, count[r], STRETCH):
            stop = min(start + STRETCH, count[r])
            if not (whole or _within(day[r, start:stop], lo, hi)):
                continue
            for i in range(start, stop):
                w = fixed[kind[r, i]]
                if w == 0 or not (whole or lo <= day[r, i] < hi):
                    continue
                if rule != PLAIN:
                    w = np.rint(FIXED * w * _factor(patrol[r, i], rule, floor, mean)) / FIXED
                row[cell[r, i]] += w * times[r, i]


@njit(cache=True, nogil=True)
def _within(day, lo, hi):
    """Whether any of the days is one of lo .. hi - 1."""
    first, last, some = np.int16(lo), np.int16(hi - 1), np.int16(0)
    for i in range(day.size):
        some |= np.int16((day[i] >= first) & (day[i] <= last))
    return some > 0


@njit(cache=True, nogil=True, inline="always")
def _factor(patrol, rule, floor, mean):
    """What the patrol at the time makes of a record's weight."""
    share = patrol / mean
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
