"""Elastic-net Poisson regression along a path of penalties, chosen by cross-validation.

Minimises  mean half-deviance + alpha (l1_ratio |b|_1 + (1 - l1_ratio)/2 |b|_2^2), the
intercept free, columns as they are (0 and 1): the objective of `glum`. RTMDx publishes
neither its mixing nor its folds; both are parameters and design choices here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loopsim.prediction.risk_terrain.descent import BOUND, descend
from loopsim.prediction.risk_terrain.newton import newton
from loopsim.prediction.risk_terrain.patterns import Ones, alike, dealt

TIGHT, LOOSE = 1e-9, 1e-5  # coefficient change at which descent stops: for a result, along a path
SWEEPS, STEPS = 20_000, 100  # of descent, of Newton's method


@dataclass(frozen=True, kw_only=True)
class Penalty:
    """How strongly coefficients are drawn to 0: alpha > 0, l1_ratio in [0, 1], sign."""

    alpha: float
    l1_ratio: float
    positive: bool = False


def refit(ones: Ones, y, penalty: Penalty, beta=None, *, tol=TIGHT) -> tuple[np.ndarray, bool]:
    """Coefficients (1 + p,) at one penalty, warm-started from `beta`, and whether it converged.

    Parameters
    ----------
    y : (G,) counts of the groups of cells in `ones`, not all 0
    """
    y = np.asarray(y, float)
    cold = np.concatenate([[np.log(y.sum() / ones.cells.sum())], np.zeros(ones.p)])
    beta = cold if beta is None else np.array(beta, float)
    scale = ones.cells.sum() * penalty.alpha
    l1, l2 = scale * penalty.l1_ratio, scale * (1.0 - penalty.l1_ratio)
    if l1 == 0.0 and not penalty.positive:
        begin = beta.copy()
        if newton(*ones.rings, ones.cells, y, l2, tol, STEPS, begin):
            return begin, True
    mu = ones.cells * np.exp(linear(ones, beta))
    fixed = y.sum(), ones.hits(y), l1, l2, penalty.positive, tol, SWEEPS
    sweeps = descend(ones.start, ones.rows, *fixed, mu, beta)
    return beta, sweeps > 0


def linear(ones: Ones, beta: np.ndarray) -> np.ndarray:
    """(G,) b_0 + X b."""
    eta = np.full(ones.cells.size, beta[0])
    for j in np.flatnonzero(beta[1:]):
        eta[ones.rows[ones.start[j] : ones.start[j + 1]]] += beta[1 + j]
    return eta


def strongest(ones: Ones, y: np.ndarray, l1_ratio: float, positive: bool) -> float:
    """The smallest alpha at which every coefficient is 0; 0 where no column helps."""
    n = ones.cells.sum()
    pull = ones.hits(y) - y.sum() / n * ones.hits(ones.cells)
    pull = pull if positive else np.abs(pull)
    return max(float(pull.max(initial=0.0)), 0.0) / (n * l1_ratio)


def path(ones: Ones, y: np.ndarray, alphas, l1_ratio: float, positive: bool) -> tuple[np.ndarray, bool]:
    """(len(alphas), 1 + p) coefficients from the strongest penalty down, and whether all converged."""
    betas, beta, fine = [], None, True
    for alpha in alphas:
        penalty = Penalty(alpha=alpha, l1_ratio=l1_ratio, positive=positive)
        beta, converged = refit(ones, y, penalty, beta, tol=LOOSE)
        betas.append(beta)
        fine &= converged
    return np.array(betas), fine


def cross_validated(columns, y, chance, *, l1_ratio, positive, folds, alphas, ratio) -> tuple[float, bool]:
    """The alpha with the least held-out deviance, and whether every fit converged.

    Parameters
    ----------
    columns : (p, n) bool
    y : (n,) counts
    chance : (n,) float in [0, 1), deals cells out to `folds` folds, see `patterns.dealt`
    alphas, ratio : length of the path, and its weakest penalty over its strongest

    Special cases
    -------------
    No column that helps: alpha 0 is returned and nothing is to be fitted.
    """
    first, pattern = alike(columns)
    groups = first.size
    whole = Ones.of(columns[:, first], np.bincount(pattern, minlength=groups))
    top = strongest(whole, np.bincount(pattern, y, groups), l1_ratio, positive)
    if top <= 0.0:
        return 0.0, True
    grid = top * np.geomspace(1.0, ratio, alphas)
    fold = dealt(pattern, y, folds, chance)
    lost, fine = np.zeros(alphas), True
    for f in range(folds):
        kept, held = fold != f, fold == f
        if y[kept].sum() == 0.0 or not held.any():
            continue
        cells, events = (np.bincount(pattern[kept], w, groups) for w in (np.ones(kept.sum()), y[kept]))
        betas, converged = path(_over(whole, cells), events, grid, l1_ratio, positive)
        fine &= converged
        hidden = (np.bincount(pattern[held], w, groups) for w in (np.ones(held.sum()), y[held]))
        lost += _held_out(whole, betas, *hidden)
    return float(grid[np.argmin(lost)]), fine


def _over(ones: Ones, cells: np.ndarray) -> Ones:
    return Ones(start=ones.start, rows=ones.rows, cells=cells)


def _held_out(ones: Ones, betas, cells, events) -> np.ndarray:
    """(len(betas),) deviance of held-out counts, up to a constant."""
    eta = np.array([np.clip(linear(ones, beta), -BOUND, BOUND) for beta in betas])
    return np.exp(eta) @ cells - eta @ events
