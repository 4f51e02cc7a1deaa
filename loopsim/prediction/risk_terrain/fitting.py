"""Fitting: from candidate layers and counts to the relative risk values of a few of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loopsim.prediction.risk_terrain import elastic_net
from loopsim.prediction.risk_terrain.patterns import Ones, alike
from loopsim.prediction.risk_terrain.stepwise import selected


@dataclass(frozen=True, kw_only=True)
class Rules:
    """How a risk terrain model is fitted; see `rtm.Rtm` for each."""

    positive: bool
    one_per_factor: bool
    l1_ratio: float
    folds: int
    penalties: int
    weakest: float


def fit(columns, y, factors, chance, rules: Rules) -> tuple[float, dict[int, float], list[str]]:
    """Expected count of a cell without any factor, column -> RRV, and what was remarkable.

    Parameters
    ----------
    columns : (p, n) bool, cells of the city only
    y : (n,) float >= 0, not all 0
    factors : (p,) names of the columns' factors
    chance : (n,) float in [0, 1), deals cells out to folds

    **Special cases**
    A column that is everywhere or nowhere is left out; a factor without any other, noted.
    Nothing left, or nothing selected:
    the mean count and no RRV.
    """
    kept = np.flatnonzero(columns.any(axis=1) & ~columns.all(axis=1))
    left = sorted(set(factors) - {factors[j] for j in kept})
    notes = [f"factor {name} is everywhere or nowhere near: left out" for name in left]
    if kept.size:
        kept = kept[useful(columns[kept], y, chance, rules, notes)]
    model = None
    if kept.size:
        numbers = np.unique([factors[j] for j in kept], return_inverse=True)[1]
        kind = dict(positive=rules.positive, one_per_factor=rules.one_per_factor)
        model, what = selected(columns[kept], y, numbers, **kind)
        notes += [what] if what else []
    if model is None or not model.chosen:
        return float(y.mean()), {}, [*notes, "no layer helps to predict the records: the mean everywhere"]
    rrv = {int(kept[j]): float(v) for j, v in zip(model.chosen, model.rrv, strict=True)}
    return float(np.exp(model.beta[0])), rrv, notes


def useful(columns, y, chance, rules: Rules, notes: list[str]) -> np.ndarray:
    """Numbers of the columns that the elastic net keeps at the cross-validated penalty."""
    net = dict(l1_ratio=rules.l1_ratio, positive=rules.positive)
    tried = dict(folds=rules.folds, alphas=rules.penalties, ratio=rules.weakest)
    alpha, fine = elastic_net.cross_validated(columns, y, chance, **net, **tried)
    if alpha == 0.0:
        return np.empty(0, int)
    first, pattern = alike(columns)
    whole = Ones.of(columns[:, first], np.bincount(pattern))
    penalty = elastic_net.Penalty(alpha=alpha, **net)
    beta, converged = elastic_net.refit(whole, np.bincount(pattern, y), penalty)
    if not (fine and converged):
        notes.append("the elastic net did not converge: used as it stood")
    return np.flatnonzero(beta[1:])
