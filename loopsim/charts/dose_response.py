"""Dose and response: how the disparity at the end follows the bias (or any number) at the start."""

from __future__ import annotations

import math

import numpy as np

from loopsim.charts.paper import colour, words
from loopsim.charts.paper.grid import THEORY, Grid, label, scale
from loopsim.charts.paper.sheet import SMALL, bare, plain_ratios, sheet, spread

NEEDS = ("summary.csv",)
SWEEP = True
MOST = 6  # lines


def reason(result) -> str | None:
    """Needs one swept number of three values or more, and at most one more key."""
    grid = Grid(result)
    if not grid.has("patrol_disparity"):
        return "needs patrol_disparity, of at least two groups"
    if not grid.numeric or len(result.swept) > 2:
        return f"needs one or two swept keys, one of them a number, got {', '.join(result.swept)}"
    key = _key(grid)
    return (
        None
        if len(grid.swept[key]) >= 3
        else f"needs at least three values of {key}, got {len(grid.swept[key])}"
    )


def _key(grid) -> str:
    """The dose: the bias where it is swept, else the swept number with the most values."""
    return (
        "bias.level" if "bias.level" in grid.numeric else max(grid.numeric, key=lambda k: len(grid.swept[k]))
    )


def _lines(result) -> dict[str, list]:
    """Name -> [(dose, Figure)]: an arm each, or a value of the other swept key."""
    grid = Grid(result)
    dose, pair = _key(grid), grid.pair("patrol_disparity")
    other = next((k for k in grid.swept if k != dose), None)
    kinds = {words.arm(a): (a, {}) for a in [*grid.arms, THEORY]}
    if other:
        kinds = {
            f"{other.split('.')[-1]} {v:g}" if isinstance(v, float) else f"{other.split('.')[-1]} {v}": (
                grid.arm,
                {other: v},
            )
            for v in grid.swept[other]
        }
    found = {}
    for name, (arm, fixed) in list(kinds.items())[: MOST + 1]:
        row = [(x, grid.at({dose: x, **fixed}, arm, "patrol_disparity", pair)) for x in grid.swept[dose]]
        row = [(x, f) for x, f in row if f]
        if row:
            found[name] = sorted(row, key=lambda point: point[0])
    return found


def draw(result):
    """Patrol per head at the end against the dose, with intervals; grey: as biased as the records were."""
    grid, lines = Grid(result), _lines(result)
    dose, pair = _key(grid), grid.pair("patrol_disparity")
    fig = sheet(
        result,
        "How much bias in, how much disparity out",
        f"Patrol per head at the end, {words.short(pair.replace('/', ' against '), 44)}: ratio, log scale. Bands: 95 %.",
        4.4,
        below=label(dose),
    )
    axes = fig.subplots()
    values = sorted(grid.swept[dose])
    means = [f.mean for row in lines.values() for _, f in row]
    low, high = math.exp(min(*means, -0.2) - 0.2), math.exp(max(*means, 0.2) + 0.2)
    if dose == "bias.level" and min(values) > 0:
        axes.plot(values, values, color=colour.PALE, linewidth=6, zorder=0, solid_capstyle="round")
        low, high = min(low, min(values) * 0.9), max(high, max(values) * 1.1)
    axes.plot([min(values), max(values)], [1, 1], color=colour.INK, linewidth=0.8)  # not under the labels
    inks = [colour.of_arm(n, list(lines)) for n in _raw(result, lines)]
    for (name, row), ink in zip(lines.items(), inks, strict=True):
        _line(axes, name, row, ink)
    axes.set_yscale("log")
    axes.set_ylim(low, high)
    scale(axes.xaxis, values)
    plain_ratios(axes.yaxis, low, high, 8)
    _labels(axes, lines, low, high)
    bare(axes)
    return fig


def _raw(result, lines) -> list[str]:
    """Names that colours are known by."""
    known = {words.arm(a): a for a in Grid(result).arms}
    return [known.get(name, name) if known.get(name, name) in colour.ARMS else name for name in lines]


def _line(axes, name, row, ink) -> None:
    x = np.array([dose for dose, _ in row], float)
    mean, lo, hi = (np.exp([getattr(f, k) for _, f in row]) for k in ("mean", "lo", "hi"))
    if name == THEORY:
        axes.plot(x, mean, color=colour.INK, linewidth=1.4, linestyle=(0, (4, 2)), zorder=4)
        return
    axes.fill_between(x, lo, hi, color=ink, alpha=0.15, linewidth=0)
    axes.plot(x, mean, color=ink, linewidth=2, marker="o", markersize=5, zorder=3)


def _labels(axes, lines, low, high) -> None:
    ends = {name: row[-1] for name, row in lines.items()}
    at = spread([f.mean for _, f in ends.values()], (math.log(high) - math.log(low)) * 0.055)
    for (name, (x, _)), y in zip(ends.items(), at, strict=True):
        axes.annotate(
            words.short(name, 18), (x, math.exp(y)), (8, 0), textcoords="offset points", fontsize=SMALL,
            va="center", annotation_clip=False,
        )  # fmt: skip


def table(result):
    """Every point."""
    dose = _key(Grid(result))
    rows = [(name, f"{x:g}", words.ratio(f)) for name, row in _lines(result).items() for x, f in row]
    return ("line", dose, "patrol per head at the end"), rows


def alt(result) -> str:
    """First and last dose of every line."""
    dose = _key(Grid(result))
    parts = [
        f"{name}: {words.ratio(row[0][1])} at {dose} {row[0][0]:g}, {words.ratio(row[-1][1])} at {row[-1][0]:g}"
        for name, row in _lines(result).items()
    ]
    return f"Lines of patrol per head at the end against {dose}. {'; '.join(parts)}."


def caption(result) -> str:
    """What the grey band is."""
    grey = (
        " On the broad grey line patrol is exactly as biased as the records were at the start."
        if _key(Grid(result)) == "bias.level"
        else ""
    )
    return f"Every dot is a simulated study of its own, on the same crimes.{grey} {words.closing(result)}"
