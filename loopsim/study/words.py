"""Words: a result in plain language, for a terminal."""

from __future__ import annotations

import math
import textwrap

RATES = (
    ("offences per 1,000 a year", "true_rate", 1.0, 1),
    ("recorded crime per 1,000", "recorded_rate", 1.0, 1),
    ("  reported", "recorded_rate_report", 1.0, 1),
    ("  found by patrol", "recorded_rate_discovery", 1.0, 1),
    ("  found in a search", "recorded_rate_search", 1.0, 1),
    ("stops, nothing found", "recorded_rate_stop", 1.0, 1),
    ("intelligence logs", "recorded_rate_intelligence", 1.0, 1),
    ("patrol-hours per head", "patrol_exposure", 365.0, 2),
    ("stops per 1,000 a year", "stop_rate", 1.0, 1),
    ("no further action, %", "nfa_rate", 100.0, 1),
    ("share of patrol, %", "patrol_share", 100.0, 1),
)
MEANING = {
    "fades": "the disparity fades: it ends nearer to even than the first plan put it",
    "locks in": "the disparity locks in: it stays where the first plan put it",
    "compounds": "the disparity compounds: it ends further from even than the first plan put it",
    "runs away": "patrol runs away: a vanishing number of cells takes it all",
    "no disparity": "no disparity: patrol per head is even at the first plan and at the last",
    "undetermined": "undetermined: the interval does not settle it",
}
CONTRASTS = (
    ("the feedback adds (against frozen)", "feedback_adds"),
    ("the initial bias costs (against clean_start)", "initial_bias_costs"),
    ("the model costs (against no_model)", "model_costs"),
)
CAVEAT = "A simulated city where all offend alike: this measures no real police force."


def tell(result, width: int = 80) -> str:
    """A short result in plain words with its table, at most `width` columns."""
    table = Lookup(result)
    arm = "loop" if "loop" in result.arms else result.arms[0]
    lines = [*_head(result, width), "", *_rates(result, table, arm, width)]
    for name in result.groups[1:]:
        lines += ["", *_pair(result, table, arm, f"{name}/{result.groups[0]}", width)]
    lines += ["", *_wrap(CAVEAT, width)]
    if result.path:
        lines += _wrap(f"Written to {result.path}", width)
    return "\n".join(line.rstrip() for line in lines) + "\n"


class Lookup:
    """Summary rows by arm, measure and group."""

    def __init__(self, result):
        self._rows: dict = {}
        for arm, day, measure, group, *values in result.summary_rows:
            self._rows.setdefault((arm, measure, group), {})[day] = tuple(values[:3])

    def days(self, arm, measure, group) -> list[int]:
        """Days on which a measure was taken."""
        return sorted(self._rows.get((arm, measure, group), {}))

    def at(self, arm, measure, group, day=None):
        """(mean, lo, hi) on a day, or on the last; None where there is none."""
        rows = self._rows.get((arm, measure, group), {})
        return rows.get(max(rows) if day is None else day) if rows else None


def _head(result, width):
    told = result.manifest
    lines = _wrap(
        f"{told['scenario']}: {told['replicates']} replicates, {told['days']} days, seed {told['seed']}",
        width,
    )
    if told["interrupted"]:
        lines += _wrap(
            f"Stopped early: {told['replicates']} of {told['replicates_asked']} replicates were finished.",
            width,
        )
    if told["replicates"] < 2:
        return lines + _wrap(
            "One replicate: intervals and regimes are not available; set replicates=32.", width
        )
    return lines + ["95 % intervals in brackets."]


def _rates(result, table, arm, width):
    groups = result.groups
    told = [
        [_number(table.at(arm, measure, g), scale, digits) for g in groups]
        for _, measure, scale, digits in RATES
    ]
    room = max(22, 2 + max(len(cell) for cells in told for cell in cells))
    lines = _wrap(f"In arm {arm}, last period:", width)
    flat = 25 + room * len(groups) <= width
    if flat:
        lines.append(" " * 25 + "".join(f"{name[: room - 1]:>{room}}" for name in groups))
    for (label, *_), cells in zip(RATES, told, strict=True):
        if flat:
            lines.append(f"{label:<25}" + "".join(f"{c:>{room}}" for c in cells))
        else:
            lines.append(label)
            lines += [_fit(f"    {g[:20]:<20} {c}", width) for g, c in zip(groups, cells, strict=True)]
    return lines


def _pair(result, table, arm, pair, width):
    upper, lower = pair.split("/", 1)
    lines = _wrap(f"Patrol per head, {upper} against {lower}: ratio, log, share on {upper}", width)
    days = table.days(arm, "patrol_disparity", pair)
    wanted = {min(days, key=lambda d, at=at: abs(d - at)) for at in range(182, days[-1], 182)}
    legacy = table.at(arm, "dose", pair)
    if legacy:
        lines.append(_fit(f"  {'legacy':<11}{_ratio(legacy):<22}{legacy[0]:>6.2f}", width))
    for day in sorted({days[0], *wanted, days[-1]}):
        found, part = table.at(arm, "patrol_disparity", pair, day), table.at(arm, "patrol_share", upper, day)
        label = "first plan" if day == days[0] else "last plan" if day == days[-1] else f"day {day}"
        text = f"  {label:<11}{_ratio(found):<22}{found[0]:>6.2f} {100 * part[0]:>5.1f} %"
        lines.append(_fit(text, width))
    lines += _facts(table, arm, pair, width)
    for name in result.arms:
        verdict = result.verdict[name].get(pair)
        if verdict:
            grown = _ratio(table.at(name, "compounding", pair))
            lines += _wrap(f"{name}: grown x {grown}; {MEANING[verdict['regime']]}.", width, "  ")
    return lines


def _facts(table, arm, pair, width):
    lines, compared = [], False
    for label, measure in (
        ("leverage, log of first plan by log of the bias as realised", "leverage"),
        ("compounding, log", "compounding"),
    ):
        found = table.at(arm, measure, pair)
        told = _number(found, 1.0, 2) if found else "not defined without an initial bias"
        lines += _wrap(f"{label}: {told}", width, "  ")
    for label, measure in CONTRASTS:
        found = table.at(arm, measure, pair)
        if found:
            compared = True
            lines += _wrap(f"{label}: x {_ratio(found)}", width, "  ")
    return (
        lines
        if compared
        else lines + _wrap("No other arm to compare with: contrasts are not available.", width, "  ")
    )


def _ratio(found) -> str:
    """`mean [lo, hi]` of logs as ratios; beyond a hundredfold no digit means anything."""
    told = [_factor(v) for v in found]
    return told[0] if "-" in told[1:] else f"{told[0]} [{told[1]}, {told[2]}]"


def _factor(log) -> str:
    if log != log:
        return "-"
    factor = math.exp(min(log, 10.0))
    return ">100" if factor > 100 else "<0.01" if factor < 0.01 else f"{factor:.2f}"


def _number(found, scale, digits) -> str:
    """`mean [lo, hi]`; only the mean where there is no interval, - where there is nothing."""
    if not found or found[0] != found[0]:
        return "-"
    mean, low, high = (f"{v * scale:.{digits}f}" for v in found)
    return mean if "nan" in (low, high) else f"{mean} [{low}, {high}]"


def _wrap(text, width, indent="") -> list[str]:
    return textwrap.wrap(text, width, initial_indent=indent, subsequent_indent=indent + "  ")


def _fit(text, width) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
