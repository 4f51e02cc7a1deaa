"""Predictability: is next period's patrol explained by past patrol, or by what happened?

Both explanations are scored by the share of the deviance of an even spread that they
take away. A share of past patrol near 1 beside a low share of offences is predictable
policing rather than predictive policing.
"""

from __future__ import annotations

import numpy as np
from numba import njit

EVEN_PART = 0.05  # of every explanation is an even spread, so that an empty cell is never impossible


@njit(cache=True, nogil=True)
def deviance(patrol, past, cells, even_part):
    """(R, 2) deviance of the patrol from an even spread, and the part that `past` explains.

    Parameters
    ----------
    patrol, past : (R, n) float >= 0, scaled to shares here
    cells : int, cells over which an even spread is taken
    even_part : float, part of the explanation that is an even spread
    """
    out = np.zeros((patrol.shape[0], 2))
    for r in range(patrol.shape[0]):
        total, before = patrol[r].sum(), past[r].sum()
        if total <= 0 or before <= 0:
            continue
        for c in range(patrol.shape[1]):
            q = patrol[r, c] / total
            if q > 0:
                p = (1.0 - even_part) * past[r, c] / before + even_part / cells
                out[r, 0] += 2.0 * q * np.log(q * cells)
                out[r, 1] += 2.0 * q * np.log(p * cells)
    return out


def explained(patrol, past, cells):
    """(R,) share of deviance explained; NaN where the patrol is even and nothing needs explaining."""
    whole, part = deviance(np.asarray(patrol, float), np.asarray(past, float), cells, EVEN_PART).T
    return np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 1e-9)
