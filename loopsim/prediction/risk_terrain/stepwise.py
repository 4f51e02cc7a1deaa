"""Stepwise choice: from the null model, add or drop one variable while BIC falls.

Done once with Poisson and once with NB1 counts; the lower BIC wins (RTMDx, Leeds report of
2014). RTMDx's tables hold one variable of each factor; that is a rule here, and optional.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from loopsim.prediction.risk_terrain.negative_binomial import LOW, nb1
from loopsim.prediction.risk_terrain.newton import newton
from loopsim.prediction.risk_terrain.patterns import Ones, alike

FALL = 1e-7  # BIC must fall by more than rounding
TIGHT, STEPS = 1e-9, 100  # of Newton's method


@dataclass(frozen=True, kw_only=True, eq=False)
class Model:
    """A risk terrain model: which variables, and how much each multiplies the count.

    Parameters
    ----------
    family : "poisson" or "nb1"
    chosen : numbers of the variables, in the order in which they came
    beta : (1 + k,) intercept and coefficients
    log_sigma : of NB1; nan for Poisson
    bic : Bayesian information criterion
    """

    family: str
    chosen: tuple[int, ...]
    beta: np.ndarray
    log_sigma: float
    bic: float

    @property
    def rrv(self) -> np.ndarray:
        """(k,) relative risk values, exp of the coefficients."""
        return np.exp(self.beta[1:])


def criterion(log_likelihood: float, parameters: int, cells: float) -> float:
    """BIC: -2 log-likelihood + parameters x log(cells)."""
    return -2.0 * log_likelihood + parameters * np.log(cells)


class Poisson:
    """Poisson fits to some of the columns; cells with one pattern are added up once."""

    family = "poisson"

    def __init__(self, columns: np.ndarray, y: np.ndarray):
        first, pattern = alike(columns)
        self.columns, self.n = columns[:, first], y.size
        self.cells = np.bincount(pattern, minlength=first.size).astype(float)
        self.y = np.bincount(pattern, y, first.size)
        self.constant = gammaln(y + 1.0).sum()

    def fit(self, chosen: tuple[int, ...], near: Model | None) -> Model | None:
        """The model of these columns, started near another one; None where there is no finite fit."""
        ones = Ones.of(self.columns[list(chosen)], self.cells)
        beta = started(chosen, near, np.log(self.y.sum() / self.n))
        if not newton(*ones.rings, ones.cells, self.y, 0.0, TIGHT, STEPS, beta):
            return None
        eta = beta[0] + beta[1:] @ self.columns[list(chosen)]
        score = self.y @ eta - self.cells @ np.exp(eta) - self.constant
        bic = criterion(score, beta.size, self.n)
        return Model(family=self.family, chosen=chosen, beta=beta, log_sigma=np.nan, bic=bic)


class Nb1:
    """NB1 fits to some of the columns; cells with one pattern and one count are added up once."""

    family = "nb1"

    def __init__(self, columns: np.ndarray, y: np.ndarray):
        first, pattern = alike(columns, y)
        self.columns, self.n = columns[:, first], y.size
        self.cells = np.bincount(pattern, minlength=first.size).astype(float)
        self.y = y[first].astype(float)
        self.constant = gammaln(y + 1.0).sum()

    def fit(self, chosen: tuple[int, ...], near: Model | None) -> Model | None:
        """The model of these columns, started near another one; None where there is no finite fit."""
        level = np.log(self.cells @ self.y / self.n)
        beta = np.append(started(chosen, near, level), 0.0 if near is None else near.log_sigma)
        x = np.ascontiguousarray(self.columns[list(chosen)].T, dtype=float)
        score, fine = nb1(x, self.cells, self.y, beta)
        if not fine:
            return None
        bic = criterion(score - self.constant, beta.size, self.n)
        return Model(family=self.family, chosen=chosen, beta=beta[:-1], log_sigma=beta[-1], bic=bic)


def started(chosen: tuple[int, ...], near: Model | None, level: float) -> np.ndarray:
    """(1 + k,) coefficients of the model nearby, 0 for what it does not have."""
    if near is None:
        return np.append(level, np.zeros(len(chosen)))
    have = dict(zip(near.chosen, near.beta[1:], strict=True))
    return np.array([near.beta[0], *(have.get(j, 0.0) for j in chosen)])


def stepwise(family, factor: np.ndarray, *, positive: bool, one_per_factor: bool) -> Model | None:
    """The model at which neither adding nor dropping a variable lowers BIC; None without a null model.

    Parameters
    ----------
    family : Poisson or Nb1, over (p, n) columns
    factor : (p,) number of the factor of each variable

    **Special cases**
    Two moves that lower BIC alike: an addition before a removal, then the lower number.
    With `positive`, a model in which a coefficient is below 0 is not considered.
    """
    now = family.fit((), None)
    while now is not None:
        taken = {factor[j] for j in now.chosen} if one_per_factor else set()
        adds = [
            (*now.chosen, j) for j in range(factor.size) if j not in now.chosen and factor[j] not in taken
        ]
        drops = [tuple(k for k in now.chosen if k != j) for j in now.chosen]
        tried = [family.fit(chosen, now) for chosen in (*adds, *drops)]
        good = [m for m in tried if m is not None and not (positive and m.beta[1:].min(initial=0.0) < 0.0)]
        best = min(good, key=lambda m: m.bic, default=now)
        if not best.bic < now.bic - FALL:
            return now
        now = best
    return None


def selected(columns, y, factor, *, positive: bool, one_per_factor: bool) -> tuple[Model | None, str]:
    """The better of the Poisson and the NB1 model by BIC, and what was remarkable.

    Parameters
    ----------
    columns : (p, n) bool; y : (n,) counts; factor : (p,) int
    """
    rules = dict(positive=positive, one_per_factor=one_per_factor)
    plain = stepwise(Poisson(columns, y), factor, **rules)
    spread = stepwise(Nb1(columns, y), factor, **rules)
    if plain is None:
        return spread, "the Poisson fit did not converge: NB1 used"
    if spread is None:
        return plain, "the NB1 fit did not converge: Poisson used"
    if spread.log_sigma <= LOW or plain.bic <= spread.bic:
        return plain, ""
    return spread, ""
