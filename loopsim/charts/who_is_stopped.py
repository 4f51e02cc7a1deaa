"""Who is stopped: stops per 1,000 by group and arm, with the part that ends in no further action."""

from __future__ import annotations

from matplotlib.patches import Patch

from loopsim.charts.paper import colour, words
from loopsim.charts.paper.bars import THICK, end_ticks, groups_key, whisker
from loopsim.charts.paper.facts import Facts
from loopsim.charts.paper.sheet import SMALL, bare, sheet

NEEDS = ("summary.csv",)
MOST = 8  # arms


def reason(result) -> str | None:
    """Needs stops, and some of them."""
    facts = Facts.of(result)
    if not facts.has("stop_rate", "nfa_rate"):
        return "needs stop_rate and nfa_rate by group"
    some = any((f := facts.last(a, "stop_rate", g)) and f.mean > 0 for a in facts.arms for g in facts.groups)
    return None if some else "needs stops, and nobody was stopped in this run; set world.stop_rate"


def draw(result):
    """A bar a group in every arm: the pale part found something, the full part found nothing."""
    facts = Facts.of(result)
    arms, groups = result.arms[:MOST], facts.groups
    fig = sheet(
        result,
        "Who is stopped, and for how little",
        "Stops per 1,000 residents of each group a year, last period. All groups carry equally often.",
        1.9 + 0.19 * len(arms) * len(groups) + 0.12 * len(arms),
    )
    axes = fig.subplots()
    ends = [
        f.hi if f.hi == f.hi else f.mean for a in arms for g in groups if (f := facts.last(a, "stop_rate", g))
    ]
    top, step = max(ends), THICK / len(groups)
    for i, arm in enumerate(arms):
        for g, group in enumerate(groups):
            _bar(axes, facts, arm, group, i + (g - (len(groups) - 1) / 2) * step, step * 0.9, top)
    axes.set_yticks(range(len(arms)), [words.arm(a, 18) for a in arms])
    axes.set_ylim(len(arms) - 0.45, -0.55)
    axes.set_xlim(0, top * 1.42)
    end_ticks(axes, top)
    bare(axes, "x")
    found = Patch(facecolor="white", edgecolor=colour.GREY, hatch="////", label="part that found something")
    groups_key(fig, groups, [found])
    return fig


def _bar(axes, facts, arm, group, at, thick, top) -> None:
    found, nothing = facts.last(arm, "stop_rate", group), facts.last(arm, "nfa_rate", group)
    if not found:
        axes.text(0, at, " not defined", fontsize=SMALL, va="center")
        return
    ink = colour.of_group(group, facts.groups)
    without = found.mean * (nothing.mean if nothing else 1.0)
    axes.barh(at, without, height=thick, color=ink, linewidth=0)
    axes.barh(
        at, found.mean - without, left=without, height=thick, facecolor="white", edgecolor=ink, hatch="////",
        linewidth=0.8,
    )  # fmt: skip
    whisker(axes, found, at)
    end = found.hi if found.hi == found.hi else found.mean
    told = f"{words.number(found.mean, 1)}"
    told += f", {100 * nothing.mean:.0f} % no further action" if nothing else ""
    axes.text(end + top * 0.015, at, told, fontsize=SMALL, va="center")


def table(result):
    """Every bar."""
    facts = Facts.of(result)
    rows = [
        (
            words.arm(arm),
            g,
            words.estimate(facts.last(arm, "stop_rate", g), digits=1),
            words.estimate(facts.last(arm, "nfa_rate", g), 100, 1),
        )
        for arm in result.arms
        for g in facts.groups
    ]
    return ("arm", "group", "stops per 1,000 residents a year", "no further action, %"), rows


def alt(result) -> str:
    """Stops by group in every arm."""
    facts = Facts.of(result)
    parts = []
    for arm in result.arms[:MOST]:
        told = []
        for g in facts.groups:
            rate, none = facts.last(arm, "stop_rate", g), facts.last(arm, "nfa_rate", g)
            share = f" ({100 * none.mean:.0f} % no further action)" if none else ""
            told.append(f"{g} {words.number(rate.mean, 1) if rate else 'not defined'}{share}")
        parts.append(f"{words.arm(arm)}: {words.listed(told)}")
    return f"Bars of stops per 1,000 residents a year. {'; '.join(parts)}."


def caption(result) -> str:
    """What makes the difference."""
    more = f" Only the first {MOST} of {len(result.arms)} arms are drawn." if len(result.arms) > MOST else ""
    return (
        "A stop finds something equally often whoever is stopped; groups are stopped at different rates because "
        "of where officers are sent. Most stops end in no further action, and are records all the same."
        f"{more} {words.closing(result)}"
    )
