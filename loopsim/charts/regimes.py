"""Regimes: where a bias fades, locks in or compounds, over one or two swept numbers."""

from __future__ import annotations

import math

import numpy as np

from loopsim.charts.paper import colour, words
from loopsim.charts.paper.grid import THEORY, Grid, label, verdicts
from loopsim.charts.paper.sheet import SMALL, sheet

NEEDS = ("summary.csv",)
SWEEP = True
MARKS = {
    "fades": "F",
    "locks in": "L",
    "compounds": "C",
    "runs away": "R",
    "no disparity": "N",
    "undetermined": "?",
}


def letters(regimes) -> str:
    """`F fades, L locks in`: the letters of the regimes that there are, always in the same order."""
    there, said = set(regimes), {"undetermined": "not settled"}
    told = [f"{mark} {said.get(name, name)}" for name, mark in MARKS.items() if name in there]
    return ", ".join(told) or "no verdict"


def reason(result) -> str | None:
    """Needs one or two swept numbers, and compounding."""
    grid = Grid(result)
    if not grid.has("compounding"):
        return "needs compounding, of at least two groups"
    if len(result.swept) not in (1, 2) or len(grid.numeric) != len(result.swept):
        return f"needs one or two swept numbers, got {', '.join(result.swept)}"
    return None if math.prod(map(len, result.swept.values())) >= 3 else "needs at least three points"


def _cells(result):
    """x key, y key or None, and (rows, cols) of growth, its Figure and regime."""
    grid = Grid(result)
    x, *rest = list(result.swept)
    y = rest[0] if rest else None
    pair, judged = grid.pair("compounding"), verdicts(result)
    xs, ys = sorted(result.swept[x]), sorted(result.swept[y], reverse=True) if y else [None]
    found = []
    for v in ys:
        row = []
        for u in xs:
            at = {x: u, **({y: v} if y else {})}
            verdict = judged.get(tuple(at[k] for k in result.swept), {}).get(grid.arm, {}).get(pair, {})
            row.append((grid.at(at, grid.arm, "compounding", pair), verdict.get("regime", "")))
        found.append(row)
    return x, y, xs, ys, found


def draw(result):
    """A tile a point, coloured by the growth since the first plan and marked with its regime."""
    x, y, xs, ys, cells = _cells(result)
    grid = Grid(result)
    fig = sheet(
        result,
        "Fades, locks in or compounds?",
        f"{words.arm(grid.arm).capitalize()}: growth of the disparity since the first plan. "
        f"{letters(regime for row in cells for _, regime in row)}.",
        1.9 + min(4.6, max(1.8, 0.42 * len(ys))),
        below=label(x),
    )
    axes = fig.subplots()
    growth = np.array([[f.mean if f else np.nan for f, _ in row] for row in cells])
    top = max(math.log(1.2), float(np.nanmax(np.abs(growth), initial=0.0)))
    drawn = axes.imshow(
        growth, cmap=colour.GROWTH, vmin=-top, vmax=top, aspect="auto", interpolation="nearest"
    )
    axes.set_facecolor("#EDEDED")
    _marks(axes, cells, top)
    axes.set_xticks(range(len(xs)), [f"{v:g}" for v in xs])
    axes.set_yticks(range(len(ys)), [f"{v:g}" for v in ys] if y else [""])
    axes.tick_params(labelsize=SMALL, length=0)
    axes.spines[:].set_visible(False)
    if y:
        axes.set_ylabel(label(y).replace(" (", "\n("), fontsize=SMALL)
        _theory(axes, grid, x, y, xs, ys)
    ticks = _ticks(top)
    bar = fig.colorbar(drawn, ax=axes, shrink=0.9, aspect=14)
    bar.set_ticks([math.log(t) for t in ticks], labels=[f"{t:.2g}×" for t in ticks])
    bar.ax.tick_params(labelsize=SMALL, length=0)
    bar.outline.set_visible(False)
    return fig


def _ticks(top: float) -> list[float]:
    """Growths to write beside the colours: 1 and up to two on either side, well apart."""
    found = [1.0]
    for t in (50, 20, 10, 5, 2, 1.5, 1.2, 1.1):
        apart = min(abs(math.log(t / other)) for other in found) > 0.35 * top
        found += [t, 1 / t] if math.log(t) <= top + 1e-9 and apart else []
    return sorted(found)


def _marks(axes, cells, top) -> None:
    """The letter of the regime in every tile, and the growth where there is room."""
    room = len(cells[0]) <= 10
    for i, row in enumerate(cells):
        for j, (figure, regime) in enumerate(row):
            mark = MARKS.get(regime, "") if figure else "–"
            told = f"{mark} {math.exp(figure.mean):.2f}×" if figure and room else mark
            dark = figure is not None and abs(figure.mean) > 0.7 * top
            axes.text(
                j,
                i,
                told.strip(),
                fontsize=SMALL,
                ha="center",
                va="center",
                color="white" if dark else colour.INK,
            )


def _theory(axes, grid, x, y, xs, ys) -> None:
    """Where the closed form says that the bias neither grows nor shrinks."""
    pair = grid.pair("compounding")
    found = [[grid.at({x: u, y: v}, THEORY, "compounding", pair) for u in xs] for v in ys]
    if len(xs) < 2 or len(ys) < 2 or not all(f for row in found for f in row):
        return
    axes.contour(
        [[f.mean for f in row] for row in found], levels=[0.0], colors=[colour.INK], linestyles="dashed"
    )


def table(result):
    """Every tile."""
    x, y, xs, ys, cells = _cells(result)
    rows = [
        (f"{u:g}", *([f"{v:g}"] if y else []), words.ratio(f), regime)
        for v, row in zip(ys, cells, strict=True)
        for u, (f, regime) in zip(xs, row, strict=True)
    ]
    return (x, *([y] if y else []), "grown since the first plan", "regime"), rows


def _counts(result) -> dict[str, int]:
    regimes = [regime or "without a verdict" for row in _cells(result)[4] for _, regime in row]
    return {
        name: regimes.count(name) for name in dict.fromkeys([*MARKS, "without a verdict"]) if name in regimes
    }


def alt(result) -> str:
    """How many tiles of each regime, and the extremes."""
    x, y, *_, cells = _cells(result)
    grown = [f.mean for row in cells for f, _ in row if f]
    parts = [f"{count} {name}" for name, count in _counts(result).items()]
    keys = f"{x} and {y}" if y else x
    ends = f"from {math.exp(min(grown)):.2f} to {math.exp(max(grown)):.2f} times"
    return f"Tiles over {keys}: growth of the disparity {ends}; {words.listed(parts)}."


def caption(result) -> str:
    """What the letters mean."""
    theory = (
        " Dashed: where the closed form neither grows nor fades."
        if Grid(result).has("compounding", THEORY)
        else ""
    )
    return (
        f"{letters(_counts(result))}: judged from the 95 % interval of the growth, never "
        f"from the number alone.{theory} {words.closing(result)}"
    )
