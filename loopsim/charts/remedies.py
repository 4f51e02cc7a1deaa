"""Remedies: what is left of the disparity after a change, and what the change costs in offences found."""

from __future__ import annotations

import math
import re

from loopsim.charts.paper import colour, words
from loopsim.charts.paper.bars import whisker
from loopsim.charts.paper.facts import Facts, Figure
from loopsim.charts.paper.sheet import LABEL, SMALL, bare, key, sheet

NEEDS = ("summary.csv", "answers.csv")
LEFT, FINDS = "after_ban", "found_against_loop"
INKS = ("#9EC9E2", "#3C7EB6", "#0B2E59")  # early to late
CUT = (-1.5, 2.5)  # an interval further out is cut


def reason(result) -> str | None:
    """Needs arms named CHANGE_day_DAY, as those of experiments/stop_the_loop.py."""
    if not Facts.of(result).has(LEFT, FINDS):
        return f"needs {LEFT} and {FINDS}, see experiments/stop_the_loop.py"
    return None if _changes(result) else "needs arms named CHANGE_day_DAY"


def _changes(result) -> dict[str, dict[int, str]]:
    """Name of the change -> day -> arm."""
    found: dict = {}
    for arm in result.arms:
        named = re.fullmatch(r"(.+)_day_(\d+)", arm)
        if named:
            found.setdefault(named[1], {})[int(named[2])] = arm
    return found


def _rows(result) -> list[tuple[str, int, Figure, Figure]]:
    """(change, day, share left at the end, finds against the loop)."""
    facts, found = Facts.of(result), []
    for name, days in _changes(result).items():
        for day, arm in days.items():
            both = facts.last(arm, LEFT, facts.pair), facts.last(arm, FINDS, "all")
            if all(both):
                found.append((name, day, *both))
    return found


def draw(result):
    """Left: share of the disparity that is left at the end. Right: offences found, against the loop."""
    rows, facts = _rows(result), Facts.of(result)
    names, days = list(dict.fromkeys(r[0] for r in rows)), sorted({r[1] for r in rows})
    fig = sheet(
        result,
        "What stops the loop, and at what cost?",
        f"After a change on a day: {words.short(facts.pair.replace('/', ' against '), 44)}, at the end of the run.",
        2.2 + 0.42 * len(names),
    )
    panels = fig.subplots(1, 2, sharey=True)
    for axes, column, at in ((panels[0], 2, 1.0), (panels[1], 3, 0.0)):
        for line in {0.0, at}:
            axes.axvline(line, color=colour.INK if line == at else colour.GREY, linewidth=0.9, zorder=0)
        for row in rows:
            place = names.index(row[0]) + (days.index(row[1]) - (len(days) - 1) / 2) * 0.24
            ink = INKS[days.index(row[1]) % len(INKS)]
            whisker(axes, row[column], place)
            axes.plot(row[column].mean, place, "o", color=ink, markersize=5, zorder=3)
        bare(axes, "x")
    ends = [v for r in rows for v in (r[2].lo, r[2].hi, r[2].mean) if math.isfinite(v)]
    panels[0].set_xlim(max(CUT[0], min(-0.1, *ends)) - 0.05, min(CUT[1], max(1.1, *ends)) + 0.05)
    panels[0].set_title("share of the disparity left", fontsize=LABEL, weight="bold", loc="left")
    panels[1].set_title("offences found, against the loop", fontsize=LABEL, weight="bold", loc="left")
    panels[1].set_xlabel("per 1,000 residents a year", fontsize=SMALL)
    panels[0].set_yticks(range(len(names)), [n.replace("_", " ") for n in names])
    panels[0].set_ylim(len(names) - 0.4, -0.6)
    _key(fig, days)
    return fig


def _key(fig, days) -> None:
    from matplotlib.lines import Line2D

    marks = [
        Line2D([], [], linestyle="", marker="o", color=INKS[i % len(INKS)], label=f"changed on day {day}")
        for i, day in enumerate(days)
    ]
    key(fig, marks)


def table(result):
    """Every change and day."""
    rows = [
        (name.replace("_", " "), day, words.estimate(left, digits=2), words.estimate(finds, digits=2))
        for name, day, left, finds in _rows(result)
    ]
    return (
        "change",
        "on day",
        "share of the disparity left",
        "offences found per 1,000 a year, against the loop",
    ), rows


def alt(result) -> str:
    """Share left by change and day."""
    parts = [
        f"{name} on day {day}: {left} left, {finds} found" for name, day, left, finds in table(result)[1]
    ]
    return (
        f"Dots of the share of the disparity left and of offences found against the loop: {'; '.join(parts)}."
    )


def caption(result) -> str:
    """What the numbers are of."""
    return (
        "Left of 0 the disparity has turned round; beyond 1 it has grown. Offences found per 1,000 residents a year are discoveries by patrol and "
        f"finds in searches of the last period, less those of the loop that goes on. {words.closing(result)}"
    )
