"""After the ban: what is left of the disparity once the model is switched off."""

from __future__ import annotations

import math

import numpy as np

from loopsim.charts.paper import colour, words
from loopsim.charts.paper.facts import Facts
from loopsim.charts.paper.sheet import LABEL, SMALL, bare, plain_ratios, sheet, spread

NEEDS = ("summary.csv",)
MEASURES = {"patrol_disparity": "Patrol per head", "record_disparity": "Records per head"}
MOST = 6  # arms


def bans(result) -> dict[str, int]:
    """Arm -> the day on which its model is switched off or changed."""
    shared = result.config.get("remedy") or {}
    found = {}
    for arm, lines in result.manifest["arms"].items():
        keys = dict(line.partition("=")[::2] for line in lines)
        name = keys.get("remedy", shared.get("name"))
        day = keys.get("remedy.from_day", shared.get("from_day"))
        if name in ("ban", "switch") and day is not None and 0 < int(day) < result.manifest["days"]:
            found[arm] = int(day)
    return found


def reason(result) -> str | None:
    """Needs an arm with a ban or a switch inside the run."""
    if not Facts.of(result).has("patrol_disparity"):
        return "needs patrol_disparity, of at least two groups"
    return (
        None
        if bans(result)
        else "needs an arm with remedy=ban or remedy=switch that takes effect during the run"
    )


def _arms(result) -> list[str]:
    rest = [a for a in result.arms if a not in bans(result)]
    keep = [a for a in ("loop", "frozen", "no_model") if a in rest] or rest[:2]
    return [*list(bans(result))[: MOST - len(keep)], *keep]


def draw(result):
    """Patrol and records over time, an arm a line; the day of the ban is marked."""
    facts, arms = Facts.of(result), _arms(result)
    pair, days = facts.pair, sorted(set(bans(result).values()))
    fig = sheet(
        result,
        "What is left of the disparity after the ban?",
        f"{words.short(pair.replace('/', ' against '), 40).capitalize()}: ratio per head, log scale, 1× is equal. Bands: 95 %.",
        4.2,
        below="years under the model; the dashed line is the day of the ban",
    )
    panels = fig.subplots(1, 2, sharey=True)
    found = {(m, a): facts.series(a, m, pair) for m in MEASURES for a in arms}
    values = np.concatenate([f[:, 1] for f in found.values()])
    low, high = math.exp(min(np.nanmin(values), -0.2) - 0.15), math.exp(max(np.nanmax(values), 0.2) + 0.25)
    for axes, (measure, title) in zip(panels, MEASURES.items(), strict=True):
        axes.plot([0, result.manifest["days"] / 365], [1, 1], color=colour.INK, linewidth=0.8)
        for day in days:
            axes.axvline(day / 365, color=colour.GREY, linewidth=1.0, linestyle=(0, (4, 3)))
        for arm in arms:
            _line(axes, found[measure, arm], arm, result.arms)
        axes.set_yscale("log")
        axes.set_ylim(low, high)
        plain_ratios(axes.yaxis, low, high)
        axes.set_title(title, fontsize=LABEL, weight="bold", loc="left")
        axes.set_xlim(0, result.manifest["days"] / 365 * 1.6)
        axes.set_xticks([t for t in axes.get_xticks() if t <= result.manifest["days"] / 365 + 0.01])
        _labels(axes, {a: found[measure, a] for a in arms}, low, high)
        bare(axes)
    return fig


def _line(axes, rows, arm, arms) -> None:
    ink, years = colour.of_arm(arm, arms), rows[:, 0] / 365
    marker = "o" if len(rows) < 10 else None
    axes.fill_between(years, np.exp(rows[:, 2]), np.exp(rows[:, 3]), color=ink, alpha=0.13, linewidth=0)
    style = colour.DASHES.get(arm, "-")
    axes.plot(years, np.exp(rows[:, 1]), color=ink, linewidth=2, linestyle=style, marker=marker, markersize=4)


def _labels(axes, found, low, high) -> None:
    ends = {a: rows[-1] for a, rows in found.items() if len(rows) and np.isfinite(rows[-1, 1])}
    places = spread([end[1] for end in ends.values()], (math.log(high) - math.log(low)) * 0.07)
    for (arm, end), at in zip(ends.items(), places, strict=True):
        axes.annotate(
            f"{words.arm(arm, 19)} {math.exp(end[1]):.2f}×", (end[0] / 365, math.exp(at)), (4, 0),
            textcoords="offset points", fontsize=SMALL, va="center", annotation_clip=False,
        )  # fmt: skip


def _around(facts, arm, measure, day) -> tuple:
    """The number before the ban and the last one."""
    rows = facts.series(arm, measure, facts.pair)
    before = rows[rows[:, 0] <= day] if measure == "record_disparity" else rows[rows[:, 0] < day]
    from loopsim.charts.paper.facts import Figure

    first = Figure(*before[-1, 1:], int(before[-1, 0])) if len(before) else None
    return first, facts.last(arm, measure, facts.pair)


def table(result):
    """Before the ban and at the end, for patrol and records."""
    facts, rows = Facts.of(result), []
    for arm, day in bans(result).items():
        for measure, title in MEASURES.items():
            before, last = _around(facts, arm, measure, day)
            rows.append((words.arm(arm), title, day, words.ratio(before), words.ratio(last)))
    return ("arm", "what", "day of the ban", "before the ban", "at the end"), rows


def alt(result) -> str:
    """Before and after."""
    parts = [
        f"{arm}, {what.lower()}: {before} before the ban on day {day}, {last} at the end"
        for arm, what, day, before, last in table(result)[1]
    ]
    return f"Lines of the disparity of patrol and of records, {Facts.of(result).pair}. {'; '.join(parts)}."


def caption(result) -> str:
    """What outlives a ban."""
    return (
        "Switching a model off changes the patrols on that day. The records it wrote stay: the disparity of records is "
        f"that of each measure period, and fades as new records replace them. {words.closing(result)}"
    )
