"""Facts: the table of a result, asked in the words of a chart."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import NamedTuple

import numpy as np

from loopsim.limits import Refused


class Figure(NamedTuple):
    """One number of the table with its interval; lo and hi are NaN for one replicate."""

    mean: float
    lo: float
    hi: float
    day: int


class Facts:
    """Rows of summary.csv, and of answers.csv where an experiment wrote one, by arm, measure and group.

    Parameters
    ----------
    result : Result, or anything with summary_rows, arms, groups and manifest
    """

    def __init__(self, result):
        self.result, self.arms, self.groups = result, result.arms, result.groups
        self.replicates = int(result.manifest["replicates"])
        self._rows: dict = {}
        for arm, day, measure, group, mean, lo, hi, _ in [*result.summary_rows, *_answers(result)]:
            self._rows.setdefault((arm, measure, group), []).append(Figure(mean, lo, hi, day))
        for rows in self._rows.values():
            rows.sort(key=lambda row: row.day)

    @classmethod
    def of(cls, result) -> Facts:
        """The facts of a result, read once."""
        held = vars(result).get("_facts")
        if held is None:
            held = result._facts = cls(result)
        return held

    @property
    def arm(self) -> str:
        """The arm a chart of one arm shows: loop, else the first."""
        return "loop" if "loop" in self.arms else self.arms[0]

    @property
    def pairs(self) -> list[str]:
        """Every group against the first."""
        return [f"{g}/{self.groups[0]}" for g in self.groups[1:]]

    @property
    def pair(self) -> str | None:
        """The pair with the widest disparity of patrol at the end; None for a city of one group."""
        return max(self.pairs, key=self._width, default=None)

    def _width(self, pair) -> float:
        found = self.last(self.arm, "patrol_disparity", pair)
        return abs(found.mean) if found and math.isfinite(found.mean) else -1.0

    def has(self, *measures: str) -> bool:
        """Whether the table has all of these measures."""
        return set(measures) <= {measure for _, measure, _ in self._rows}

    def arms_with(self, measure: str) -> list[str]:
        """Every arm that has rows of a measure, in the order of the table."""
        return list(dict.fromkeys(arm for arm, found, _ in self._rows if found == measure))

    def series(self, arm: str, measure: str, group: str) -> np.ndarray:
        """(T, 4) float: day, mean, lo, hi."""
        rows = self._rows.get((arm, measure, group), [])
        return np.array([(r.day, r.mean, r.lo, r.hi) for r in rows], float).reshape(-1, 4)

    def last(self, arm: str, measure: str, group: str) -> Figure | None:
        """The number on the last day on which it is defined."""
        rows = [r for r in self._rows.get((arm, measure, group), []) if r.mean == r.mean]
        return rows[-1] if rows else None

    def first(self, arm: str, measure: str, group: str) -> Figure | None:
        """The number on the first day on which it is defined."""
        rows = [r for r in self._rows.get((arm, measure, group), []) if r.mean == r.mean]
        return rows[0] if rows else None


def _answers(result) -> list[tuple]:
    """Rows of answers.csv, the same columns as summary.csv; none where there is no such file."""
    path = Path(result.path or "") / "answers.csv"
    if result.path is None or not path.is_file():
        return []
    try:
        with open(path, newline="", encoding="utf-8") as file:
            return [_typed(row) for row in csv.DictReader(file)]
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(f"{path} is damaged ({type(error).__name__}); run the experiment again") from None


def _typed(row: dict) -> tuple:
    numbers = [float(row[key]) if row[key] else math.nan for key in ("mean", "lo", "hi")]
    return row["arm"], int(row["day"]), row["measure"], row["group"], *numbers, int(row["replicates"])
