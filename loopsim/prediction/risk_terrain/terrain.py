"""The terrain of one morning: every candidate layer of the city, by replicate."""

from __future__ import annotations

import numpy as np

from loopsim.prediction.risk_terrain import police
from loopsim.prediction.risk_terrain.layers import Points, Recorded, Variable, candidates, layer
from loopsim.prediction.window import remark


class Terrain:
    """Layers of venues, made once in a run, and of police records, made on the day.

    Parameters
    ----------
    now : Now; venues' layers are kept in its notes
    evidence : Evidence
    police_layers : name -> {channels, types, at}
    days : days of records in a police-made layer
    density_sd : standard deviations above the mean that count as dense
    """

    def __init__(self, now, evidence, *, police_layers, days: int, density_sd: float):
        self.now, self.evidence, self.density_sd = now, evidence, density_sd
        self.police_layers, self.days = police_layers, days
        self.kept = now.notes.setdefault("rtm", {}).setdefault("layers", {})
        self.records: dict[str, np.ndarray] = {}
        self.features: dict = {}

    def variables(self, factors, reaches, row: int) -> list[Variable]:
        """Candidates of the factors that have a feature somewhere in replicate `row`."""
        found = []
        for name, measure in factors.items():
            if measure in (None, "none"):
                continue
            if self.has(name, row):
                found += candidates(name, measure, reaches)
            else:
                made_by = "records in the layer" if name in self.police_layers else "points in the city"
                remark(self.now, f"rtm: factor {name} has no {made_by}: left out")
        return found

    def has(self, factor: str, row: int) -> bool:
        """Whether a factor has a feature at all."""
        if factor in self.police_layers:
            return bool(self._recorded(factor)[row].any())
        return len(self.now.grid.points.get(factor, ())) > 0

    def column(self, variable: Variable, row: int) -> np.ndarray:
        """(n,) bool map of a variable in replicate `row`."""
        grid, key = self.now.grid, (variable, self.density_sd)
        if variable.factor in self.police_layers:
            return layer(self._feature(variable.factor, row), grid, *variable[1:], self.density_sd)
        if key not in self.kept:
            self.kept[key] = layer(self._feature(variable.factor, 0), grid, *variable[1:], self.density_sd)
        return self.kept[key]

    def columns(self, variables, row: int) -> np.ndarray:
        """(p, n) bool."""
        maps = [self.column(v, row) for v in variables]
        return np.array(maps) if maps else np.zeros((0, self.now.grid.n), bool)

    def _feature(self, factor: str, row: int):
        if (factor, row) not in self.features:
            grid = self.now.grid
            of_police = factor in self.police_layers
            points = None if of_police else grid.points.get(factor, np.empty((0, 2)))
            made = Recorded(grid, self._recorded(factor)[row]) if of_police else Points(grid, points)
            self.features[factor, row] = made
        return self.features[factor, row]

    def _recorded(self, name: str) -> np.ndarray:
        """(R, n) features of a police-made layer."""
        if name not in self.records:
            made, as_asked = police.counts(self.police_layers[name], self.evidence, self.days)
            if not as_asked:
                remark(self.now, f"rtm: no addresses in the ledger: {name} stand where the record was made")
            self.records[name] = made
        return self.records[name]
