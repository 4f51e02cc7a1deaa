"""Newton's method for a ridge or plain Poisson fit on lists of ones, warm-started.

Minimises  sum_i c_i e^(eta_i) - y_i eta_i + l2/2 |b|^2,  eta = b_0 + X b, X binary. The
Hessian is factorised once and then follows the gradients (BFGS, Nocedal & Wright 2006,
algorithm 7.4, with the factor as its first matrix) while these fall fast: a refit to new
counts costs about one Hessian and a few passes over the ones.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from loopsim.prediction.risk_terrain.exponential import exponentials

LEAP = 4.0  # longest step
SHRINK = 0.9  # keep the Hessian while a step shrinks the gradient at least to this share
PAIRS = 12  # steps and changes of the gradient that the Hessian follows


@njit(cache=True, nogil=True)
def newton(first, rows, start, columns, nested, cells, y, l2, tol, steps, beta):
    """Fit in place; returns whether it converged.

    Parameters
    ----------
    first, rows, start, columns, nested : see `patterns.Ones.rings`
    cells : (G,) float, cells in each group
    y : (G,) counts, not all 0
    l2 : penalty on b^2 / 2, on the scale of the log-likelihood
    tol : largest Newton step at which the fit has converged
    beta : (1 + p,) start and result, intercept first
    """
    known, data = -1, (first, rows, nested, cells, y, l2)  # pairs known; -1: no Hessian
    g, g_new, h = np.empty(beta.size), np.empty(beta.size), np.empty((beta.size, beta.size))
    moved, turned, mu = np.empty((PAIRS, beta.size)), np.empty((PAIRS, beta.size)), np.empty(cells.size)
    loss = _slopes(*data, beta, g, mu)
    for _ in range(steps):
        if known < 0:
            _curvature(start, columns, nested, mu, l2, h)
            if not _factorise(h):
                return False
            known = 0
        step, here = _direction(h, moved[:known], turned[:known], g), beta.copy()
        if np.max(np.abs(step)) < tol:
            beta -= step
            return np.isfinite(loss)
        highest = loss + 1e-12 * abs(loss)
        new, whole = _descend(*data, here, step, highest, known == 0, beta, g_new, mu)
        if new <= highest:
            fast = whole and not np.max(np.abs(g_new)) > SHRINK * np.max(np.abs(g))
            known = _remember(beta - here, g_new - g, moved, turned, known) if fast else -1
            loss, g, g_new = new, g_new, g
        elif known == 0:
            return False
        else:  # the pairs misled: back, and a fresh Hessian
            beta[:], known = here, -1
            _slopes(*data, beta, g, mu)
    return False


@njit(cache=True, nogil=True)
def _descend(first, rows, nested, cells, y, l2, here, step, highest, halve, beta, g, mu):
    """Go a step, no longer than a leap; halve it, where wished, while the objective is above `highest`.

    Returns the objective and whether the step was gone whole.
    """
    share = min(1.0, LEAP / max(np.max(np.abs(step)), 1e-300))
    beta -= share * step
    new = _slopes(first, rows, nested, cells, y, l2, beta, g, mu)
    while halve and not new <= highest and share > 1e-9:
        share *= 0.5
        beta[:] = here - share * step
        new = _slopes(first, rows, nested, cells, y, l2, beta, g, mu)
    return new, share == 1.0


@njit(cache=True, nogil=True)
def _remember(step, turn, moved, turned, known):
    """Note a step and what it did to the gradient; returns how many are known, -1 if no more fit in."""
    if known == PAIRS or not _dot(step, turn) > 0.0:
        return -1
    moved[known], turned[known] = step, turn
    return known + 1


@njit(cache=True, nogil=True)
def _direction(factor, moved, turned, g):
    """Inverse Hessian times `g`: the factorised one, brought up to date by the pairs."""
    q, weight = g.copy(), np.empty(len(moved))
    for k in range(len(moved) - 1, -1, -1):
        weight[k] = _dot(moved[k], q) / _dot(moved[k], turned[k])
        q -= weight[k] * turned[k]
    _solve(factor, q)
    for k in range(len(moved)):
        q += (weight[k] - _dot(turned[k], q) / _dot(moved[k], turned[k])) * moved[k]
    return q


@njit(cache=True, nogil=True)
def _factorise(h):
    """Cholesky factor in the lower triangle, in place; whether `h` was positive definite."""
    for i in range(h.shape[0]):
        for j in range(i):
            h[i, j] = (h[i, j] - _dot(h[i, :j], h[j, :j])) / h[j, j]
        rest = h[i, i] - _dot(h[i, :i], h[i, :i])
        if not rest > 0.0:
            return False
        h[i, i] = np.sqrt(rest)
    return True


@njit(cache=True, nogil=True)
def _solve(factor, b):
    """Solve factor factor' x = b in place."""
    for i in range(b.size):
        b[i] = (b[i] - _dot(factor[i, :i], b[:i])) / factor[i, i]
    for i in range(b.size - 1, -1, -1):
        b[i] /= factor[i, i]
        for j in range(i):
            b[j] -= b[i] * factor[i, j]


@njit(cache=True, nogil=True, fastmath={"reassoc"})
def _dot(a, b):
    total = 0.0
    for i in range(a.size):
        total += a[i] * b[i]
    return total


@njit(cache=True, nogil=True)
def _slopes(first, rows, nested, cells, y, l2, beta, g, mu):
    """Objective; its gradient is written to `g`, the means to `mu`."""
    eta, rest = np.full(mu.size, beta[0]), np.empty(mu.size)
    loss, b = 0.5 * l2 * _dot(beta[1:], beta[1:]), 0.0
    for j in range(nested.size - 1, -1, -1):  # a ring also lies in the columns around it
        b = beta[j + 1] + (b if j + 1 < nested.size and nested[j + 1] else 0.0)
        _raise(eta, rows[first[j] : first[j + 1]], b)
    exponentials(eta, rest.view(np.int64), mu)
    g[0] = _left_over(cells, y, mu, rest)
    for j in range(nested.size):
        g[j + 1] = _sum_of(rest, rows[first[j] : first[j + 1]]) + (g[j] if nested[j] else 0.0)
    g[1:] += l2 * beta[1:]
    return loss + g[0] + _sum(y) - _dot(y, eta)


@njit(cache=True, nogil=True, fastmath={"reassoc"})
def _left_over(cells, y, mu, rest):
    """Means of the groups, what they exceed the counts by, and the sum of that."""
    total = 0.0
    for i in range(mu.size):
        mu[i] *= cells[i]
        rest[i] = mu[i] - y[i]
        total += rest[i]
    return total


@njit(cache=True, nogil=True, fastmath={"reassoc"})
def _sum(a):
    total = 0.0
    for i in range(a.size):
        total += a[i]
    return total


@njit(cache=True, nogil=True)
def _raise(eta, ones, b):
    for i in ones:
        eta[np.uint32(i)] += b


@njit(cache=True, nogil=True, fastmath={"reassoc"})
def _sum_of(rest, ones):
    total = 0.0
    for i in ones:
        total += rest[np.uint32(i)]
    return total


@njit(cache=True, nogil=True)
def _curvature(start, columns, nested, mu, l2, h):
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
        for k in range(j):
            h[k, j] = h[j, k]
    for j in range(nested.size):
        if nested[j]:
            h[j + 1] += h[j]
    for j in range(nested.size):
        if nested[j]:
            h[:, j + 1] += h[:, j]
    for j in range(1, h.shape[0]):
        h[j, j] += l2 + 1e-10  # keeps an empty column, or a duplicate, solvable without a penalty
