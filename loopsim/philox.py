"""Dice: counter-based random numbers, so that every comparison is between the same crimes.

Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3",
section 3.4). Key = (seed, replicate); counter = (index, day, stream, sub). A draw is a
pure function of its address: no policy can shift another stream, and the order of
replicates, threads and chunks is irrelevant.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

# Streams: what a draw is for. One line each; never reuse a number.
OFFENCE_COUNT = np.uint32(1)  # how many offences of a type today
OFFENCE = np.uint32(2)  # who, where, accepted, recorded; sub 1: moved or chilled; sub 2: logged
OFFSPRING = np.uint32(3)  # near repeats of one offence
STOP_COUNT = np.uint32(4)  # how many stops a visit makes
STOP = np.uint32(5)  # who is stopped, what is found, whether it is logged; see world/kernels/stops.py
LEGACY = np.uint32(6)  # copies of a record under bias.how=records
SPREAD = np.uint32(7)  # the day of the month of a real record
TIES = np.uint32(8)  # which of two equally risky cells comes first
ALLOCATION = np.uint32(9)  # an allocator's own draws
PREDICTION = np.uint32(10)  # a predictor's own draws
REMEDY = np.uint32(11)  # a remedy's own draws

_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_LOW, _HALF = np.uint64(0xFFFFFFFF), np.uint64(32)
UNIT = 2.0**-32  # a word times UNIT is uniform on [0, 1)


@njit(cache=True, nogil=True, inline="always")
def philox(c0, c1, c2, c3, k0, k1):
    """Four uniform 32-bit words for one counter and key (all arguments uint32).

    Words are held in 64-bit lanes: that is what lets a loop of calls become SIMD code.
    """
    c0, c1, c2, c3 = np.uint64(c0), np.uint64(c1), np.uint64(c2), np.uint64(c3)
    k0, k1 = np.uint64(k0), np.uint64(k1)
    for _ in range(10):
        p0 = _M0 * c0
        p1 = _M1 * c2
        c0 = (p1 >> _HALF) ^ c1 ^ k0
        c2 = (p0 >> _HALF) ^ c3 ^ k1
        c1 = p1 & _LOW
        c3 = p0 & _LOW
        k0 = (k0 + _W0) & _LOW
        k1 = (k1 + _W1) & _LOW
    return np.uint32(c0), np.uint32(c1), np.uint32(c2), np.uint32(c3)


@njit(cache=True, nogil=True)
def fill(first, day, stream, sub, k0, k1, w0, w1, w2, w3):
    """Words for the counters (first + i, day, stream, sub), i = 0 .. len(w0) - 1."""
    start = np.uint64(first)
    for i in range(w0.size):
        w0[i], w1[i], w2[i], w3[i] = philox((start + np.uint64(i)) & _LOW, day, stream, sub, k0, k1)


@njit(cache=True, nogil=True)
def uniforms(day, stream, sub, seed, replicates, out):
    """Uniforms on [0, 1) with 32 bits, one row a replicate, column j at counter index j."""
    for r in range(out.shape[0]):
        k1 = np.uint32(replicates[r])
        for j in range(out.shape[1]):
            w, _, _, _ = philox(np.uint32(j), day, stream, sub, seed, k1)
            out[r, j] = w * UNIT


@dataclass(frozen=True)
class Dice:
    """The random numbers of one ensemble, addressed by day and stream.

    Parameters
    ----------
    seed : int in [0, 2**32)
    replicates : (R,) uint32, the numbers of the replicates in this chunk
    """

    seed: int
    replicates: np.ndarray

    def uniform(self, size: int, *, day: int, stream, sub: int = 0) -> np.ndarray:
        """(R, size) uniforms on [0, 1); row r depends on replicate r alone."""
        out = np.empty((self.replicates.size, size))
        address = np.uint32(day & 0xFFFFFFFF), np.uint32(stream), np.uint32(sub)
        uniforms(*address, np.uint32(self.seed), self.replicates, out)
        return out
