"""Divergence: how far the map of patrol is from the map of offences."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def _js(p, q):
    out = np.empty(p.shape[0])
    for r in range(p.shape[0]):
        a, b, bits = p[r].sum(), q[r].sum(), 0.0
        if a <= 0 or b <= 0:
            out[r] = np.nan
            continue
        for c in range(p.shape[1]):
            x, y = p[r, c] / a, q[r, c] / b
            mid = 0.5 * (x + y)
            if x > 0:
                bits += 0.5 * x * np.log2(x / mid)
            if y > 0:
                bits += 0.5 * y * np.log2(y / mid)
        out[r] = min(max(bits, 0.0), 1.0)
    return out


def jensen_shannon(p, q):
    """(R,) Jensen-Shannon divergence of two maps, base 2: 0 the same .. 1 nothing shared.

    Parameters
    ----------
    p, q : (R, n) float >= 0, scaled to shares here; NaN where a map is empty

    **Special cases**: symmetric; finite whatever cells are zero.
    """
    return _js(np.ascontiguousarray(p, dtype=np.float64), np.ascontiguousarray(q, dtype=np.float64))
