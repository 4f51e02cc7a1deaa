"""Newton's method for a ridge or plain Poisson fit on lists of ones, warm-started.

Minimises  sum_i c_i e^(eta_i) - y_i eta_i + l2/2 |b|^2,  eta = b_0 + X b, X binary. The
Hessian is kept from step to step while the gradient still falls fast (the chord rule),
so a refit to new counts costs about one Hessian and a few passes over the ones.
"""

from __future__ import annotations

import numpy as np
from numba import njit

LEAP = 4.0  # longest step
SHRINK = 0.1  # keep the Hessian while a step shrinks the gradient at least to this share


@njit(cache=True, nogil=True)
def newton(start, columns, cells, y, l2, tol, steps, beta):
    """Fit in place; returns whether it converged.

    Parameters
    ----------
    start, columns : group i's ones are columns[start[i] : start[i + 1]]
    cells : (G,) float, cells in each group
    y : (G,) counts, not all 0
    l2 : penalty on b^2 / 2, on the scale of the log-likelihood
    tol : largest Newton step at which the fit has converged
    beta : (1 + p,) start and result, intercept first
    """
    g, g_new, h = np.empty(beta.size), np.empty(beta.size), np.empty((beta.size, beta.size))
    mu, fresh = np.empty(cells.size), True
    loss = _slopes(start, columns, cells, y, l2, beta, g, mu)
    for _ in range(steps):
        if fresh:
            _curvature(start, columns, mu, l2, h)
        step, here = np.linalg.solve(h, g), beta.copy()
        length = np.max(np.abs(step))
        share = min(1.0, LEAP / max(length, 1e-300))
        beta -= share * step
        if length < tol:
            return np.isfinite(loss)
        new = _slopes(start, columns, cells, y, l2, beta, g_new, mu)
        while not new <= loss + 1e-12 * abs(loss) and fresh and share > 1e-9:
            share *= 0.5
            beta[:] = here - share * step
            new = _slopes(start, columns, cells, y, l2, beta, g_new, mu)
        if new <= loss + 1e-12 * abs(loss):
            fresh = share < 1.0 or np.max(np.abs(g_new)) > SHRINK * np.max(np.abs(g))
            loss, g, g_new = new, g_new, g
        elif fresh:
            return False
        else:
            beta[:], fresh = here, True
            _slopes(start, columns, cells, y, l2, beta, g, mu)
    return False


@njit(cache=True, nogil=True)
def _slopes(start, columns, cells, y, l2, beta, g, mu):
    """Objective; its gradient is written to `g`, the means to `mu`."""
    g[:] = l2 * beta
    g[0] = 0.0
    loss = 0.5 * l2 * np.sum(beta[1:] ** 2)
    slope = g[1:]
    weight = beta[1:]
    for i in range(cells.size):
        eta = beta[0]
        for k in range(start[i], start[i + 1]):
            eta += weight[columns[k]]
        mu[i] = cells[i] * np.exp(eta)
        rest = mu[i] - y[i]
        loss += mu[i] - y[i] * eta
        g[0] += rest
        for k in range(start[i], start[i + 1]):
            slope[columns[k]] += rest
    return loss


@njit(cache=True, nogil=True)
def _curvature(start, columns, mu, l2, h):
    """The Hessian, from the pairs of ones that share a group; ones are in column order."""
    h[:] = 0.0
    for i in range(mu.size):
        h[0, 0] += mu[i]
        for a in range(start[i], start[i + 1]):
            row = h[np.uint64(columns[a]) + np.uint64(1)]
            row[0] += mu[i]
            tail = row[1:]
            for b in range(start[i], a + np.uint64(1)):
                tail[columns[b]] += mu[i]
    for j in range(1, h.shape[0]):
        h[j, j] += l2 + 1e-10  # keeps an empty column, or a duplicate, solvable without a penalty
        for k in range(j):
            h[k, j] = h[j, k]
