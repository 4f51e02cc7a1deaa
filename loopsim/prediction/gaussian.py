"""Gaussian: the blur of a raster, written so that the compiler can use SIMD.

A truncated Gaussian is separable and symmetric: first down the columns, then along the
rows, and the two neighbours at one distance share a tap. Rasters are laid out with empty
cells around them, so that a neighbour is a shift of the whole block and no loop asks for
the edge.
"""

from __future__ import annotations

import numpy as np
from numba import njit

TRUNCATE = 4.0  # standard deviations at which the kernel ends, as in scipy.ndimage
AT_ONCE = 2  # taps that one pass adds; the first pass adds up to six
BLOCK = 24  # rows blurred together: small enough to stay in the first-level cache


def taps(sigma: float) -> np.ndarray:
    """(1 + reach,) weights at 0, 1, .. cells; with their mirror image they sum to 1.

    The last ones may be 0: the kernel takes two at a time.
    """
    reach = int(TRUNCATE * sigma + 0.5)
    w = np.exp(-0.5 * (np.arange(reach + 1) / sigma) ** 2)
    spare = -reach % AT_ONCE if reach else AT_ONCE
    return np.append(w, np.zeros(spare)) / (w[0] + 2 * w[1:].sum())


def workroom(w: np.ndarray, rows: int, cols: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Scratch for `blur` with these taps; what is empty in it stays empty."""
    reach = w.size - 1
    wide = cols + reach  # the empty cells right of a row are also those left of the next
    padded = np.zeros((rows + 2 * reach) * wide + 2 * reach)
    return padded, np.zeros(BLOCK * wide + 2 * reach), np.empty(BLOCK * wide)


@njit(cache=True, nogil=True)
def blur(planes, w, rows, cols, factor, room, out):
    """out = (G * planes) x factor, per replicate; nothing lies outside the grid; out may be planes.

    planes, out : (R, n) float; w : taps; factor : (n,) float; room : `workroom`
    """
    padded, down, across = room
    reach = w.size - 1
    wide = cols + reach
    for r in range(planes.shape[0]):
        for i in range(rows):
            to, of = padded[(i + reach) * wide + reach :], planes[r, i * cols : (i + 1) * cols]
            for j in range(cols):
                to[j] = of[j]
        for top in range(0, rows, BLOCK):
            high = min(BLOCK, rows - top)
            size = high * wide
            _shifted_sum(down, reach, padded, (top + reach) * wide + reach, wide, w, size)
            _shifted_sum(across, 0, down, reach, 1, w, size)
            for i in range(high):
                at = (top + i) * cols
                whole, of, share = out[r, at : at + cols], across[i * wide :], factor[at:]
                for j in range(cols):
                    whole[j] = of[j] * share[j]


@njit(cache=True, nogil=True)
def _shifted_sum(out, start, a, at, step, w, size):
    """out[start + t] = sum over k of w[k] (a[at + t - k step] + a[at + t + k step])."""
    s = out[start:]
    if w.size > 6:
        k = _first_six(s, a, at, step, w, size)
    elif w.size > 4:
        k = _first_four(s, a, at, step, w, size)
    else:
        k, v0, v1, v2 = 3, w[0], w[1], w[2]
        b0, b1, b2 = a[at:], a[at - step :], a[at - 2 * step :]
        c1, c2 = a[at + step :], a[at + 2 * step :]
        for t in range(size):
            s[t] = v0 * b0[t] + (v1 * (b1[t] + c1[t]) + v2 * (b2[t] + c2[t]))
    for j in range(k, w.size, AT_ONCE):
        v1, v2 = w[j], w[j + 1]
        b1, c1 = a[at - j * step :], a[at + j * step :]
        b2, c2 = a[at - (j + 1) * step :], a[at + (j + 1) * step :]
        for t in range(size):
            s[t] += v1 * (b1[t] + c1[t]) + v2 * (b2[t] + c2[t])


@njit(cache=True, nogil=True)
def _first_four(s, a, at, step, w, size):
    v0, v1, v2, v3, v4 = w[0], w[1], w[2], w[3], w[4]
    b0, b1, b2 = a[at:], a[at - step :], a[at - 2 * step :]
    b3, b4 = a[at - 3 * step :], a[at - 4 * step :]
    c1, c2, c3, c4 = a[at + step :], a[at + 2 * step :], a[at + 3 * step :], a[at + 4 * step :]
    for t in range(size):
        near = v0 * b0[t] + (v1 * (b1[t] + c1[t]) + v2 * (b2[t] + c2[t]))
        s[t] = near + (v3 * (b3[t] + c3[t]) + v4 * (b4[t] + c4[t]))
    return 5


@njit(cache=True, nogil=True)
def _first_six(s, a, at, step, w, size):
    v0, v1, v2, v3, v4, v5, v6 = w[0], w[1], w[2], w[3], w[4], w[5], w[6]
    b0, b1, b2, b3 = a[at:], a[at - step :], a[at - 2 * step :], a[at - 3 * step :]
    b4, b5, b6 = a[at - 4 * step :], a[at - 5 * step :], a[at - 6 * step :]
    c1, c2, c3 = a[at + step :], a[at + 2 * step :], a[at + 3 * step :]
    c4, c5, c6 = a[at + 4 * step :], a[at + 5 * step :], a[at + 6 * step :]
    for t in range(size):
        near = v0 * b0[t] + (v1 * (b1[t] + c1[t]) + v2 * (b2[t] + c2[t]))
        near += v3 * (b3[t] + c3[t]) + v4 * (b4[t] + c4[t])
        s[t] = near + (v5 * (b5[t] + c5[t]) + v6 * (b6[t] + c6[t]))
    return 7
