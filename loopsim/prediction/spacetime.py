"""Self-exciting records in space and time: one sweep of EM and the days that follow.

lambda_n(t) = mu_n + theta omega sum_m k(n - m) sum over earlier records in m of
exp(-omega (t - t_i)), k a Gaussian cut off at some cells. What each cell has in memory is
carried from day to day, so a sweep costs records x cells in reach, not pairs of records.
Kernels know arrays only.
"""

from __future__ import annotations

import numpy as np
from numba import njit


def by_day(day, cell, weight, days: int, n: int):
    """Records (day -days .. -1, in day order) joined by day and cell, with the entries of each day.

    Returns start (days + 1,) int, cell (N,) int, count (N,) float.
    """
    key, where = np.unique((day + days) * np.int64(n) + cell, return_inverse=True)
    start = np.searchsorted(key // n, np.arange(days + 1))
    return start, key % n, np.bincount(where, weight, key.size)


@njit(cache=True, nogil=True, error_model="numpy")
def sweep(start, cell, count, decay, shape, mu, rise, bell, mass, own):
    """One E step over records by day.

    start, cell, count : records by day; decay : (days + 1,) exp(-omega a)
    shape : rows, cols; mu : (n,); rise : theta omega
    bell : (2 h + 1, 2 h + 1) float, the Gaussian by offset; mass : (n,) its sum inside the city
    own : (n,) out, sum of p_ii

    Returns the sums of p_ji, of p_ji (t_i - t_j) and of p_ji d_ij^2 (cells^2).
    """
    rows, cols = shape
    reach = bell.shape[0] // 2
    held, waited_held = np.zeros(mu.size), np.zeros(mu.size)
    last = np.zeros(mu.size, np.int64)
    own[:] = 0.0
    born = waited = far = 0.0
    for today in range(start.size - 1):
        for i in range(start[today], start[today + 1]):
            n = cell[i]
            row, col = n // cols, n % cols
            R = S = D = 0.0
            for a in range(max(-reach, -row), min(reach, rows - 1 - row) + 1):
                for b in range(max(-reach, -col), min(reach, cols - 1 - col) + 1):
                    m = n + a * cols + b
                    if held[m] > 0.0:
                        gap = today - last[m]
                        part = bell[a + reach, b + reach] * decay[gap]
                        R += part * held[m]
                        S += part * (waited_held[m] + gap * held[m])
                        D += part * held[m] * (a * a + b * b)
            share = count[i] / (mu[n] * mass[n] + rise * R)
            own[n] += mu[n] * mass[n] * share
            born, waited, far = born + R * share, waited + S * share, far + D * share
        for i in range(start[today], start[today + 1]):
            m, gap = cell[i], today - last[cell[i]]
            waited_held[m] = decay[gap] * (waited_held[m] + gap * held[m])
            held[m] = decay[gap] * held[m] + count[i]
            last[m] = today
    return rise * born, rise * waited, rise * far


@njit(cache=True, nogil=True)
def spread(E, rows, cols, bell, out):
    """(n,) sum of E over the cells in reach, weighted by the Gaussian."""
    reach = bell.shape[0] // 2
    out[:] = 0.0
    for a in range(-reach, reach + 1):
        for b in range(-reach, reach + 1):
            weight = bell[a + reach, b + reach]
            left, stop = max(0, -b), min(cols, cols - b)
            if stop <= left:
                continue
            for row in range(max(0, -a), min(rows, rows - a)):
                to, of = row * cols, (row + a) * cols + b
                target, source = out[to + left : to + stop], E[of + left : of + stop]
                for col in range(target.size):
                    target[col] += weight * source[col]


def gaussian(sigma: float, reach: int) -> np.ndarray:
    """(2 h + 1, 2 h + 1) exp(-d^2 / 2 sigma^2), d and sigma in cells."""
    span = np.arange(-reach, reach + 1)
    return np.exp(-0.5 * (span[:, None] ** 2 + span**2) / sigma**2)


def width(mean_square: float, reach: int) -> float:
    """sigma (cells) at which the Gaussian on the cells in reach has this mean of d^2 (maximum likelihood)."""
    span = np.arange(-reach, reach + 1)
    square = span[:, None] ** 2 + span**2
    low, high = 0.2, 10.0 * max(reach, 1)
    for _ in range(40):
        middle = 0.5 * (low + high)
        bell = gaussian(middle, reach)
        wide = (bell * square).sum() > mean_square * bell.sum()
        low, high = (low, middle) if wide else (middle, high)
    return 0.5 * (low + high)
