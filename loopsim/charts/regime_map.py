"""Regime map: what becomes of a bias, over the share of records that patrol makes and the exponent of allocation."""

from __future__ import annotations

import math

import numpy as np

from loopsim.charts.paper import colour, words
from loopsim.charts.paper.grid import Grid, label, verdicts
from loopsim.charts.paper.sheet import SMALL, bare, sheet
from loopsim.charts.regimes import MARKS, letters

NEEDS = ("summary.csv", "answers.csv")
SWEEP = True
SHARE, EXPONENT = "patrol_generated_share", "allocation.gamma"


def reason(result) -> str | None:
    """Needs the share of records that patrol made, as experiments/regimes.py writes it."""
    if EXPONENT not in result.swept:
        return f"needs a sweep of {EXPONENT}"
    return None if Grid(result).has(SHARE) else f"needs {SHARE}, see experiments/regimes.py"


def _points(result) -> list:
    """(share, exponent, Figure of compounding, regime) of every point."""
    grid, judged, found = Grid(result), verdicts(result), []
    pair = grid.pair("compounding")
    for values, arms in judged.items():
        at = dict(zip(result.swept, values, strict=True))
        share, growth = grid.at(at, grid.arm, SHARE, "all"), grid.at(at, grid.arm, "compounding", pair)
        if share and growth:
            regime = arms.get(grid.arm, {}).get(pair, {}).get("regime", "")
            found.append((share.mean, at[EXPONENT], growth, regime))
    return found


def draw(result):
    """A square a point; dashed, the line of the mean field: exponent times share = 1."""
    points = _points(result)
    fig = sheet(
        result,
        "Where a bias fades, locks in or compounds",
        f"Growth of the disparity since the first plan. {letters(point[-1] for point in points)}.",
        5.4,
        below="share of records that patrol generates",
    )
    axes = fig.subplots()
    top = max(math.log(1.2), *(abs(p[2].mean) for p in points))
    drawn = axes.scatter(
        [p[0] for p in points], [p[1] for p in points], c=[p[2].mean for p in points], cmap=colour.GROWTH,
        vmin=-top, vmax=top, marker="s", s=330, edgecolors=colour.RULE, linewidths=0.6, zorder=2,
    )  # fmt: skip
    for share, gamma, growth, regime in points:
        dark = abs(growth.mean) > 0.7 * top
        axes.text(share, gamma, MARKS.get(regime, ""), fontsize=SMALL, ha="center", va="center", zorder=5,
                  color="white" if dark else colour.INK)  # fmt: skip
    ends = max(p[1] for p in points) * 1.06
    line = np.linspace(1 / ends, 1.0, 200)
    axes.plot(line, 1 / line, color=colour.INK, linestyle=(0, (5, 2)), linewidth=1.4, zorder=4)
    axes.set_xlim(0, 1.03)
    axes.set_ylim(0, ends)
    axes.set_ylabel(label(EXPONENT), fontsize=SMALL)
    bare(axes)
    ticks = [t for t in (0.1, 0.2, 0.5, 1, 2, 5, 10, 50) if abs(math.log(t)) <= top + 1e-9]
    bar = fig.colorbar(drawn, ax=axes, shrink=0.9, aspect=18)
    bar.set_ticks([math.log(t) for t in ticks], labels=[f"{t:g}×" for t in ticks])
    bar.ax.tick_params(labelsize=SMALL, length=0)
    bar.outline.set_visible(False)
    return fig


def table(result):
    """Every point and its side of the line."""
    rows = [
        (f"{share:.2f}", f"{gamma:g}", words.ratio(growth), regime, "grows" if gamma * share > 1 else "fades")
        for share, gamma, growth, regime in _points(result)
    ]
    return (
        "share of records from patrol",
        EXPONENT,
        "grown since the first plan",
        "regime",
        "mean field",
    ), rows


def alt(result) -> str:
    """How many points of each regime lie on which side."""
    parts = []
    rows = table(result)[1]
    for side in ("fades", "grows"):
        there = [r[3] or "without a verdict" for r in rows if r[4] == side]
        counts = [f"{there.count(name)} {name}" for name in dict.fromkeys(there)]
        parts.append(f"{words.listed(counts) or 'none'} where the mean field {side}")
    return f"Squares over share and exponent: {'; '.join(parts)}."


def caption(result) -> str:
    """What the line is."""
    return (
        "Dashed: exponent times share = 1, where the mean field of two equal places turns from fading to growing. Letters "
        f"are judged from the 95 % interval of the growth. {words.closing(result)}"
    )
