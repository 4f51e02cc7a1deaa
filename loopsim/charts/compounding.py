"""Compounding: the disparity of patrol over time, a panel an arm, with intervals."""

from __future__ import annotations

import math

import numpy as np

from loopsim.charts.paper import colour, words
from loopsim.charts.paper.bars import groups_key
from loopsim.charts.paper.facts import Facts
from loopsim.charts.paper.sheet import LABEL, SMALL, bare, plain_ratios, sheet, spread

NEEDS = ("summary.csv",)
MOST = 12  # panels


def reason(result) -> str | None:
    """Needs patrol_disparity of at least two groups."""
    return (
        None if Facts.of(result).has("patrol_disparity") else "needs patrol_disparity, of at least two groups"
    )


def draw(result):
    """A panel an arm, the others in grey behind it; log scale, 1 = equal patrol per head."""
    facts = Facts.of(result)
    arms = result.arms[:MOST]
    one = len(facts.pairs) == 1
    columns = min(4 if one else 2, len(arms))
    rows = -(-len(arms) // columns)
    what = f"{facts.pairs[0].replace('/', ' against ')}" if one else f"every group against {facts.groups[0]}"
    fig = sheet(
        result,
        "Does the disparity of patrol fade, lock in or compound?",
        f"Patrol-hours per head, {words.short(what, 50)}: ratio on a log scale, 1× is equal. Bands: 95 %.",
        1.75 + 2.3 * rows,
        below=f"{words.time_unit(result.manifest['days'])[1]} under the model",
    )
    panels = fig.subplots(rows, columns, squeeze=False, sharex=True, sharey=True).ravel()
    low, high = _limits(facts, arms)
    for axes, arm in zip(panels, arms, strict=False):
        _panel(axes, facts, arm, arms if one else [])
        axes.set_yscale("log")
        axes.set_ylim(low, high)
        plain_ratios(axes.yaxis, low, high)
        axes.set_title(words.arm(arm, 20), fontsize=LABEL, weight="bold", loc="left")
        _label(axes, facts, arm, low, high)
    for axes in panels[len(arms) :]:
        axes.set_visible(False)
    if not one:
        groups_key(fig, facts.groups, shown=facts.groups[1:])
    return fig


def _unit(facts) -> float:
    """Days in a unit of the time axis."""
    return words.time_unit(facts.result.manifest["days"])[0]


def _limits(facts, arms) -> tuple[float, float]:
    """Room for all means, and for bands up to four times as far from equal."""
    found = [facts.series(a, "patrol_disparity", p) for a in arms for p in facts.pairs]
    means = np.concatenate([f[:, 1] for f in found])
    bands = np.concatenate([f[:, 2:].ravel() for f in found])
    reach = max(np.nanmax(np.abs(means), initial=0.0), math.log(1.5))
    bands = bands[np.isfinite(bands)]
    low = min(-math.log(1.25), np.nanmin(means), max(bands.min(initial=0.0), -reach - math.log(3)))
    high = max(math.log(1.25), np.nanmax(means), min(bands.max(initial=0.0), reach + math.log(3)))
    return math.exp(low - 0.08), math.exp(high + 0.08)


def _panel(axes, facts, arm, ghosts) -> None:
    for other in ghosts:
        rows = facts.series(other, "patrol_disparity", facts.pairs[0])
        axes.plot(rows[:, 0] / _unit(facts), np.exp(rows[:, 1]), color=colour.PALE, linewidth=1.0, zorder=1)
    axes.axhline(1.0, color=colour.INK, linewidth=0.8, zorder=2)
    for pair in facts.pairs:
        rows = facts.series(arm, "patrol_disparity", pair)
        years, ink = rows[:, 0] / _unit(facts), _colour(facts, arm, pair)
        alpha = 0.18 if len(facts.pairs) == 1 else 0.08
        axes.fill_between(years, np.exp(rows[:, 2]), np.exp(rows[:, 3]), color=ink, alpha=alpha, linewidth=0)
        style = colour.DASHES.get(arm, "-") if len(facts.pairs) == 1 else "-"
        axes.plot(years, np.exp(rows[:, 1]), color=ink, linewidth=2.0, linestyle=style, zorder=3)
    bare(axes)


def _colour(facts, arm, pair) -> str:
    if len(facts.pairs) == 1:
        return colour.of_arm(arm, facts.arms)
    return colour.of_group(pair.split("/")[0], facts.groups)


def _label(axes, facts, arm, low, high) -> None:
    """The last value of every line beside it, apart from one another."""
    found = {p: facts.last(arm, "patrol_disparity", p) for p in facts.pairs}
    found = {p: f for p, f in found.items() if f}
    if not found:
        return
    several = len(facts.pairs) > 1
    gap = (math.log(high) - math.log(low)) * 0.085
    places = spread([f.mean for f in found.values()], gap, (math.log(low), math.log(high)))
    for (pair, figure), at in zip(found.items(), places, strict=True):
        beside = (figure.day / _unit(facts), math.exp(at))
        texts = [(f"{math.exp(figure.mean):.2f}×", 14 if several else 3, colour.INK)]
        texts += [("●", 4, _colour(facts, arm, pair))] if several else []
        for text, off, ink in texts:
            axes.annotate(
                text, beside, (off, 0), textcoords="offset points", fontsize=SMALL, va="center", color=ink,
                annotation_clip=False,
            )  # fmt: skip


def table(result):
    """First and last plan of every arm and pair."""
    facts, rows = Facts.of(result), []
    for arm in result.arms:
        for pair in facts.pairs:
            ends = (facts.first(arm, "patrol_disparity", pair), facts.last(arm, "patrol_disparity", pair))
            regime = result.verdict.get(arm, {}).get(pair, {}).get("regime", "")
            rows.append((words.arm(arm), pair, *(words.ratio(e) for e in ends), regime))
    return ("arm", "pair", "patrol per head at the first plan", "at the last plan", "regime"), rows


def alt(result) -> str:
    """First and last disparity of every arm."""
    facts = Facts.of(result)
    parts = []
    for arm in result.arms[:MOST]:
        for pair in facts.pairs:
            first, last = (
                facts.first(arm, "patrol_disparity", pair),
                facts.last(arm, "patrol_disparity", pair),
            )
            parts.append(
                f"{words.arm(arm)} from {words.number(math.exp(first.mean), 2)} to {words.ratio(last)} ({pair})"
            )
    return f"Lines of patrol-hours per head over {result.manifest['days']} days: {words.listed(parts)}."


def caption(result) -> str:
    """What the verdict is, and what it rests on."""
    facts, pair = Facts.of(result), Facts.of(result).pair
    regimes = [
        f"{words.arm(arm)}: {words.REGIMES.get(v[pair]['regime'], v[pair]['regime'])}"
        for arm, v in result.verdict.items()
        if pair in v
    ]
    cut = " Bands are cut where they leave the panel." if facts.replicates > 1 else ""
    more = f" Only the first {MOST} of {len(result.arms)} arms are drawn." if len(result.arms) > MOST else ""
    return (
        f"A line above 1× means more patrol per head than {facts.groups[0]}; a rising line, that the loop adds to it. "
        f"Verdict for {pair}, from the interval of the growth and never from the line alone: "
        f"{'; '.join(regimes)}.{cut}{more} {words.closing(result)}"
    )
