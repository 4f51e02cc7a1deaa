"""Ridge Poisson regression by Newton's method, the intercept free of the penalty.

Minimises  (1/n) sum_i (mu_i - y_i log mu_i) + alpha/2 |b|^2,  log mu = b_0 + X b + offset:
the objective of scikit-learn's `PoissonRegressor`.
"""

from __future__ import annotations

import numpy as np
from numba import njit

TOLERANCE = 1e-9  # largest entry of the gradient per observation at which a fit has converged
STEPS = 100
ROUNDING = 1e-11  # of the objective: a gain below it cannot be seen in a sum over the observations


@njit(cache=True, nogil=True)
def ridge_poisson(x, y, offset, alpha, beta):
    """Fit in place; returns whether it converged.

    Parameters
    ----------
    x : (m, p) float
    y : (m,) float >= 0, with a positive sum
    offset : (m,) float, added to log mean
    alpha : float >= 0, penalty per observation
    beta : (1 + p,) float, start and result; intercept first
    """
    gradient, hessian = np.empty(beta.size), np.empty((beta.size, beta.size))
    loss = slopes(x, y, offset, alpha, beta, gradient, hessian)
    for _ in range(STEPS):
        if np.max(np.abs(gradient)) < TOLERANCE:
            return True
        for j in range(beta.size):
            hessian[j, j] += 1e-12  # a constant column beside the intercept is singular when alpha = 0
        step = np.linalg.solve(hessian, gradient)
        size, here, slope = 1.0, beta.copy(), np.dot(step, gradient)
        if slope < ROUNDING * abs(loss):  # half of it is all that is left to gain: nothing to search along
            beta -= step
            return True
        while size > 1e-8:
            beta[:] = here - size * step
            new = slopes(x, y, offset, alpha, beta, gradient, hessian)
            if new <= loss - 1e-4 * size * slope + ROUNDING * abs(loss):
                break
            size *= 0.5
        if size <= 1e-8:
            beta[:] = here
            return False
        loss = new
    return False


@njit(cache=True, nogil=True)
def slopes(x, y, offset, alpha, beta, gradient, hessian):
    """Objective, its gradient and its Hessian at `beta`; the last two are written in place."""
    m, p = x.shape
    gradient[:] = 0.0
    hessian[:] = 0.0
    loss = 0.0
    for i in range(m):
        eta = beta[0] + offset[i]
        for j in range(p):
            eta += beta[1 + j] * x[i, j]
        mu = np.exp(min(eta, 500.0))
        loss += mu - y[i] * eta
        gradient[0] += mu - y[i]
        hessian[0, 0] += mu
        for j in range(p):
            gradient[1 + j] += (mu - y[i]) * x[i, j]
            w = mu * x[i, j]
            hessian[1 + j, 0] += w
            for k in range(j + 1):
                hessian[1 + j, 1 + k] += w * x[i, k]
    gradient /= m
    hessian /= m
    loss /= m
    for j in range(1, p + 1):
        gradient[j] += alpha * beta[j]
        hessian[j, j] += alpha
        loss += 0.5 * alpha * beta[j] * beta[j]
        for k in range(j):
            hessian[k, j] = hessian[j, k]
    return loss


def deviance(y: np.ndarray, mean: np.ndarray) -> float:
    """Poisson deviance 2 sum(y log(y / mean) - y + mean); y log y is 0 at y = 0."""
    from scipy.special import xlogy

    return float(2.0 * np.sum(xlogy(y, y / mean) - y + mean))


def start(y: np.ndarray, offset: np.ndarray, p: int) -> np.ndarray:
    """(1 + p,) coefficients of the null model."""
    beta = np.zeros(1 + p)
    beta[0] = np.log(y.sum() / np.exp(offset).sum())
    return beta
