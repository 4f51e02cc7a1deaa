"""Gaussian: the blur of a raster, written so that the compiler can use SIMD.

A truncated Gaussian is separable and symmetric: first down the columns, then along the
rows, and the two neighbours at one distance share a tap. Rows are laid out on whole cache
lines with empty cells around them, so that no loop asks for the edge, and four rows are
blurred together, so that each is read a quarter as often.
"""

from __future__ import annotations

import numpy as np
from numba import njit

TRUNCATE = 4.0  # standard deviations at which the kernel ends, as in scipy.ndimage
FIRST, AT_ONCE = 6, 2  # taps beside the middle that the first pass adds, and each later one
LINE = 8  # numbers in a cache line
TOGETHER = 4  # rows blurred by one loop
BLOCK = 24  # rows between the two directions: small enough to stay in the first-level cache


def taps(sigma: float) -> np.ndarray:
    """(1 + reach,) weights at 0, 1, .. cells; with their mirror image they sum to 1.

    The last ones may be 0: the kernel takes six, then two at a time.
    """
    reach = int(TRUNCATE * sigma + 0.5)
    w = np.exp(-0.5 * (np.arange(reach + 1) / sigma) ** 2)
    spare = max(FIRST - reach, (FIRST - reach) % AT_ONCE)
    return np.append(w, np.zeros(spare)) / (w[0] + 2 * w[1:].sum())


def workroom(w: np.ndarray, rows: int, cols: int) -> tuple[np.ndarray, np.ndarray]:
    """Scratch for `blur` with these taps: the padded raster and a block of it; what is empty stays empty."""
    reach = w.size - 1
    wide, gap = _whole_lines(cols + reach), _whole_lines(reach)
    return _on_a_line((rows + 2 * reach + TOGETHER) * wide), _on_a_line(BLOCK * wide + 2 * gap)


def _on_a_line(size: int) -> np.ndarray:
    """Zeros that begin with a cache line."""
    room = np.zeros(size + LINE)
    return room[-room.ctypes.data // room.itemsize % LINE :][:size]


@njit(cache=True, nogil=True)
def _whole_lines(size):
    return (size + LINE - 1) // LINE * LINE


@njit(cache=True, nogil=True)
def blur(planes, w, rows, cols, factor, room, out):
    """out = (G * planes) x factor, per replicate; nothing lies outside the grid; out may be planes.

    planes, out : (R, n) float; w : taps; factor : (n,) float; room : `workroom`
    """
    padded, down = room
    reach = w.size - 1
    wide, gap = _whole_lines(cols + reach), _whole_lines(reach)
    for r in range(planes.shape[0]):
        _lay_out(padded[reach * wide :], planes[r], rows, cols, wide)
        for top in range(0, rows, BLOCK):
            high, at = min(BLOCK, rows - top), top * cols
            _down(down[gap:], padded[top * wide :], w, high, cols, wide)
            _along(out[r, at:], down[gap - reach :], w, factor[at:], high, cols, wide)


@njit(cache=True, nogil=True)
def _lay_out(padded, plane, rows, cols, wide):
    for i in range(rows):
        to, of = padded[i * wide : (i + 1) * wide], plane[i * cols : (i + 1) * cols]
        for j in range(cols):
            to[j] = of[j]


@njit(cache=True, nogil=True)
def _down(out, a, w, high, cols, wide):
    """Blur down the columns; a begins `reach` rows above out."""
    reach = w.size - 1
    _four_rows(out, a[(reach - FIRST) * wide :], w, high, _whole_lines(cols), wide)
    size = high * wide
    for k in range(FIRST + 1, w.size, AT_ONCE):
        v1, v2, middle = w[k], w[k + 1], reach * wide
        b1, c1 = a[middle - k * wide :], a[middle + k * wide :]
        b2, c2 = a[middle - (k + 1) * wide :], a[middle + (k + 1) * wide :]
        for t in range(size):
            out[t] += v1 * (b1[t] + c1[t]) + v2 * (b2[t] + c2[t])


@njit(cache=True, nogil=True)
def _four_rows(out, a, w, high, size, wide):
    """The first six taps of `high` rows, four at a time; a begins six rows above them."""
    v0, v1, v2, v3, v4, v5, v6 = w[0], w[1], w[2], w[3], w[4], w[5], w[6]
    for i in range(0, high, TOGETHER):
        s, b = out[i * wide :], a[i * wide :]
        s0, s1, s2, s3 = s, s[wide:], s[2 * wide :], s[3 * wide :]
        b0, b1, b2, b3 = b, b[wide:], b[2 * wide :], b[3 * wide :]
        b4, b5, b6, b7 = b[4 * wide :], b[5 * wide :], b[6 * wide :], b[7 * wide :]
        b8, b9, b10, b11 = b[8 * wide :], b[9 * wide :], b[10 * wide :], b[11 * wide :]
        b12, b13, b14, b15 = b[12 * wide :], b[13 * wide :], b[14 * wide :], b[15 * wide :]
        for t in range(size):
            x0, x1, x2, x3, x4, x5, x6, x7 = b0[t], b1[t], b2[t], b3[t], b4[t], b5[t], b6[t], b7[t]
            x8, x9, x10, x11 = b8[t], b9[t], b10[t], b11[t]
            x12, x13, x14, x15 = b12[t], b13[t], b14[t], b15[t]
            near = v0 * x6 + (v1 * (x5 + x7) + v2 * (x4 + x8)) + (v3 * (x3 + x9) + v4 * (x2 + x10))
            s0[t] = near + (v5 * (x1 + x11) + v6 * (x0 + x12))
            near = v0 * x7 + (v1 * (x6 + x8) + v2 * (x5 + x9)) + (v3 * (x4 + x10) + v4 * (x3 + x11))
            s1[t] = near + (v5 * (x2 + x12) + v6 * (x1 + x13))
            near = v0 * x8 + (v1 * (x7 + x9) + v2 * (x6 + x10)) + (v3 * (x5 + x11) + v4 * (x4 + x12))
            s2[t] = near + (v5 * (x3 + x13) + v6 * (x2 + x14))
            near = v0 * x9 + (v1 * (x8 + x10) + v2 * (x7 + x11)) + (v3 * (x6 + x12) + v4 * (x5 + x13))
            s3[t] = near + (v5 * (x4 + x14) + v6 * (x3 + x15))


@njit(cache=True, nogil=True)
def _along(out, down, w, factor, high, cols, wide):
    """Blur along the rows and multiply; down begins `reach` cells left of the first row.

    A row is rounded up to whole cache lines: what is too much is written over by the next.
    """
    v0, v1, v2, v3, v4, v5, v6 = w[0], w[1], w[2], w[3], w[4], w[5], w[6]
    reach, short = w.size - 1, w[5] == 0.0
    for i in range(high):
        s, f, whole = out[i * cols :], factor[i * cols :], down[i * wide :]
        a, size = whole[reach - FIRST :], min(_whole_lines(cols), s.size)
        for t in range(size * short):
            near = v0 * a[t + 6] + (v1 * (a[t + 5] + a[t + 7]) + v2 * (a[t + 4] + a[t + 8]))
            s[t] = (near + (v3 * (a[t + 3] + a[t + 9]) + v4 * (a[t + 2] + a[t + 10]))) * f[t]
        for t in range(size * (not short)):
            near = v0 * a[t + 6] + (v1 * (a[t + 5] + a[t + 7]) + v2 * (a[t + 4] + a[t + 8]))
            near += v3 * (a[t + 3] + a[t + 9]) + v4 * (a[t + 2] + a[t + 10])
            s[t] = (near + (v5 * (a[t + 1] + a[t + 11]) + v6 * (a[t] + a[t + 12]))) * f[t]
        for k in range(FIRST + 1, w.size, AT_ONCE):
            u1, u2, far = w[k], w[k + 1], whole[reach - k - 1 :]
            b1, b2 = far[2 * k + 1 :], far[2 * k + 2 :]
            for t in range(cols):
                s[t] += (u1 * (far[t + 1] + b1[t]) + u2 * (far[t] + b2[t])) * f[t]
