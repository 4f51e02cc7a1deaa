"""Dose: at which value of a swept number the loop begins to make a disparity grow."""

from __future__ import annotations

import csv

import numpy as np

from loopsim.measures.intervals import limits
from loopsim.study.observer.tables import draws_of
from loopsim.study.sweep.result import SweepResult


def crossing(result: SweepResult, key: str, arm: str, pair: str) -> tuple[float, float, float, int]:
    """(dose, lo, hi, R) where compounding crosses 0, so amplification crosses 1, on the last day.

    Between doses it is a straight line; of several crossings the first counts. Replicates are
    paired over doses, and the interval is over the draws of the bootstrap that do cross.

    **Special cases**: NaN where it never crosses.
    """
    doses, values = _by_replicate(result, key, arm, pair)
    if not values.size:
        return (float("nan"),) * 3 + (0,)
    replicates = values.shape[0]
    draws = draws_of(replicates) @ values / replicates
    found = np.array([first_zero(doses, row) for row in draws])
    low, high = limits(found[:, None], replicates)
    return first_zero(doses, values.mean(axis=0)), float(low[0]), float(high[0]), replicates


def first_zero(x, y) -> float:
    """Where a curve through points first changes sign, by straight lines; NaN where it does not.

    **Special cases**: a point on the line counts as there.
    """
    for a, b, fa, fb in zip(x, x[1:], y, y[1:], strict=False):
        if fa == 0:
            return float(a)
        if (fa < 0) != (fb < 0):
            return float(a + (b - a) * fa / (fa - fb))
    return float(x[-1]) if y[-1] == 0 else float("nan")


def metrics_by_point(result: SweepResult, measures: list[str], arm: str, group: str) -> dict[tuple, tuple]:
    """Values of the swept keys -> (day, (M, R) values of the measures on the last day)."""
    table = result.metrics()
    table = table[(table.arm == arm) & (table.group == group) & table.measure.isin(measures)]
    found = {}
    for values, rows in table.groupby(list(result.swept), sort=False):
        wide = rows.pivot(index="measure", columns="replicate", values="value").loc[measures]
        found[values] = int(rows.day.max()), wide.to_numpy()
    return found


def _by_replicate(result: SweepResult, key: str, arm: str, pair: str) -> tuple[np.ndarray, np.ndarray]:
    """(D,) doses in rising order and (R, D) compounding on the last day; replicates that all have."""
    found: dict = {}
    with open(result.path / "metrics.csv", newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if (row["arm"], row["measure"], row["group"]) == (arm, "compounding", pair):
                found.setdefault(int(row["replicate"]), {})[float(row[key])] = float(row["value"])
    doses = sorted({dose for by_dose in found.values() for dose in by_dose})
    whole = [found[r] for r in sorted(found) if len(found[r]) == len(doses)]
    return np.array(doses), np.array([[one[d] for d in doses] for one in whole])
