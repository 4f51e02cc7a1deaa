"""Compounding: patrol per head of each group against the first, plan by plan, for every arm."""

from __future__ import annotations

import numpy as np

from loopsim.charts.style import DASHES, bare, colour_of, rows, sheet


def figure(result):
    """A panel a pair of groups, a line an arm, its interval as a band; log scale, 1 = equal."""
    pairs = [f"{g}/{result.groups[0]}" for g in result.groups[1:]]
    fig = sheet(
        4.2 + 4.2 * len(pairs), 4.8, "Patrol per head: does the disparity fade, lock in or compound?", result
    )
    panels = fig.subplots(1, len(pairs), squeeze=False, sharey=True)[0]
    for axes, pair in zip(panels, pairs, strict=True):
        for arm in result.arms:
            table = rows(result, arm, "patrol_disparity", pair)
            day, mean, lo, hi = (np.array([row[i] for row in table], float) for i in (0, 2, 3, 4))
            colour = colour_of(arm, result.arms)
            axes.fill_between(day / 365, np.exp(lo), np.exp(hi), color=colour, alpha=0.15, linewidth=0)
            label = arm.replace("_", " ")
            axes.plot(
                day / 365,
                np.exp(mean),
                color=colour,
                linestyle=DASHES.get(arm, "-"),
                label=label,
                linewidth=1.8,
            )
        axes.axhline(1.0, color="black", linewidth=0.8)
        axes.set_yscale("log")
        _plain_ratios(axes)
        axes.set_xlabel("years under the model", fontsize=10)
        axes.set_title(f"{pair.split('/')[0]} against {pair.split('/')[1]}", fontsize=11)
        bare(axes)
    panels[0].set_ylabel("patrol-hours per head, ratio\n(1 = equal, log scale)", fontsize=10)
    panels[-1].legend(fontsize=9, frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return fig


def _plain_ratios(axes) -> None:
    """Ticks such as 0.5, 1, 2 that lie in view."""
    lo, hi = axes.get_ylim()
    ticks = [
        t
        for t in (0.01, 0.02, 0.05, 0.1, 0.2, 0.33, 0.5, 0.7, 1, 1.4, 2, 3, 5, 10, 20, 50, 100)
        if lo <= t <= hi
    ]
    axes.set_yticks(ticks, [f"{t:g}" for t in ticks])
    axes.minorticks_off()
