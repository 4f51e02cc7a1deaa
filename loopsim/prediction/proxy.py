"""Proxy: who lives in a place, by public statistics, predicts the records of the place."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from loopsim.limits import nearest, number, validate, words
from loopsim.prediction.poisson.columns import standardised
from loopsim.prediction.poisson.ridge import ridge_poisson, start
from loopsim.prediction.risk_terrain.police import outcome_faults, outcome_weights
from loopsim.prediction.window import days_held, remark

PSEUDO = 0.5  # records, added before the logarithm


@dataclass(frozen=True, kw_only=True)
class Proxy:
    """Poisson regression of a year's records on statistics about the people of each cell.

    Who: PAVED of the French Gendarmerie (car theft and burglary, from household income,
    nationality, immigration and household make-up); PredPol in Val d'Oise (unemployment,
    schooling, ages) (Amnesty International UK 2025). The algorithm is unpublished; the form is
    a design of this project: ridge Poisson regression of the records of the last `window_days`
    on standardised statistics and on log(0.5 + the records of as many days before).

    Parameters
    ----------
    outcome : "all" recorded crime, or a list of offence types
    window_days : days of records that are predicted
    inputs : names of public layers of the map: the proxies
    last_year : whether the count of the window before is an input
    alpha : ridge penalty per observation

    **Special cases**
    No records of the outcome: one record over the window, spread evenly, noted.
    No input that varies: the mean everywhere. A layer that the map does not have, or that is
    the same everywhere: left out, noted. A fit that does not converge: the mean everywhere, noted. One cell: its mean.

    **Feedback**
    The statistics never change, so the model cannot learn that it was wrong about a place;
    patrol in poor cells makes records there, and the next fit weighs poverty more, everywhere.
    Records also close the loop of each cell through last year's count, which can be switched
    off. With victim reports alone both ways are open.

    References
    ----------
    Amnesty International UK (2025), Automated Racism, ch. 3.
    """

    outcome: object = words()
    window_days: int = number(at_least=1, unit="days")
    inputs: tuple = words()
    last_year: bool = words()
    alpha: float = number(above=0)

    def __post_init__(self):
        validate(self, extra=outcome_faults(self.outcome))

    def check(self, setting):
        """Fault lines that only show beside the city and the world."""
        yield from outcome_faults(self.outcome, setting.world.kinds)
        statistics = getattr(setting.city, "statistics", None)
        if statistics is None:
            return
        known = ("residents", "deprivation", *(f"share:{g}" for g in setting.city.groups), *statistics)
        for name in self.inputs:
            if name not in known:
                hint = nearest(name, known)
                yield f"prediction.inputs must name public layers, got {name}: {hint}; set prediction.inputs"

    @property
    def memory_days(self) -> int:
        """Days of records it looks back on."""
        return 2 * self.window_days if self.last_year else self.window_days

    def __call__(self, evidence, now) -> np.ndarray:
        """risk, (R, n) expected records per cell and day."""
        shown = replace(evidence, weights=outcome_weights(evidence, self.outcome))
        inside, days = now.grid.inside, days_held(evidence, self.window_days)
        this = shown.counts(self.window_days)[:, inside]
        before = shown.counts(self.window_days, ago=self.window_days)[:, inside]
        known = self._statistics(now)
        risk = np.zeros(evidence.shape)
        for r, y in enumerate(this):
            then, coming = ([np.log(PSEUDO + c[r])] if self.last_year else [] for c in (before, this))
            risk[r, inside] = self._forecast(y, [*known, *then], [*known, *coming], now) / days
        return risk

    def _statistics(self, now) -> list[np.ndarray]:
        """The layers of the map that are inputs, over the cells of the city."""
        layers, inside = now.grid.layers, now.grid.inside
        for name in self.inputs:
            if name not in layers:
                remark(now, f"proxy: the map has no {name}: left out")
            elif np.ptp(layers[name][inside]) == 0.0:
                remark(now, f"proxy: {name} is the same everywhere: left out")
        return [layers[name][inside] for name in self.inputs if name in layers]

    def _forecast(self, y, then, coming, now) -> np.ndarray:
        """(cells,) expected records over the window: fitted to what was known then, read off today."""
        if not y.any():
            remark(now, "proxy: no records of the outcome: risk spread evenly")
            return np.full(y.size, 1.0 / y.size)
        empty = np.zeros((y.size, 0))
        x, today = standardised(np.column_stack(then or [empty]), np.column_stack(coming or [empty]))
        none = np.zeros(y.size)
        beta = start(y, none, x.shape[1])
        if not ridge_poisson(x, y, none, self.alpha, beta):
            remark(now, "proxy: the fit did not converge: the mean everywhere")
            return np.full(y.size, y.mean())
        mean = np.exp(beta[0] + today @ beta[1:])
        return mean * (y.sum() / mean.sum())
