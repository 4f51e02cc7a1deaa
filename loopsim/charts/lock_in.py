"""Lock-in: how few cells take the patrol, and how long they keep it."""

from __future__ import annotations

import numpy as np

from loopsim.charts.style import DASHES, bare, colour_of, sheet


def figure(result):
    """Lorenz curve of patrol over cells, and days a cell is patrolled, for every arm (mean of replicates)."""
    maps = result.maps()
    inside = maps["inside"].ravel() > 0
    fig = sheet(11, 4.8, "Lock-in: how few places take the patrol, and for how long", result)
    left, right = fig.subplots(1, 2)
    for arm in result.arms:
        style = {"color": colour_of(arm, result.arms), "linestyle": DASHES.get(arm, "-"), "linewidth": 1.8}
        patrol = np.sort(maps[f"{arm}_patrol"].ravel()[inside])[::-1]
        share = np.arange(1, patrol.size + 1) / patrol.size
        left.plot(
            100 * share,
            100 * np.cumsum(patrol) / max(patrol.sum(), 1e-300),
            label=arm.replace("_", " "),
            **style,
        )
        days = np.sort(maps[f"{arm}_patrolled_days"].ravel()[inside])[::-1]
        right.plot(np.arange(1, days.size + 1), 100 * days / result.manifest["days"], **style)
    left.set_xscale("log")
    left.set_xlim(100 / inside.sum(), 100)
    left.set_ylim(0, 102)
    left.set_xlabel("share of cells, most patrolled first, % (log scale)", fontsize=10)
    left.set_ylabel("share of all patrol, %", fontsize=10)
    left.legend(fontsize=9, frameon=False, loc="upper left")
    right.set_xscale("log")
    right.set_ylim(-2, 102)
    right.set_xlabel("cells, longest patrolled first (log scale)", fontsize=10)
    right.set_ylabel("days with at least an even share\nof patrol, % (mean of replicates)", fontsize=10)
    for axes in (left, right):
        bare(axes)
    return fig
