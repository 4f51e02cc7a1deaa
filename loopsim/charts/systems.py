"""Systems: several models or remedies side by side on the same city and the same crimes."""

from __future__ import annotations

import math

from loopsim.charts.paper import colour, words
from loopsim.charts.paper.bars import whisker
from loopsim.charts.paper.facts import Facts
from loopsim.charts.paper.sheet import LABEL, SMALL, bare, key, plain_ratios, sheet

NEEDS = ("summary.csv",)
ROOMS = ("prediction", "allocation", "remedy", "refit_days", "evidence")
MOST = 24  # arms
STANDARD = {"loop", "clean_start", "frozen", "no_model"}


def reason(result) -> str | None:
    """Needs at least two arms, besides no_model, that differ in the system."""
    if not Facts.of(result).has("patrol_disparity"):
        return "needs patrol_disparity, of at least two groups"
    arms = result.manifest["arms"]
    own = [
        a
        for a, lines in arms.items()
        if a not in STANDARD and any(x.split("=")[0].split(".")[0] in ROOMS for x in lines)
    ]
    return (
        None if len(own) >= 2 else "needs at least two arms that differ in prediction, allocation or remedy"
    )


def _rows(result) -> list:
    """(arm, first plan, last plan), the widest disparity first."""
    facts = Facts.of(result)
    found = [
        (a, *(f(a, "patrol_disparity", facts.pair) for f in (facts.first, facts.last))) for a in result.arms
    ]
    found = [row for row in found if row[1] and row[2]]
    return sorted(found, key=lambda row: -row[2].mean)[:MOST]


def draw(result):
    """A row a system: open dot at the first plan, full dot with interval at the last."""
    facts, rows = Facts.of(result), _rows(result)
    fig = sheet(
        result,
        "Same city, same crimes, different systems",
        f"Patrol per head, {words.short(facts.pair.replace('/', ' against '), 40)}: ratio, log scale. Widest at the end first.",
        1.95 + 0.3 * max(len(rows), 3),
    )
    axes = fig.subplots()
    plain = [
        (a, *(f._replace(**{k: math.exp(getattr(f, k)) for k in ("mean", "lo", "hi")}) for f in fs))
        for a, *fs in rows
    ]
    ends = [
        v for _, first, last in plain for v in (first.mean, last.mean, last.lo, last.hi) if math.isfinite(v)
    ]
    middle = [v for _, first, last in plain for v in (first.mean, last.mean)]
    low = max(min(0.8, *ends), min(0.8, *middle) / 3)
    high = min(max(1.25, *ends), max(1.25, *middle) * 3)
    axes.axvline(1.0, color=colour.INK, linewidth=1.0, zorder=0)
    for i, (_, first, last) in enumerate(plain):
        axes.plot([first.mean, last.mean], [i, i], color=colour.PALE, linewidth=3.5, zorder=1)
        whisker(axes, last._replace(lo=max(last.lo, low), hi=min(last.hi, high)), i)
        axes.plot(first.mean, i, "o", color="white", **_MARK)
        axes.plot(last.mean, i, "o", color=colour.ARMS["loop"], **_MARK)
        told = f"{first.mean:.2f}× → {last.mean:.2f}×"
        axes.text(1.01, i, told, transform=axes.get_yaxis_transform(), fontsize=SMALL, va="center")
    axes.set_xscale("log")
    axes.set_xlim(low / 1.05, high * 1.05)
    plain_ratios(axes.xaxis, low, high, most=8)
    axes.set_yticks(range(len(plain)), [words.arm(a, 24) for a, *_ in plain])
    axes.set_ylim(len(plain) - 0.4, -0.6)
    axes.text(1.01, 1.02, "first → last plan", transform=axes.transAxes, fontsize=LABEL, va="bottom")
    bare(axes, "x")
    _key(fig)
    return fig


_MARK = {"markersize": 7, "markeredgecolor": colour.ARMS["loop"], "markeredgewidth": 1.5}


def _key(fig) -> None:
    from matplotlib.lines import Line2D

    names = {"white": "first plan", colour.ARMS["loop"]: "last plan"}
    marks = [Line2D([], [], linestyle="", marker="o", color=c, label=t, **_MARK) for c, t in names.items()]
    key(fig, [*marks, Line2D([], [], color=colour.INK, linewidth=1.0, label="1× = equal patrol per head")])


def table(result):
    """First and last plan, regime and accuracy of every system."""
    facts, pair, rows = Facts.of(result), Facts.of(result).pair, []
    for arm, first, last in _rows(result):
        regime = result.verdict.get(arm, {}).get(pair, {}).get("regime", "")
        truth = words.estimate(facts.last(arm, "pai_truth", "all"), digits=2)
        rows.append((words.arm(arm), words.ratio(first), words.ratio(last), regime, truth))
    return ("system", "patrol per head, first plan", "last plan", "regime", "PAI on true offences"), rows


def alt(result) -> str:
    """Every system, the widest disparity first."""
    parts = [
        f"{words.arm(a)} from {math.exp(one.mean):.2f} to {words.ratio(two)}" for a, one, two in _rows(result)
    ]
    return f"Dots of patrol per head, {Facts.of(result).pair}, first and last plan: {'; '.join(parts)}."


def caption(result) -> str:
    """What the comparison holds fixed."""
    more = f" The {MOST} widest of {len(result.arms)} are drawn." if len(result.arms) > MOST else ""
    return (
        "All systems start from the same records, in the same city, on the same offences; only the system differs. "
        f"Intervals that leave the panel are cut.{more} {words.closing(result)}"
    )
