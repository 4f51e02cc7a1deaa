"""Lock-in: how few cells take the patrol, and how long they keep it, replicate by replicate."""

from __future__ import annotations

import numpy as np

from loopsim.charts.paper import colour, words
from loopsim.charts.paper.facts import Facts
from loopsim.charts.paper.sheet import LABEL, SMALL, bare, sheet, whole_numbers

NEEDS = ("maps.nc",)
MOST = 4  # arms


def reason(result) -> str | None:
    """Needs the concentration curves of the replicates."""
    arm = Facts.of(result).arm
    return None if f"{arm}_patrol_curve" in result.maps() else "needs the concentration curves in maps.nc"


def draw(result):
    """A column an arm: Lorenz curves of patrol above, days a cell was patrolled below; a thin line a replicate."""
    maps, arms = result.maps(), result.arms[:MOST]
    fig = sheet(
        result,
        "How few places take the patrol, and for how long",
        "Thin lines: replicates, each with its own hotspots. Thick line: their median.",
        5.0,
        below="number of cells, most patrolled first (log scale)",
        bands=False,
    )
    axes = fig.subplots(2, len(arms), squeeze=False, sharex=True, sharey="row")
    for column, arm in zip(axes.T, arms, strict=True):
        ink, rank = colour.of_arm(arm, result.arms), maps[f"{arm}_rank"]
        for panel, name in zip(column, ("patrol_curve", "held_curve"), strict=True):
            curves = 100.0 * maps[f"{arm}_{name}"]
            panel.plot(rank, curves.T, color=ink, linewidth=0.6, alpha=0.45, rasterized=True)
            panel.plot(rank, np.median(curves, axis=0), color=ink, linewidth=2.2)
            panel.set_xscale("log")
            panel.set_ylim(-3, 103)
            whole_numbers(panel.xaxis, rank[-1])
            bare(panel)
        column[0].set_title(words.arm(arm, 20), fontsize=LABEL, weight="bold", loc="left")
        cells = _half(rank, maps[f"{arm}_patrol_curve"])
        column[0].axhline(50, color=colour.GREY, linewidth=0.7, linestyle=(0, (2, 2)))
        left = cells**2 > rank[-1]  # the label goes where the curve is not
        column[0].text(
            1 if left else rank[-1], 62 if left else 18, f"half in\n{cells:,} cell{'s' if cells > 1 else ''}",
            fontsize=SMALL, linespacing=1.1, ha="left" if left else "right",
        )  # fmt: skip
    axes[0, 0].set_ylabel("share of all patrol in the\nmost patrolled cells, %", fontsize=SMALL)
    axes[1, 0].set_ylabel("days on which the cell of\nthat rank is patrolled, %", fontsize=SMALL)
    return fig


def _half(rank, curves) -> int:
    """Cells that take half the patrol, in the median replicate."""
    half = [np.interp(0.5, np.concatenate([[0], c]), np.concatenate([[0], rank])) for c in curves]
    return int(np.ceil(np.median(half) - 1e-6))


def _numbers(result, arm) -> tuple[int, int, float]:
    """Cells with half the patrol, cells held nine days in ten, and cells in the city."""
    maps = result.maps()
    rank, held = maps[f"{arm}_rank"], np.median(maps[f"{arm}_held_curve"], axis=0)
    kept = rank[held >= 0.9]
    return _half(rank, maps[f"{arm}_patrol_curve"]), int(kept[-1]) if kept.size else 0, int(rank[-1])


def table(result):
    """Concentration and persistence of every arm."""
    facts, rows = Facts.of(result), []
    for arm in result.arms:
        half, kept, cells = _numbers(result, arm)
        ever = facts.last(arm, "cells_ever_patrolled", "all")
        rows.append((words.arm(arm), half, kept, words.estimate(ever, digits=0), cells))
    names = (
        "arm",
        "cells with half the patrol",
        "cells patrolled on 9 days of 10",
        "cells ever patrolled",
        "cells",
    )
    return names, rows


def alt(result) -> str:
    """How many cells hold half the patrol."""
    parts = []
    for arm in result.arms[:MOST]:
        half, kept, cells = _numbers(result, arm)
        parts.append(
            f"{words.arm(arm)} half of it in {half:,} of {cells:,} cells, {kept:,} of them or more kept nine days in ten"
        )
    return f"Curves of the concentration of patrol, median replicate: {'; '.join(parts)}."


def caption(result) -> str:
    """Why replicates are kept apart."""
    more = f" The first {MOST} of {len(result.arms)} arms are drawn." if len(result.arms) > MOST else ""
    return (
        "A curve that jumps up at the left says that a few cells take all the patrol; one that stays at 100 % below, "
        "that they keep it. Replicates lock on to different cells, so averaging them first would hide it."
        f"{more} {words.caveat(result)} Source: loopsim run {words.run_id(result)}."
    )
