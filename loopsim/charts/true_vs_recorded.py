"""True against recorded: equal offending, and what each channel wrote down, by group."""

from __future__ import annotations

from loopsim.charts.style import COLOURS, bare, rows, sheet

BARS = {
    "true_rate": "true offences",
    "recorded_rate_report": "reported",
    "recorded_rate_discovery": "found by\npatrol",
    "recorded_rate_search": "found in\na search",
    "recorded_rate_stop": "stops,\nnothing found",
    "recorded_rate_intelligence": "intelligence\nlogs",
}


def figure(result):
    """Rates per 1,000 residents a year in the last period of the first arm; two scales, said so."""
    arm, groups = result.arms[0], result.groups
    fig = sheet(11, 4.8, "Everyone offends alike. What is written down follows patrol.", result)
    left, right = fig.subplots(1, 2, width_ratios=(2, 4))
    measures = list(BARS)
    for axes, names in ((left, measures[:2]), (right, measures[2:])):
        for g, group in enumerate(groups):
            for i, measure in enumerate(names):
                _bar(
                    axes,
                    i + (g - (len(groups) - 1) / 2) * 0.8 / len(groups),
                    rows(result, arm, measure, group),
                    g,
                    len(groups),
                )
        axes.set_xticks(range(len(names)), [BARS[n] for n in names])
        axes.set_ylim(bottom=0)
        bare(axes)
    left.set_ylabel("per 1,000 residents of the group a year", fontsize=10)
    right.set_title("written by patrol (own scale)", fontsize=10)
    handles = [left.patches[i * 2] for i in range(len(groups))]
    right.legend(handles, groups, fontsize=9, frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return fig


def _bar(axes, at: float, table: list, g: int, groups: int) -> None:
    """One bar with its interval; nothing where the measure is undefined."""
    mean, lo, hi = table[-1][2:5] if table else (float("nan"),) * 3
    axes.bar(at, mean, width=0.76 / groups, color=COLOURS[g], edgecolor="black", linewidth=0.4)
    if lo == lo and hi == hi:
        axes.plot([at, at], [lo, hi], color="black", linewidth=1.2)
