"""Grid: the table of a sweep, asked by the values of the swept keys."""

from __future__ import annotations

import math

from loopsim.charts.paper.facts import Figure

THEORY = "theory"  # rows of this arm are closed forms that were written beside the simulated ones


class Grid:
    """Rows of a sweep's summary, the last day of each point.

    Parameters
    ----------
    result : SweepResult, or anything with swept and rows
    """

    def __init__(self, result):
        self.result, self.swept = result, result.swept
        self._last: dict = {}
        for row in result.rows:
            at = tuple(row[key] for key in self.swept), row["arm"], row["measure"], row["group"]
            held = self._last.get(at)
            if row["mean"] == row["mean"] and (held is None or row["day"] >= held.day):
                self._last[at] = Figure(row["mean"], row["lo"], row["hi"], row["day"])
        self.arms = list(dict.fromkeys(row["arm"] for row in result.rows if row["arm"] != THEORY))

    @property
    def arm(self) -> str:
        """The arm a chart of one arm shows."""
        return "loop" if "loop" in self.arms else self.arms[0]

    @property
    def numeric(self) -> list[str]:
        """Swept keys of which every value is a number that means more or less of something."""
        return [
            key
            for key, values in self.swept.items()
            if not key.endswith("seed")
            and all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)
        ]

    def pair(self, measure: str) -> str | None:
        """The pair with the widest mean anywhere."""
        found = [(abs(f.mean), at[3]) for at, f in self._last.items() if at[2] == measure and at[1] != THEORY]
        return max(found, default=(0, None))[1]

    def at(self, values: dict, arm: str, measure: str, group: str) -> Figure | None:
        """One number of one point; None where there is none."""
        return self._last.get((tuple(values[key] for key in self.swept), arm, measure, group))

    def has(self, measure: str, arm: str | None = None) -> bool:
        """Whether any point has the measure."""
        return any(at[2] == measure and arm in (None, at[1]) for at in self._last)


def verdicts(result) -> dict:
    """(values of the swept keys) -> arm -> pair -> verdict, from the manifest's points."""
    found = {}
    for point in result.manifest.get("points", []):
        values = point.get("values", {})
        if all(key in values for key in result.swept):
            found[tuple(values[key] for key in result.swept)] = point.get("verdict") or {}
    return found


def label(key: str) -> str:
    """A swept key for an axis."""
    known = {
        "bias.level": "bias of the records at the start, times (bias.level)",
        "allocation.k": "patrolled cells (allocation.k)",
        "allocation.gamma": "concentration exponent (allocation.gamma)",
        "refit_days": "days between refits (refit_days)",
        "city.segregation": "segregation, dissimilarity index (city.segregation)",
    }
    return known.get(key, key)


def scale(axis, values) -> None:
    """Ticks at the swept values; a log axis where they span a factor of eight."""
    from matplotlib.ticker import NullLocator

    if min(values) > 0 and max(values) / min(values) >= 8:
        axis.axes.set_xscale("log") if axis.axis_name == "x" else axis.axes.set_yscale("log")
    axis.set_minor_locator(NullLocator())
    step = max(1, math.ceil(len(values) / 9))
    axis.set_ticks(values[::step], [f"{v:g}" for v in values[::step]])
