"""Risk terrain modelling: places are risky because of what is near them, and what police wrote there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import numpy as np

from loopsim.limits import choice, nearest, number, validate, words
from loopsim.philox import PREDICTION
from loopsim.prediction.risk_terrain import police, table
from loopsim.prediction.risk_terrain.fitting import Rules, fit
from loopsim.prediction.risk_terrain.layers import bands
from loopsim.prediction.risk_terrain.terrain import Terrain
from loopsim.prediction.window import days_held, remark

MEASURES = ("proximity", "density", "both", "none")


@dataclass(frozen=True, kw_only=True)
class Rtm:
    """Risk = expected count x the relative risk values of every risk factor near the cell.

    Who: Essex Police 2020-23 (Basildon), Metropolitan Police since 2021, Merseyside to 2024
    (Caplan & Kennedy's RTMDx; Amnesty International UK 2025). Each factor becomes binary maps
    of nearness (cell centre within d) and of density (kernel density at least mean +
    `density_sd` SD), one for each distance. Elastic-net Poisson regression, its penalty by
    cross-validation, keeps what may be useful; stepwise choice by BIC from the null model,
    once Poisson and once NB1, makes the model; RRV = exp(coefficient). The folds, the mixing,
    the kernel and the one variable a factor are designs of this project.

    Parameters
    ----------
    outcome : "all" recorded crime, or a list of offence types
    window_days, layer_days : days of records of the outcome, and in police-made layers
    factors : name of a kind of venue or of a police-made layer -> proximity, density, both, none
    police_layers : name -> {channels, types: "all" or beginnings of names, at: record or home}
    block_m, blocks, increment : distances: half or whole blocks, up to so many blocks
    density_sd : standard deviations above the mean
    positive : keep factors that aggravate risk only
    one_per_factor : at most one variable of each factor
    l1_ratio, folds, penalties, weakest : elastic net: share of L1, folds of the
        cross-validation, penalties tried, weakest penalty over the strongest
    refit : False keeps the weights of the first fit; layers are still made anew
    table : factor -> {rrv, how, reach_m}: published weights, used as they are; {} = fit

    **Special cases**
    No records of the outcome: one record over the window, spread evenly, noted.
    A factor without a feature, or one that is everywhere or nowhere: left out, noted.
    Nothing to fit or nothing selected: the mean count everywhere, noted. One cell: its mean.
    A table: risk is proportional to the product of the RRVs of the factors that are present.

    **Feedback**
    Venues do not move, so their layers alone leave one way in: the weights, which are fitted
    to records. Police-made layers (drug calls, offender homes, stops, intelligence) are drawn
    by patrol itself: a find makes a cell and its neighbours risky within the reach of the
    factor. With a table without police-made layers the loop is open.

    References
    ----------
    Caplan & Kennedy, Risk Terrain Modeling Compendium; RTMDx report, Leeds 2014; Agar et al.
    (2023), Table 2, in Amnesty International UK (2025).
    """

    outcome: object = words()
    window_days: int = number(at_least=1, unit="days")
    layer_days: int = number(at_least=1, unit="days")
    factors: Mapping = words()
    police_layers: Mapping = words()
    block_m: float = number(above=0, unit="m")
    blocks: int = number(at_least=1, at_most=20, unit="blocks")
    increment: str = choice("half", "whole")
    density_sd: float = number(at_least=0, at_most=10, unit="standard deviations")
    positive: bool = words()
    one_per_factor: bool = words()
    l1_ratio: float = number(above=0, at_most=1)
    folds: int = number(at_least=2, at_most=50, unit="folds")
    penalties: int = number(at_least=2, at_most=500, unit="penalties")
    weakest: float = number(above=0, below=1)
    refit: bool = words()
    table: Mapping = words()

    def __post_init__(self):
        validate(self, extra=self._faults())

    def _faults(self):
        yield from police.outcome_faults(self.outcome)
        yield from police.faults(self.police_layers)
        for name, measure in self.factors.items():
            if measure is not None and measure not in MEASURES:
                key = f"prediction.factors.{name}"
                yield f"{key} must be one of {', '.join(MEASURES)}, got {measure}; set {key}"
        yield from table.faults(self.table)

    def check(self, setting):
        """Fault lines that only show beside the city, the world and the length of the history."""
        kinds, history = setting.world.kinds, setting.run.history_days
        yield from police.outcome_faults(self.outcome, kinds)
        yield from police.faults(self.police_layers, kinds)
        if history is not None and self.layer_days > history:
            yield (
                f"prediction.layer_days must be <= history_days ({history}), got {self.layer_days}; "
                "set prediction.layer_days or history_days"
            )
        venues = getattr(setting.city, "venues", None)
        known = (*self.police_layers, *(venues or ()))
        for name in self.used if venues is not None else ():
            if name not in known:
                section = "table" if self.table else "factors"
                yield (
                    f"prediction.{section} must name venues of the city or police layers, got {name}: "
                    f"{nearest(name, known)}; set prediction.{section}"
                )

    @property
    def memory_days(self) -> int:
        """Days of records it looks back on."""
        return max(self.window_days, self.layer_days)

    @property
    def used(self) -> list[str]:
        """Factors that are not switched off."""
        rows = self.table or self.factors
        return [name for name, row in rows.items() if row is not None and row != "none"]

    @property
    def needs_addresses(self) -> bool:
        """Whether a factor in use is made of where people on record live."""
        layers = self.police_layers
        return any(name in layers and layers[name]["at"] == "home" for name in self.used)

    def __call__(self, evidence, now) -> np.ndarray:
        """risk, (R, n) expected records of the outcome per cell and day."""
        layers = dict(police_layers=self.police_layers, days=self.layer_days, density_sd=self.density_sd)
        terrain = Terrain(now, evidence, **layers)
        weights = police.outcome_weights(evidence, self.outcome)
        counts = replace(evidence, weights=weights).counts(self.window_days)
        days = days_held(evidence, self.window_days)
        if self.table:
            return self._by_table(counts / days, terrain, 1.0 / days)
        return self._by_fit(counts, terrain, days)

    def _by_table(self, daily, terrain: Terrain, least: float) -> np.ndarray:
        """Published weights, brought to the level of the records."""
        rrv, inside = table.weights(self.table), terrain.now.grid.inside
        scores = np.array([table.score(rrv, terrain, r) for r in range(len(daily))])
        level = np.maximum(daily[:, inside].sum(axis=1), least) / scores.sum(axis=1)
        return scores * level[:, None]

    def _by_fit(self, counts, terrain: Terrain, days: int) -> np.ndarray:
        """Weights fitted to the records, today or at the first fit."""
        now, inside = terrain.now, terrain.now.grid.inside
        models = now.notes["rtm"].setdefault("models", {})
        chance = now.dice.uniform(now.grid.n, day=now.day, stream=PREDICTION)
        risk = np.empty(counts.shape)
        for r, y in enumerate(counts):
            if not self.refit and r in models:
                level, rrv = models[r]
            elif y[inside].any():
                level, rrv = models[r] = self._learn(y[inside], chance[r], terrain, r, days)
            else:
                remark(now, "rtm: no records of the outcome: risk spread evenly")
                level, rrv = 1.0 / (days * inside.sum()), {}
            risk[r] = level * table.score(rrv, terrain, r)
        return risk

    def _learn(self, y, chance, terrain: Terrain, row: int, days: int) -> tuple[float, dict]:
        """Expected records a day of a cell without any factor, and variable -> relative risk value."""
        variables = terrain.variables(self.factors, bands(self.block_m, self.blocks, self.increment), row)
        columns = terrain.columns(variables, row)[:, terrain.now.grid.inside]
        rules = Rules(**{f.name: getattr(self, f.name) for f in fields(Rules)})
        level, rrv, notes = fit(columns, y, [v.factor for v in variables], chance[: y.size], rules)
        for what in notes:
            remark(terrain.now, f"rtm: {what}")
        return level / days, {variables[j]: value for j, value in rrv.items()}
