"""Sensitivity: which swept key moves an outcome, from the parts of a designed sweep."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from loopsim.study.result import SUMMARY
from loopsim.study.sweep.design import Design
from loopsim.study.sweep.parts import Parts
from loopsim.study.sweep.points import Point

COLUMNS = ("arm", "day", "measure", "group", "key", "index", "value", "lo", "hi")


def indices(design: Design, made: list[Point], parts: Parts, listed: list[str]) -> Iterator[tuple]:
    """Rows of sensitivity.csv: listed values first, then `COLUMNS`.

    Every measure on its last day is an outcome, unless it is undefined or the same at all points.

    Parameters
    ----------
    made : points, in the order of the design, one design after another
    listed : keys that are crossed with the design
    """
    for i in range(0, len(made), design.size):
        block = made[i : i + design.size]
        outcomes = [_last(parts.read(point.key).summary) for point in block]
        outer = [block[0].values[key] for key in listed]
        for name, (day, _) in outcomes[0].items():
            values = [found.get(name, (day, float("nan")))[1] for found in outcomes]
            arm, measure, group = name
            for row in design.indices(values):
                yield (*outer, arm, day, measure, group, *row)


def _last(summary: str) -> dict[tuple, tuple]:
    """(arm, measure, group) -> (last day, mean)."""
    found = {}
    for row in csv.DictReader(summary.splitlines(), fieldnames=SUMMARY):
        name, day = (row["arm"], row["measure"], row["group"]), int(row["day"])
        if day >= found.get(name, (day,))[0]:
            found[name] = (day, float(row["mean"]) if row["mean"] else float("nan"))
    return found
