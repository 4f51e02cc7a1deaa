"""Findings: what came out of a run, in words that follow the numbers whichever way they fall."""

from __future__ import annotations

import math

from loopsim.measures.intervals import mean_interval


class Findings:
    """Numbers of one result as phrases for a reader.

    Parameters
    ----------
    result : Result of a run
    """

    def __init__(self, result):
        self.result = result
        self.reference, self.other = result.groups[0], result.groups[-1]
        self.pair = f"{self.other}/{self.reference}"
        self._rows: dict = {}
        for arm, day, measure, group, *values in result.summary_rows:
            self._rows.setdefault((arm, measure, group), {})[day] = tuple(values[:3])

    def found(self, arm: str, measure: str, group: str, day: int | None = None):
        """(mean, lo, hi) on the last day there is, or the last up to `day`; None where there is none."""
        rows = self._rows.get((arm, measure, group), {})
        days = [d for d in rows if day is None or d <= day]
        return rows[max(days)] if days else None

    def rate(self, arm: str, measure: str, digits: int = 0, scale: float = 1.0) -> str:
        """`blue 301 (95 % interval 297 to 305), orange 299 (...)`, in the last period."""
        told = [
            f"{g} {value(self.found(arm, measure, g), digits, scale)}" for g in (self.reference, self.other)
        ]
        return ", ".join(told)

    def ratio(self, arm: str, day: int | None = None) -> str:
        """Patrol per head, other against reference, as `1.73 times (95 % interval 1.18 to 2.48)`."""
        found = self.found(arm, "patrol_disparity", self.pair, day)
        return value(found and tuple(math.exp(v) for v in found), 2, unit=" times")

    def uneven(self, arm: str, day: int | None = None) -> str:
        """Whether patrol per head is equal, as far as the interval says."""
        mean, low, high = self.found(arm, "patrol_disparity", self.pair, day)
        if low != low or high != high:
            return "One replicate cannot tell chance from effect."
        if abs(mean) < 1e-9 and abs(low) < 1e-9 and abs(high) < 1e-9:
            return "That is exactly equal."
        if low > 0:
            return f"The interval lies above 1: {self.other} residents get more patrol per head."
        if high < 0:
            return f"The interval lies below 1: {self.other} residents get less patrol per head."
        return "The interval includes 1, so this run does not show that either group gets more."

    def growth(self, arm: str = "loop") -> str:
        """What became of the disparity since the first plan, by the verdict of the run."""
        regime = (self.result.verdict.get(arm, {}).get(self.pair) or {}).get("regime", "undetermined")
        factor = value(self.found(arm, "amplification", self.pair), 2)
        return {
            "fades": f"It faded: the ratio was multiplied by {factor}.",
            "locks in": f"It stayed where the first plan put it: the ratio was multiplied by {factor}.",
            "compounds": f"It compounded: the ratio was multiplied by {factor}.",
            "no disparity": f"There was none to grow or to fade: the ratio was multiplied by {factor}.",
            "runs away": f"It ran away to a vanishing number of cells; the ratio was multiplied by {factor}.",
        }.get(
            regime,
            f"The run does not settle it: the ratio was multiplied by {factor}, and that interval "
            "is too wide to call it growing, fading or staying.",
        )

    def against(self, arm: str, other: str) -> str:
        """Share of patrol on the other group in two arms, with their paired difference."""
        table = self.result.metrics()
        rows = table[(table.measure == "patrol_share") & (table.group == self.other)]
        last = rows[rows.day == rows.day.max()].pivot(index="replicate", columns="arm", values="value")
        mean, low, high = (100 * v for v in mean_interval((last[other] - last[arm]).to_numpy()))
        shares = [f"{100 * self.found(a, 'patrol_share', self.other)[0]:.1f} %" for a in (arm, other)]
        if low != low or high != high:
            told = "one replicate cannot tell chance from effect"
        else:
            told = f"95 % interval {signed(low)} to {signed(high)}: {self._direction(low, high)}"
        return f"{shares[0]} and {shares[1]}, a difference of {signed(mean)} percentage points ({told})"

    def _direction(self, low: float, high: float) -> str:
        if low > 0:
            return f"more patrol on {self.other} residents"
        if high < 0:
            return f"less patrol on {self.other} residents"
        return "the run does not settle whether it is more or less"

    def spread(self, arm: str = "loop") -> str:
        """How far single towns lie from each other at the last plan, as a factor."""
        found = self.found(arm, "disparity_spread", self.pair)
        return "-" if not found else f"{math.exp(found[0]):.1f}"

    def belief(self, arm: str) -> str:
        """What is left of the model's disparity of belief at the end, and when half was gone."""
        left = self.found(arm, "belief_after_ban", self.pair)
        if not left:
            return "This run did not measure what is left of the belief."
        told = f"At the end, {value(left, 0, 100.0, ' %')} of it is left."
        half = self.found(arm, "belief_half_life_after", self.pair)
        if not half:
            return f"{told} Half of it was not gone within the run."
        return f"{told} Half of it was gone after {value(half, 0, unit=' days')}."


def value(found, digits: int, scale: float = 1.0, unit: str = "") -> str:
    """`mean (95 % interval lo to hi)`; only the mean where there is no interval."""
    if not found or found[0] != found[0]:
        return "-"
    mean, low, high = (f"{v * scale:.{digits}f}" if math.isfinite(v) else None for v in found)
    if low is None and high is None:
        return f"{mean}{unit} (one replicate: no interval)"
    open_ended = {(None, high): f"at most {high}", (low, None): f"at least {low}"}
    return f"{mean}{unit} (95 % interval {open_ended.get((low, high), f'{low} to {high}')})"


def signed(number: float) -> str:
    """`+1.2` or `-0.4`, with a true minus."""
    return f"{number:+.1f}".replace("-", "\N{MINUS SIGN}")
