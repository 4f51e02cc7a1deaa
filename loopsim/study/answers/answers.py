"""Answers: what an experiment concludes from its result, as a table beside it.

`answers.csv` has the columns of summary.csv. It is written whole or not at all.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import NamedTuple

import numpy as np

from loopsim.limits import Refused, nearest
from loopsim.measures.intervals import limits, mean_interval
from loopsim.study.result import SUMMARY, Result

FILE = "answers.csv"


def of(result: Result, measure: str, group: str, *, arm: str) -> dict[int, tuple]:
    """day -> (mean, lo, hi) of one measure of one arm, in day order."""
    rows = {
        day: (mean, lo, hi)
        for a, day, m, g, mean, lo, hi, _ in result.summary_rows
        if (a, m, g) == (arm, measure, group)
    }
    return dict(sorted(rows.items()))


def difference(result: Result, measure, group: str, *, arm: str, against: str, day: int) -> tuple:
    """How much more of a measure an arm shows than another, paired by replicate: (mean, lo, hi, R).

    Parameters
    ----------
    measure : a name, or a tuple of names to add up
    """
    known = result.arms
    for name in (arm, against):
        if name not in known:
            raise Refused(f"no arm {name} in this result: {nearest(name, known)}")
    names = (measure,) if isinstance(measure, str) else measure
    one, two = (_sums(result, names, group, name, day) for name in (arm, against))
    both = sorted(one.keys() & two.keys())
    if not both:
        raise Refused(
            f"{' + '.join(names)} of {group} on day {day} is in no replicate of both {arm} and {against}"
        )
    apart = np.array([one[r] - two[r] for r in both])
    return (*(float(x) for x in mean_interval(apart)), len(both))


def _sums(result, measures, group, arm, day) -> dict[int, float]:
    """Replicate -> sum of the measures, where all of them are defined."""
    parts = [_by_replicate(result, measure, group, arm, day) for measure in measures]
    return {r: sum(part[r] for part in parts) for r in parts[0] if all(r in part for part in parts)}


def _by_replicate(result, measure, group, arm, day) -> dict[int, float]:
    found = result.estimates[arm].of(measure, group)
    rows = [values for (d, *_), values in zip(found.keys, found.values, strict=True) if d == day]
    numbers = result.observed[arm].replicates
    return {int(r): float(v) for values in rows for r, v in zip(numbers, values, strict=True) if v == v}


def stacked(result: Result, measure: str, group: str, *, arms, row: int):
    """A row of a measure in many arms: its day, (A,) points and (A, B) draws that are paired.

    Parameters
    ----------
    row : 0 the first day of the measure, -1 the last
    """
    found = [result.estimates[arm].of(measure, group) for arm in arms]
    points, draws = (np.array([getattr(f, part)[row] for f in found]) for part in ("point", "draws"))
    return found[0].keys[row][0], points, draws


def limits_of(draws, replicates: int) -> tuple[float, float]:
    """Interval of one number from its draws."""
    low, high = limits(np.asarray(draws, float)[:, None], replicates)
    return float(low[0]), float(high[0])


def write(result: Result, rows, before: tuple[str, ...] = ()) -> Path:
    """Write answers.csv into the folder of a result.

    Parameters
    ----------
    rows : of (arm, day, measure, group, mean, lo, hi, replicates)
    before : names of columns in front of these: the swept keys of a sweep
    """
    from loopsim.study.store import write_csv

    path = Path(result.path) / FILE
    half = path.with_suffix(f".{os.getpid()}.part")
    try:
        write_csv(half, (*before, *SUMMARY), list(rows))
        os.replace(half, path)
    except OSError as error:
        raise Refused(f"cannot write {path}: {error.strerror or error}; set out") from error
    finally:
        half.unlink(missing_ok=True)
    return path


class Row(NamedTuple):
    """A row of answers.csv; `at` has the swept keys of a sweep."""

    arm: str
    day: int
    measure: str
    group: str
    mean: float
    lo: float
    hi: float
    replicates: int
    at: dict


def read(path) -> list[Row]:
    """Rows of an answers.csv, or of that of a folder; none where there is no such file."""
    path = Path(path) / FILE if Path(path).is_dir() else Path(path)
    if not path.is_file():
        return []
    with open(path, newline="", encoding="utf-8") as file:
        return [_row(r) for r in csv.DictReader(file)]


def _row(r: dict) -> Row:
    numbers = [float(r[k]) if r[k] else float("nan") for k in ("mean", "lo", "hi")]
    at = {key: _value(text) for key, text in r.items() if key not in SUMMARY}
    return Row(r["arm"], int(r["day"]), r["measure"], r["group"], *numbers, int(r["replicates"]), at)


def _value(text: str):
    try:
        return float(text)
    except ValueError:
        return text
