"""Tables: relative risk values as published, and the score they give a place."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from loopsim.prediction.risk_terrain.layers import Variable
from loopsim.prediction.window import remark

KEYS = ("rrv", "how", "reach_m")


def weights(table: Mapping) -> dict[Variable, float]:
    """Variable -> relative risk value; a factor set to null is left out."""
    rows = {name: row for name, row in table.items() if row is not None}
    return {Variable(name, row["how"], float(row["reach_m"])): row["rrv"] for name, row in rows.items()}


def score(rrv: Mapping[Variable, float], terrain, row: int) -> np.ndarray:
    """(n,) product of the relative risk values of the factors that are present; 0 outside the city.

    The relative risk score of RTMDx is this over its least value in the city.
    """
    product = np.asarray(terrain.now.grid.inside, float)
    for variable, value in rrv.items():
        if terrain.has(variable.factor, row):
            product = product * np.where(terrain.column(variable, row), value, 1.0)
        else:
            remark(terrain.now, f"rtm: factor {variable.factor} has no feature: its weight is not used")
    return product


def faults(table: Mapping):
    """What is wrong with a table, a line each."""
    for name, row in table.items():
        key = f"prediction.table.{name}"
        if row is None:
            continue
        if not isinstance(row, Mapping) or set(row) != set(KEYS):
            yield f"{key} must have {', '.join(KEYS)}, got {row}; set {key}"
            continue
        if row["how"] not in ("proximity", "density"):
            yield f"{key}.how must be one of proximity, density, got {row['how']}; set {key}.how"
        for column in ("rrv", "reach_m"):
            value = row[column]
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e6:
                yield f"{key}.{column} must be > 0, got {value}; set {key}.{column}"
