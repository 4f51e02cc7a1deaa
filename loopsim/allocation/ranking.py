"""Ranking: which k cells have the highest risk, ties broken by a seeded key, never by index.

Breaking ties by cell number would send patrols to the north-west corner and call it a
finding. Cells whose risks differ by less than rounding (1e-9 of the k-th risk) are tied;
among them the order is that of a random key of (seed, replicate, cell, day).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from loopsim.philox import TIES, philox
from loopsim.stages import Now

STRETCH, SHORT = 64, 8  # cells looked at together; the compiler turns the look into SIMD compares
NEVER = np.int64(-(2**63))  # below every risk; a risk >= 0 sorts as its bits do, read as a whole number
NEAR_BITS = np.int64(1 << 24)  # taken from the bits of a risk, it is 2 to 4 times NEAR of it
NEAR = 1e-9  # two risks this near are equal but for rounding
LOOK = 0.95  # of the k-th risk of the last turn: the k-th of this turn is seldom lower


def highest(risk: np.ndarray, k: int, now: Now) -> np.ndarray:
    """The k inside cells with the highest risk in each replicate.

    Parameters
    ----------
    risk : (R, n) float, records/cell/day
    k : int; no more than the inside cells are found, which is noted

    Returns
    -------
    (R, k) int64 flat cells, in no particular order

    Special cases
    -------------
    k = the number of inside cells: all of them. All risks equal: k cells at random.
    """
    if k > now.grid.n_inside:
        line = f"the city has {now.grid.n_inside} cells for {k} places: each is one (day {now.day})"
        now.notes.setdefault("fallbacks", []).append(line)
        k = now.grid.n_inside
    out, hints = np.empty((risk.shape[0], k), np.int64), now.notes.get(("highest", k))
    if hints is None or hints.size != risk.shape[0]:
        hints = now.notes["highest", k] = np.zeros(risk.shape[0])
    day, seed = now.day & 0xFFFFFFFF, now.dice.seed
    _highest(np.ascontiguousarray(risk), now.grid.inside, k, hints, day, seed, now.dice.replicates, out)
    return out


@njit(cache=True, nogil=True)
def _highest(risk, inside, k, hints, day, seed, replicates, out):
    """Fill `out`; a hint, (R,) float, is where to look first and changes the time taken, never the cells."""
    n, day, seed = risk.shape[1], np.uint32(day), np.uint32(seed)
    peaks, candidates, seen = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64)
    for r in range(risk.shape[0]):
        row = risk[r]
        bits, hint = row.view(np.int64), hints.view(np.int64)[r]
        m = _from_hint(bits, inside, k, hint, candidates) if hint > 0 else 0
        m = m if m else _candidates(bits, inside, k, peaks, candidates)
        last = _last_of(row, candidates, m, k, seen)
        hints[r] = LOOK * last if last > 0 else 0.0
        low, high = last - abs(last) * NEAR, last + abs(last) * NEAR
        taken, tied = 0, 0
        for i in range(m):
            cell = candidates[i]
            if row[cell] > high:
                out[r, taken] = cell
                taken += 1
            elif row[cell] >= low:
                candidates[tied] = cell
                tied += 1
        _draw_lots(candidates[:tied], out[r, taken:], day, seed, np.uint32(replicates[r]))


@njit(cache=True, nogil=True)
def _from_hint(bits, inside, k, hint, candidates):
    """List the inside cells that may be among the k highest, if k reach the hint; else, or if too many, 0."""
    m, reaching = _reaching(bits, inside, hint - NEAR_BITS, candidates), 0
    for i in range(m if m <= 4 * k + 64 else 0):
        reaching += bits[candidates[i]] >= hint
    return m if reaching >= k else 0


@njit(cache=True, nogil=True)
def _candidates(bits, inside, k, peaks, candidates):
    """List the inside cells that may be among the k highest; returns how many.

    The k-th highest peak of groups of cells is a bound: at least k cells reach it.
    """
    groups = min(bits.size, max(bits.size // 64, 4 * k))
    for j in range(groups):
        peaks[j] = bits[j] if inside[j] else NEVER
    for start in range(groups, bits.size - groups + 1, groups):
        more, within = bits[start : start + groups], inside[start : start + groups]
        for j in range(groups):
            peaks[j] = max(peaks[j], more[j] if within[j] else NEVER)
    bound = _kth(peaks, groups, k)
    return _reaching(bits, inside, max(bound - NEAR_BITS, 0) if bound >= 0 else NEVER + 1, candidates)


@njit(cache=True, nogil=True)
def _reaching(bits, inside, bound, candidates):
    """List the inside cells whose risk is not below a bound; returns how many."""
    m = 0
    for start in range(0, bits.size, STRETCH):
        stretch = bits[start : start + STRETCH]
        for at in range(0, stretch.size if _count(stretch, bound) else 0, SHORT):
            short, within = stretch[at : at + SHORT], inside[start + at : start + at + SHORT]
            for i in range(short.size if _count(short, bound) else 0):
                candidates[m] = start + at + i
                m += (short[i] >= bound) & within[i]
    return m


@njit(cache=True, nogil=True)
def _count(values, bound):
    """How many of a stretch of values are not below a bound."""
    count = np.int64(0)
    for i in range(values.size):
        count += values[i] >= bound
    return count


@njit(cache=True, nogil=True)
def _kth(values, size, k):
    """The k-th highest of the first values, bit by bit, if it is >= 0; else NEVER."""
    t, top, highest = np.int64(0), np.int64(1) << np.int64(62), NEVER
    for i in range(size):
        highest = max(highest, values[i])
    reaching, asked = np.int64(0), t
    for i in range(size):
        reaching += values[i] >= t
    if reaching < k:
        return NEVER
    while top and reaching > k:
        asked, count = t | top, np.int64(0)
        for i in range(size if asked <= highest else 0):
            count += values[i] >= asked
        if count >= k:
            t, reaching = asked, count
        top >>= 1
    lowest = highest
    for i in range(size):
        lowest = min(lowest, values[i] if values[i] >= t else highest)
    return lowest


@njit(cache=True, nogil=True)
def _last_of(risk, cells, m, k, seen):
    """The k-th highest risk of the first m cells."""
    bits = risk.view(np.int64)
    for i in range(m):
        seen[i] = bits[cells[i]]
    value = _kth(seen, m, k)
    if value == NEVER:  # some of the k are negative
        return np.sort(risk[cells[:m]])[m - k]
    seen[0] = value
    return seen[:1].view(np.float64)[0]


@njit(cache=True, nogil=True)
def _draw_lots(cells, out, day, seed, replicate):
    """Fill `out` with the cells that hold the lowest keys."""
    if cells.size == out.size:
        out[:] = cells
        return
    keys = np.empty(cells.size, np.uint64)
    for i in range(cells.size):
        word, _, _, _ = philox(np.uint32(cells[i]), day, TIES, np.uint32(0), seed, replicate)
        keys[i] = np.uint64(word) << np.uint64(32) | np.uint64(cells[i])
    lowest = np.partition(keys, out.size - 1)
    for i in range(out.size):
        out[i] = np.int64(lowest[i] & np.uint64(0xFFFFFFFF))
