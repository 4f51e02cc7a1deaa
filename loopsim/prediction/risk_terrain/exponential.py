"""The exponential of many numbers, written so that the compiler can use SIMD.

e^x = 2^k e^r with k the whole number nearest to x / ln 2, so that |r| <= ln 2 / 2, where the
Taylor polynomial of degree 12 is right to 2e-16; 2^k is written as the bits of a double.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

MOST = 700.0  # |x| at most: beyond it e^x is no ordinary double
PER_TWO, TWO_HIGH, TWO_LOW = 1.0 / math.log(2.0), 0.693147180369123816490, 1.90821492927058770002e-10
BIAS, SHIFT = np.int64(1023), np.int64(52)  # of the exponent in a double


@njit(cache=True, nogil=True)
def exponentials(x, powers, out):
    """out = e^x, x held to -700 .. 700; `powers` is room for as many int64."""
    for i in range(x.size):
        at = min(max(x[i], -MOST), MOST)
        k = np.floor(at * PER_TWO + 0.5)
        powers[i] = (np.int64(k) + BIAS) << SHIFT
        r = at - k * TWO_HIGH - k * TWO_LOW
        out[i] = _taylor(r)
    scale = powers.view(np.float64)
    for i in range(x.size):
        out[i] *= scale[i]


@njit(cache=True, nogil=True, inline="always")
def _taylor(r):
    p = 1.0 / 479001600.0
    p = p * r + 1.0 / 39916800.0
    p = p * r + 1.0 / 3628800.0
    p = p * r + 1.0 / 362880.0
    p = p * r + 1.0 / 40320.0
    p = p * r + 1.0 / 5040.0
    p = p * r + 1.0 / 720.0
    p = p * r + 1.0 / 120.0
    p = p * r + 1.0 / 24.0
    p = p * r + 1.0 / 6.0
    p = p * r + 0.5
    return (p * r + 1.0) * r + 1.0
