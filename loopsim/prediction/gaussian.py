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
AT_ONCE = 2  # taps that one pass adds
BLOCK = 24  # rows blurred together: small enough to stay in the first-level cache


def taps(sigma: float) -> np.ndarray:
    """(1 + reach,) weights at 0, 1, .. cells; with their mirror image they sum to 1.

    The last ones may be 0: the kernel takes two at a time.
    """
    reach = int(TRUNCATE * sigma + 0.5)
    w = np.exp(-0.5 * (np.arange(reach + 1) / sigma) ** 2)
    spare = -reach % AT_ONCE if reach else AT_ONCE
    return np.append(w, np.zeros(spare)) / (w[0] + 2 * w[1:].sum())


@njit(cache=True, nogil=True)
def blur(planes, w, rows, cols, factor, out):
    """out = (G * planes) x factor, per replicate; nothing lies outside the grid; out may be planes.

    planes, out : (R, n) float; w : taps; factor : (n,) float
    """
    reach = w.size - 1
    wide = cols + reach  # the empty cells right of a row are also those left of the next
    padded = np.zeros((rows + 2 * reach) * wide + 2 * reach)
    down = np.zeros(BLOCK * wide + 2 * reach)
    across = np.empty(BLOCK * wide)
    for r in range(planes.shape[0]):
        for i in range(rows):
            at = (i + reach) * wide + reach
            _copy(padded[at:], planes[r, i * cols : (i + 1) * cols])
        for top in range(0, rows, BLOCK):
            high = min(BLOCK, rows - top)
            size = high * wide
            _shifted_sum(down[reach:], padded, (top + reach) * wide + reach, wide, w, size)
            _shifted_sum(across, down, reach, 1, w, size)
            for i in range(high):
                at = (top + i) * cols
                _scale(out[r, at : at + cols], across[i * wide :], factor[at:])


@njit(cache=True, nogil=True)
def _shifted_sum(out, a, at, step, w, size):
    """out[t] = sum over k of w[k] (a[at + t - k step] + a[at + t + k step])."""
    centre, v0 = a[at:], w[0]
    for k in range(1, w.size, AT_ONCE):
        v1, v2 = w[k], w[k + 1]
        near, s = a[at - k * step :], a[at + k * step :]
        far, u = a[at - (k + 1) * step :], a[at + (k + 1) * step :]
        if k == 1:
            for t in range(size):
                out[t] = v0 * centre[t] + (v1 * (near[t] + s[t]) + v2 * (far[t] + u[t]))
        else:
            for t in range(size):
                out[t] += v1 * (near[t] + s[t]) + v2 * (far[t] + u[t])


@njit(cache=True, nogil=True)
def _copy(out, a):
    for j in range(a.size):
        out[j] = a[j]


@njit(cache=True, nogil=True)
def _scale(out, a, factor):
    for j in range(out.size):
        out[j] = a[j] * factor[j]
