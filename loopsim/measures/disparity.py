"""Disparity: how much more of something lands where one group lives than where another does.

Ratios are logs of ratios of means with shares beside them. A count of zero is met with a
stated pseudo-exposure in both groups, so no ratio is ever infinite.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def patrol_exposure(patrol, weights):
    """(R, G) sum over cells of what a cell gets times the weight of each group there.

    Parameters
    ----------
    patrol : (R, n) float, officer-hours (or records) by cell
    weights : (n, G) float; residents / residents.sum(0) gives the mean per resident,
        residents / residents of the cell gives the part that falls to each group

    **Special cases**: an even spread gives every group the same exposure.
    """
    out = np.zeros((patrol.shape[0], weights.shape[1]))
    for r in range(patrol.shape[0]):
        for c in range(patrol.shape[1]):
            p = patrol[r, c]
            if p != 0:
                for g in range(weights.shape[1]):
                    out[r, g] += p * weights[c, g]
    return out


@njit(cache=True, nogil=True)
def effective_cells(patrol):
    """(R,) effective number of patrolled cells, 1 / sum of squared shares; 0 without patrol.

    **Special cases**: k equal cells give k.
    """
    out = np.zeros(patrol.shape[0])
    for r in range(patrol.shape[0]):
        total, squares = 0.0, 0.0
        for c in range(patrol.shape[1]):
            total += patrol[r, c]
            squares += patrol[r, c] * patrol[r, c]
        if squares > 0:
            out[r] = total * total / squares
    return out


def pseudo_exposure(total, effective, cells):
    """Half a cell-day of patrol, as exposure per head: 0.5 (total / effective) / cells.

    Parameters
    ----------
    total : float, officer-hours a day
    effective : (R,) effective number of patrolled cells
    cells : int, cells of the city
    """
    return 0.5 * total / np.maximum(effective, 1.0) / cells


def log_ratio(upper, lower, pseudo):
    """log((upper + pseudo) / (lower + pseudo)); NaN where both are zero without pseudo."""
    upper, lower = np.asarray(upper) + pseudo, np.asarray(lower) + pseudo
    fits = (upper > 0) & (lower > 0)
    ratio = np.divide(upper, lower, out=np.ones(np.shape(upper * lower)), where=fits)
    return np.where(fits, np.log(ratio), np.nan)


def group_weights(residents):
    """Two (n, G) weights: per head (columns sum to 1) and by mix (rows sum to 1 or 0).

    **Special cases**: a group of nobody weighs 0 everywhere.
    """
    residents = np.asarray(residents, dtype=np.float64)
    people, here = residents.sum(axis=0), residents.sum(axis=1, keepdims=True)
    head = np.divide(residents, people, out=np.zeros_like(residents), where=people > 0)
    mix = np.divide(residents, here, out=np.zeros_like(residents), where=here > 0)
    return head, mix
