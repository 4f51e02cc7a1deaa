"""Judge: ours beside the published number. A tolerance is never widened to make a row pass."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loopsim.measures import intervals
from loopsim.validation.case import Case, Row

COLUMNS = (
    "case",
    "row",
    "what",
    "published",
    "mark",
    "ours",
    "lo",
    "hi",
    "tolerance",
    "verdict",
    "recorded",
    "reason",
)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One row, judged."""

    case: Case
    row: Row
    ours: float
    lo: float
    hi: float

    @property
    def verdict(self) -> str:
        """pass: ours lies within the tolerance of the published number.

        fail: our interval misses the tolerance altogether; undecided: ours lies outside and its
        interval meets it, or the interval is so wide that it would meet almost anything;
        finding: nothing is published to set it against; not composed: the stages cannot say it.
        """
        if not np.isfinite(self.ours):
            return "not composed"
        if self.row.published is None:
            return "finding"
        low, high = self.row.published - self.row.tolerance, self.row.published + self.row.tolerance
        if self.hi < low or self.lo > high:
            return "fail"
        wide = self.lo < low and self.hi > high and self.hi - self.lo > 3 * (high - low)
        return "pass" if low <= self.ours <= high and not wide else "undecided"

    @property
    def broken(self) -> bool:
        """Whether a result that must return did not."""
        return self.row.must and self.verdict in ("fail", "not composed")

    def line(self) -> tuple:
        """The row of validate.csv."""
        published = np.nan if self.row.published is None else float(self.row.published)
        reason = self.row.reason if self.verdict != "pass" else ""
        return (
            self.case.name, self.row.name, self.row.what, published, self.row.mark, self.ours, self.lo, self.hi,
            float(self.row.tolerance), self.verdict, self.row.expect, reason,
        )  # fmt: skip


def judged(case: Case, measured: dict) -> list[Finding]:
    """Every row of a case with what was measured; nothing measured is NaN."""
    none = (np.nan, np.nan, np.nan)
    found = [(row, measured.get(row.name, none)) for row in case.rows]
    return [Finding(case=case, row=row, ours=a, lo=lo, hi=hi) for row, (a, lo, hi) in found]


def mean(values) -> tuple[float, float, float]:
    """Mean of (R,) values with its 95 % interval."""
    return tuple(float(x) for x in intervals.mean_interval(values))


def spread(values) -> tuple[float, float, float]:
    """Standard deviation of (R,) values with its bootstrap interval."""
    return statistic(np.column_stack([values, np.square(values)]), lambda m: np.sqrt(m[:, 1] - m[:, 0] ** 2))


def statistic(values, of) -> tuple[float, float, float]:
    """A function of means with its interval: `of` maps (B, m) means to (B,) values.

    Parameters
    ----------
    values : (R, m) float, one row a replicate
    """
    values = np.ascontiguousarray(values, dtype=float)
    draws = of(intervals.resample(intervals.weights(len(values)), values) / len(values))
    low, high = intervals.limits(draws[:, None], len(values))
    return float(of(values.mean(axis=0, keepdims=True))[0]), float(low[0]), float(high[0])


def plain(value) -> str:
    """A number in few digits, never as a power of ten."""
    if not np.isfinite(value):
        return "-"
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.4g}" if abs(value) >= 0.01 else f"{value:.2g}"


def exact(value) -> tuple[float, float, float]:
    """A number without chance."""
    return float(value), float(value), float(value)
