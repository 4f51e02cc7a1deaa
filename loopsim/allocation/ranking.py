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

BLOCK = 64  # cells looked at together; the compiler turns the look into SIMD compares
NEAR = 1e-9  # two risks this near are equal but for rounding


def highest(risk: np.ndarray, k: int, now: Now) -> np.ndarray:
    """The k inside cells with the highest risk in each replicate.

    Parameters
    ----------
    risk : (R, n) float, records/cell/day
    k : int; no more than the inside cells are found

    Returns
    -------
    (R, k) int64 flat cells, in no particular order

    Special cases
    -------------
    k = the number of inside cells: all of them. All risks equal: k cells at random.
    """
    k = min(k, np.count_nonzero(now.grid.inside))
    out = np.empty((risk.shape[0], k), np.int64)
    day, seed = np.uint32(now.day & 0xFFFFFFFF), np.uint32(now.dice.seed)
    _highest(np.ascontiguousarray(risk), now.grid.inside, k, day, seed, now.dice.replicates, out)
    return out


@njit(cache=True, nogil=True)
def _highest(risk, inside, k, day, seed, replicates, out):
    n = risk.shape[1]
    heap, candidates = np.empty(k), np.empty(n, np.int64)
    for r in range(risk.shape[0]):
        m = _candidates(risk[r], inside, heap, candidates)
        low, high = heap[0] * (1.0 - NEAR), heap[0] * (1.0 + NEAR)
        taken, tied = 0, 0
        for i in range(m):
            cell = candidates[i]
            if risk[r, cell] > high:
                out[r, taken] = cell
                taken += 1
            elif risk[r, cell] >= low:
                candidates[tied] = cell
                tied += 1
        _draw_lots(candidates[:tied], out[r, taken:], day, seed, np.uint32(replicates[r]))


@njit(cache=True, nogil=True)
def _candidates(risk, inside, heap, candidates):
    """Keep the k highest risks in `heap` (lowest first); list the cells that may be among them."""
    heap[:] = -1.0
    m = 0
    for start in range(0, risk.size, BLOCK):
        block = risk[start : start + BLOCK]
        low = heap[0] * (1.0 - NEAR)
        worth = 0
        for i in range(block.size):
            worth += block[i] >= low
        if worth == 0:
            continue
        for i in range(block.size):
            if block[i] >= heap[0] * (1.0 - NEAR) and inside[start + i]:
                candidates[m] = start + i
                m += 1
                if block[i] > heap[0]:
                    _replace_lowest(heap, block[i])
    return m


@njit(cache=True, nogil=True)
def _replace_lowest(heap, value):
    """Put `value` where the lowest was and let it sink to its place."""
    i, k = 0, heap.size
    while True:
        child = 2 * i + 1
        if child >= k:
            break
        if child + 1 < k and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= value:
            break
        heap[i] = heap[child]
        i = child
    heap[i] = value


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
