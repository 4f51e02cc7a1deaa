"""NB1: the negative binomial with variance mu (1 + sigma), fitted by a damped Newton method.

gamlss calls it NBII; RTMDx reports it. With r = mu / sigma the log-likelihood of a count is

    lgamma(y + r) - lgamma(r) - lgamma(y + 1) + y log sigma - (y + r) log(1 + sigma).

The free parameters are the coefficients and s = log sigma.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

STEPS, TOLERANCE = 200, 1e-9  # of Newton's method; the largest step at which a fit has converged
LOW, HIGH = -12.0, 12.0  # of s: at the low end the counts are Poisson
WHOLE = 64.0  # whole counts up to here are summed, larger and broken ones go by series


@njit(cache=True, nogil=True)
def nb1(x, cells, y, beta):
    """Fit in place; returns the log-likelihood less its constant, and whether it converged.

    Parameters
    ----------
    x : (G, k) float, columns of the groups of cells
    cells, y : (G,) float, cells in each group and the count of each of them
    beta : (k + 2,) start and result: intercept, coefficients, s
    """
    size = beta.size
    g, h = np.empty(size), np.empty((size, size))
    loss = slopes(x, cells, y, beta, g, h)
    damp, fine = 1e-6, False
    for _ in range(STEPS):
        here, g_here, h_here = beta.copy(), g.copy(), h.copy()
        for j in range(size):
            h_here[j, j] += damp * (1.0 + abs(h[j, j]))
        step = np.linalg.solve(h_here, g_here)
        length = np.max(np.abs(step))
        if not np.isfinite(length):
            break
        beta -= step * min(1.0, 2.0 / max(length, 1e-300))
        beta[size - 1] = min(max(beta[size - 1], LOW), HIGH)
        moved = np.max(np.abs(beta - here))
        new = slopes(x, cells, y, beta, g, h)
        if new <= loss + 1e-11 * abs(loss):
            loss, damp = new, max(damp * 0.1, 1e-12)
            if moved < TOLERANCE:
                fine = True
                break
        else:
            beta[:] = here
            damp *= 10.0
            loss = slopes(x, cells, y, beta, g, h)
            if damp > 1e12:
                break
    return -loss, fine


@njit(cache=True, nogil=True)
def slopes(x, cells, y, beta, g, h):
    """Negative log-likelihood, its gradient and Hessian; lower triangles are filled, then mirrored."""
    k, s = x.shape[1], beta[-1]
    sigma = math.exp(s)
    q, log1 = sigma / (1.0 + sigma), math.log1p(sigma)
    g[:], h[:], loss = 0.0, 0.0, 0.0
    z = np.empty(k + 1)
    z[0] = 1.0
    for i in range(cells.size):
        eta = beta[0]
        for j in range(k):
            z[1 + j] = x[i, j]
            eta += beta[1 + j] * x[i, j]
        r, c = math.exp(min(eta, 300.0) - s), cells[i]
        lg, digamma, trigamma = rise(r, y[i])
        a = digamma - log1
        loss -= c * (lg + y[i] * s - (y[i] + r) * log1)
        by_eta, by_s = r * a, -r * a + y[i] - (y[i] + r) * q
        eta_eta = r * a + r * r * trigamma
        eta_s = -eta_eta - r * q
        s_s = eta_eta + 2.0 * r * q - (y[i] + r) * q * (1.0 - q)
        for j in range(k + 1):
            g[j] -= c * by_eta * z[j]
            h[k + 1, j] -= c * eta_s * z[j]
            for m in range(j + 1):
                h[j, m] -= c * eta_eta * z[j] * z[m]
        g[k + 1] -= c * by_s
        h[k + 1, k + 1] -= c * s_s
    for j in range(k + 2):
        for m in range(j):
            h[m, j] = h[j, m]
    return loss


@njit(cache=True, nogil=True)
def rise(r, y):
    """lgamma, digamma and trigamma of y + r less those of r."""
    if y == 0.0:
        return 0.0, 0.0, 0.0
    if y == math.floor(y) and y <= WHOLE:
        lg, first, second = 0.0, 0.0, 0.0
        for k in range(int(y)):
            lg += math.log(r + k)
            first += 1.0 / (r + k)
            second -= 1.0 / (r + k) ** 2
        return lg, first, second
    a, b = polygammas(y + r), polygammas(r)
    return math.lgamma(y + r) - math.lgamma(r), a[0] - b[0], a[1] - b[1]


@njit(cache=True, nogil=True)
def polygammas(v):
    """Digamma and trigamma of v > 0: shifted up to 8, then the asymptotic series."""
    first, second = 0.0, 0.0
    while v < 8.0:
        first -= 1.0 / v
        second += 1.0 / (v * v)
        v += 1.0
    w = 1.0 / (v * v)
    first += math.log(v) - 0.5 / v - w * (1 / 12 - w * (1 / 120 - w * (1 / 252 - w * (1 / 240 - w / 132))))
    second += (1.0 + 0.5 / v + w * (1 / 6 - w * (1 / 30 - w * (1 / 42 - w * (1 / 30 - w * 5 / 66))))) / v
    return first, second
