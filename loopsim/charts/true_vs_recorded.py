"""True against recorded: what happened and what was written down, by group and channel."""

from __future__ import annotations

import math

from loopsim.charts.paper import colour, words
from loopsim.charts.paper.bars import grouped, groups_key
from loopsim.charts.paper.facts import Facts
from loopsim.charts.paper.sheet import LABEL, sheet

NEEDS = ("summary.csv",)
LEFT = {
    "true_rate": "true offences",
    "recorded_rate": "recorded crime",
    "recorded_rate_report": "of it reported",
}
RIGHT = {f"recorded_rate_{c}": words.CHANNELS[c] for c in ("discovery", "search", "stop", "intelligence")}


def reason(result) -> str | None:
    """Needs the rates by group."""
    return None if Facts.of(result).has(*LEFT) else "needs true_rate and recorded_rate by group"


def draw(result):
    """Rates per 1,000 residents a year in the last period of the loop; the right side has its own scale."""
    facts = Facts.of(result)
    bars, inks = len(facts.groups), [colour.of_group(g, facts.groups) for g in facts.groups]
    fig = sheet(
        result,
        "Everyone offends alike. Records follow the patrols.",
        f"Per 1,000 residents of each group a year, last period, {words.arm(facts.arm)}.",
        2.2 + max(1.9, 4 * 0.16 * bars + 0.8),
    )
    panels = fig.subplots(1, 2)
    titles = "What happened, what was recorded", "Written by patrol (own scale)"
    for axes, names, title in zip(panels, (LEFT, RIGHT), titles, strict=True):
        rows = [[facts.last(facts.arm, measure, g) for g in facts.groups] for measure in names]
        grouped(axes, rows, list(names.values()), inks, digits=1)
        axes.set_title(title, fontsize=LABEL, weight="bold", loc="left")
    groups_key(fig, facts.groups)
    return fig


def table(result):
    """Every bar."""
    facts = Facts.of(result)
    rows = [
        (text, g, words.estimate(facts.last(facts.arm, measure, g), digits=1))
        for measure, text in {**LEFT, **RIGHT}.items()
        for g in facts.groups
    ]
    return ("what", "group", "per 1,000 residents a year"), rows


def alt(result) -> str:
    """True, recorded and patrol-made rates of every group."""
    facts = Facts.of(result)
    parts = []
    for g in facts.groups:
        true, seen = (
            words.number(facts.last(facts.arm, m, g).mean, 1) for m in ("true_rate", "recorded_rate")
        )
        made = [facts.last(facts.arm, m, g) for m in RIGHT]
        patrol = words.number(math.fsum(f.mean for f in made if f), 1)
        parts.append(f"{g}: {true} true offences, {seen} recorded, {patrol} entries written by patrol")
    return f"Bars of yearly rates per 1,000 residents. {'; '.join(parts)}."


def caption(result) -> str:
    """How to read the two sides."""
    return (
        "Left: offences per resident are the same, whatever the group, and most records are victims' reports. "
        "Right: entries that exist because a patrol was there; the scale is smaller, the differences are not. "
        f"{words.closing(result)}"
    )
