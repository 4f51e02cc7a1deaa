"""Coordinate descent for penalised Poisson regression on binary columns.

Where a column is binary, one coefficient scales the means of its ones by a common factor,
so each coordinate has a one-line optimum and no quadratic approximation is needed:

    minimise over b:  m e^(b - b_old) - s b + l1 |b| + l2 b^2 / 2,

m = sum of means over the ones, s = sum of counts over the ones. The cost of a sweep is
the number of ones, not cells x columns.
"""

from __future__ import annotations

import numpy as np
from numba import njit

BOUND = 20.0  # |coefficient| at most: e^20 stands for "never here" or "only here"


@njit(cache=True, nogil=True)
def descend(start, rows, total, hits, l1, l2, positive, tol, sweeps, mu, beta):
    """Fit in place; returns the sweeps it took, -1 where `sweeps` were not enough.

    Parameters
    ----------
    start, rows : lists of ones, see `patterns.Ones`
    total, hits : float and (p,), counts over all cells and over the ones of each column
    l1, l2 : penalties on |b| and b^2 / 2, on the scale of the log-likelihood
    positive : bool, coefficients may not be below 0
    tol : largest change of a coefficient in the last sweep
    mu : (G,) means at the start, kept up to date
    beta : (1 + p,) coefficients at the start, intercept first
    """
    everything = True
    for sweep in range(sweeps):
        change = _level(mu, total, beta)
        for j in range(hits.size):
            if everything or beta[1 + j] != 0.0:
                moved = _move(rows[start[j] : start[j + 1]], mu, hits[j], l1, l2, positive, beta, 1 + j)
                change = max(change, moved)
        if change < tol:
            if everything:
                return sweep + 1
            everything = True
        else:
            everything = l1 == 0.0
    return -1


@njit(cache=True, nogil=True)
def _level(mu, total, beta):
    """Set the intercept so that the means add up to the counts."""
    factor = total / mu.sum()
    for i in range(mu.size):
        mu[i] *= factor
    beta[0] += np.log(factor)
    return abs(np.log(factor))


@njit(cache=True, nogil=True)
def _move(ones, mu, s, l1, l2, positive, beta, j):
    """Set one coefficient to its optimum given the others; returns how far it moved."""
    m = 0.0
    for i in ones:
        m += mu[i]
    old = beta[j]
    new = optimum(m, s, old, l1, l2, positive)
    if new != old:
        factor = np.exp(new - old)
        for i in ones:
            mu[i] *= factor
        beta[j] = new
    return abs(new - old)


@njit(cache=True, nogil=True)
def optimum(m, s, old, l1, l2, positive):
    """The best value of one coefficient, see the module."""
    if m == 0.0:
        return 0.0
    slope = m * np.exp(-old) - s  # at 0, before the l1 term
    if abs(slope) <= l1 or (positive and slope > 0.0):
        return 0.0
    push = l1 if slope < 0.0 else -l1
    if l2 == 0.0:
        inside = (s - push) / m
        return min(max(old + np.log(inside), -BOUND), BOUND) if inside > 0.0 else -BOUND
    b = old
    for _ in range(50):
        mean = m * np.exp(b - old)
        step = (mean - s + push + l2 * b) / (mean + l2)
        b -= min(max(step, -1.0), 1.0)
        if abs(step) < 1e-12:
            break
    return b
