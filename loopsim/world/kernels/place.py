"""Where a person is: which cell after a journey."""

import numpy as np
from numba import njit

_HALF = np.uint64(32)


@njit(cache=True, nogil=True, inline="always")
def below(word, m):
    """A whole number in 0 .. m - 1 from a 32-bit word (multiply and shift; bias < m / 2**32)."""
    return np.int64((np.uint64(word) * np.uint64(m)) >> _HALF)


@njit(cache=True, nogil=True)
def moved(cell, rows, cols, d_row, d_col, inside, otherwise):
    """The cell (d_row, d_col) away, or `otherwise` where that leaves the city."""
    row, col = cell // cols + d_row, cell % cols + d_col
    if row < 0 or row >= rows or col < 0 or col >= cols or not inside[row * cols + col]:
        return otherwise
    return row * cols + col


@njit(cache=True, nogil=True)
def poisson(u, mean, none):
    """Poisson count by inversion of one uniform; it only grows with the mean. none = exp(-mean)."""
    p, total, k = none, none, 0
    while u >= total and k < 1000:
        k += 1
        p *= mean / k
        total += p
    return k


@njit(cache=True, nogil=True)
def quantile(u, cdf):
    """Smallest k with u < cdf[k]: a count by inversion of a tabulated law."""
    lo, hi = 0, cdf.size - 1
    while lo < hi:
        mid = (lo + hi) // 2
        if u < cdf[mid]:
            hi = mid
        else:
            lo = mid + 1
    return lo


@njit(cache=True, nogil=True)
def add_dose(plan, dose, felt, keep, diffusion, rows, cols):
    """Let the dose decay by a day, add today's patrol, and say where it is felt.

    A share `diffusion` of the dose is felt as the mean of the neighbouring cells instead.
    """
    for c in range(dose.size):
        dose[c] = dose[c] * keep + plan[c]
    if diffusion == 0.0:
        felt[:] = dose
        return
    for row in range(rows):
        for col in range(cols):
            total, count = 0.0, 0
            for i in range(max(row - 1, 0), min(row + 2, rows)):
                for j in range(max(col - 1, 0), min(col + 2, cols)):
                    if i != row or j != col:
                        total += dose[i * cols + j]
                        count += 1
            own = dose[row * cols + col]
            around = total / count if count else own
            felt[row * cols + col] = (1.0 - diffusion) * own + diffusion * around
