"""Attribution: what each recording channel adds to the disparity of patrol, by exact Shapley values."""

from __future__ import annotations

import math

from loopsim.charts.paper import colour, words
from loopsim.charts.paper.bars import whisker
from loopsim.charts.paper.facts import Facts
from loopsim.charts.paper.sheet import SMALL, bare, key, sheet

NEEDS = ("summary.csv", "answers.csv")
MEASURE = "channel_contribution"
ROWS = {**words.CHANNELS, "sum": "all five together"}


def reason(result) -> str | None:
    """Needs the attribution that experiments/channels.py writes."""
    return None if Facts.of(result).has(MEASURE) else f"needs {MEASURE}, see experiments/channels.py"


def _rows(result) -> list:
    """(channel, Figure of the first plan, of the last)."""
    facts = Facts.of(result)
    found = [
        (text, *(get(facts.arm, MEASURE, c) for get in (facts.first, facts.last))) for c, text in ROWS.items()
    ]
    return [row for row in found if all(row[1:])]


def draw(result):
    """A row a channel: open dot the first plan, full dot the last, with intervals."""
    rows, facts = _rows(result), Facts.of(result)
    fig = sheet(
        result,
        "Through which records does the bias travel?",
        f"What a channel adds to the log disparity of patrol, {words.short(facts.pair.replace('/', ' against '), 40)}.",
        1.9 + 0.42 * len(rows),
        below="left of 0 it dilutes the disparity, right of 0 it carries it (log units)",
    )
    axes = fig.subplots()
    axes.axvline(0.0, color=colour.INK, linewidth=1.0, zorder=0)
    axes.axhline(len(rows) - 1.5, color=colour.GREY, linewidth=0.8)
    for i, (_, first, last) in enumerate(rows):
        for found, face, shift in ((first, "white", -0.16), (last, colour.ARMS["loop"], 0.16)):
            whisker(axes, found, i + shift)
            axes.plot(found.mean, i + shift, "o", color=face, **_MARK)
            end = found.hi if math.isfinite(found.hi) else found.mean
            axes.annotate(f"{words.number(found.mean, 2)}", (end, i + shift), (6, 0), textcoords="offset points",
                          fontsize=SMALL, va="center")  # fmt: skip
    axes.margins(x=0.12)
    axes.set_yticks(range(len(rows)), [row[0] for row in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    bare(axes, "x")
    _key(fig, rows)
    return fig


_MARK = {"markersize": 6, "markeredgecolor": colour.ARMS["loop"], "markeredgewidth": 1.4, "zorder": 3}


def _key(fig, rows) -> None:
    from matplotlib.lines import Line2D

    days = {
        f"first plan (day {rows[0][1].day})": "white",
        f"last plan (day {rows[0][2].day})": colour.ARMS["loop"],
    }
    key(fig, [Line2D([], [], linestyle="", marker="o", color=c, label=t, **_MARK) for t, c in days.items()])


def table(result):
    """Contribution of every channel."""
    rows = [(name, *(words.estimate(f, digits=2) for f in both)) for name, *both in _rows(result)]
    return ("channel", "first plan, log units", "last plan, log units"), rows


def alt(result) -> str:
    """Contributions at the last plan."""
    parts = [f"{name} {words.estimate(last, digits=2)}" for name, _, last in _rows(result)]
    return f"Dots of what each channel adds to the log disparity at the last plan: {'; '.join(parts)}."


def caption(result) -> str:
    """How it is worked out."""
    return (
        "Shapley values over all 32 sets of channels that the model may be shown, on the same crimes: what a channel adds, "
        f"averaged over all orders of adding them. They sum to the disparity of all five. {words.closing(result)}"
    )
