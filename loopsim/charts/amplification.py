"""Amplification: by what factor a disparity has grown since the first plan, by dose, year by year."""

from __future__ import annotations

import math

import numpy as np

from loopsim.charts.paper import colour, words
from loopsim.charts.paper.grid import THEORY, label, scale
from loopsim.charts.paper.sheet import LABEL, bare, key, plain_ratios, sheet

NEEDS = ("summary.csv", "answers.csv")
SWEEP = True
MOST = 6  # panels
DOSE = "bias.level"
INKS = ("#B9A6D3", "#8467B5", "#5A3A8E", "#2B1055")  # early to late


def reason(result) -> str | None:
    """Needs amplification by bias.level, and nothing else swept."""
    if list(result.swept) != [DOSE]:
        return f"needs a sweep of {DOSE} alone, got {', '.join(result.swept)}"
    return None if _curves(result) else "needs amplification, of at least two groups"


def _curves(result) -> dict[str, dict[int, list]]:
    """Arm -> day -> [(dose, mean, lo, hi)]: of the first pair, the last plan before the end of each year."""
    found: dict = {}
    rows = [r for r in result.rows if r["measure"] == "amplification" and r["arm"] != THEORY and r["day"] > 0]
    pair = rows[0]["group"] if rows else None
    for r in rows:
        if r["group"] == pair and r["mean"] == r["mean"] and r[DOSE] is not None:
            found.setdefault(r["arm"], {}).setdefault(r["day"], {})[r[DOSE]] = (r["mean"], r["lo"], r["hi"])
    days = sorted({day for by_day in found.values() for day in by_day})
    kept = _chosen(days)
    return {
        arm: {
            day: [(dose, *by_day[day][dose]) for dose in sorted(by_day[day])] for day in kept if day in by_day
        }
        for arm, by_day in list(found.items())[:MOST]
    }


def _chosen(days: list[int]) -> list[int]:
    """The days nearest to 1, 2, 5 and 10 years, as far as the run goes, and the last."""
    years = [365 * y for y in (1, 2, 5, 10) if days and 365 * y <= days[-1] + 30]
    return sorted({min(days, key=lambda d: abs(d - y)) for y in years} | set(days[-1:]))[-len(INKS) :]


def draw(result):
    """A panel an arm; on the line at 1 a disparity is locked in."""
    curves = _curves(result)
    columns = min(3, len(curves))
    rows = -(-len(curves) // columns)
    fig = sheet(
        result,
        "From which dose on does the disparity outgrow the first plan?",
        "Disparity of patrol per head, against that of the first plan: factor, log scale. Above 1× it has grown.",
        2.0 + 1.95 * rows,
        below=label(DOSE),
    )
    panels = fig.subplots(rows, columns, squeeze=False, sharex=True, sharey=True).ravel()
    means = [math.log(p[1]) for by_day in curves.values() for row in by_day.values() for p in row if p[1] > 0]
    low, high = math.exp(min(*means, -0.2) - 0.35), math.exp(max(*means, 0.2) + 0.35)
    days = sorted({day for by_day in curves.values() for day in by_day})
    for axes, (arm, by_day) in zip(panels, curves.items(), strict=False):
        axes.axhline(1.0, color=colour.INK, linewidth=1.0, zorder=0)
        for day, row in by_day.items():
            x, mean, lo, hi = np.array(row, float).T
            ink = INKS[days.index(day) - len(days)]
            if day == days[-1]:
                axes.fill_between(x, lo, hi, color=ink, alpha=0.13, linewidth=0)
            axes.plot(x, mean, color=ink, linewidth=1.8, marker="o", markersize=3.5)
        axes.set_yscale("log")
        axes.set_ylim(low, high)
        plain_ratios(axes.yaxis, low, high)
        scale(axes.xaxis, _apart(sorted(result.swept[DOSE])))
        axes.set_title(words.arm(arm, 22), fontsize=LABEL, weight="bold", loc="left")
        bare(axes)
    for axes in panels[len(curves) :]:
        axes.set_visible(False)
    _key(fig, days)
    return fig


def _apart(doses: list[float]) -> list[float]:
    """Doses far enough from each other that their labels do not touch."""
    room, kept = (doses[-1] - doses[0]) / 6, doses[:1]
    for dose in doses[1:]:
        if dose - kept[-1] >= room:
            kept.append(dose)
    return kept


def _key(fig, days) -> None:
    from matplotlib.lines import Line2D

    key(
        fig,
        [Line2D([], [], color=INKS[i - len(days)], linewidth=2, label=_when(d)) for i, d in enumerate(days)],
        4,
    )


def _when(day: int) -> str:
    years = day / 365
    return f"after {round(years)} year{'s' if round(years) > 1 else ''}" if years > 0.9 else f"on day {day}"


def table(result):
    """Every point."""
    rows = [
        (words.arm(arm), f"{p[0]:g}", _when(day), f"{p[1]:.2f} ({p[2]:.2f} to {p[3]:.2f})")
        for arm, by_day in _curves(result).items()
        for day, row in by_day.items()
        for p in row
    ]
    return ("arm", DOSE, "when", "factor of growth"), rows


def alt(result) -> str:
    """The last year of every arm at the largest dose."""
    parts = []
    for arm, by_day in _curves(result).items():
        day = max(by_day)
        dose, mean, low, high = by_day[day][-1]
        parts.append(
            f"{words.arm(arm)} {mean:.2f} times ({low:.2f} to {high:.2f}) {_when(day)} at a dose of {dose:g}"
        )
    return f"Lines of the growth of the disparity since the first plan, by dose: {'; '.join(parts)}."


def caption(result) -> str:
    """What the band is."""
    return (
        "Growth is of the disparity in the direction of the first plan (of the last, where that clearly ends further from 1× on the "
        "other side), on the same crimes. The band is that of the last year. "
        f"With a dose of 1 there is no bias to grow: what shows there is chance. {words.closing(result)}"
    )
