"""Apart: the disparity of patrol against how far apart the groups live, with the shuffled city beside it."""

from __future__ import annotations

import math

import numpy as np

from loopsim.charts.paper import colour, words
from loopsim.charts.paper.facts import Figure
from loopsim.charts.paper.sheet import SMALL, bare, key, plain_ratios, sheet

NEEDS = ("summary.csv", "answers.csv")
SWEEP = True


def reason(result) -> str | None:
    """Needs the dissimilarity of each arm's city, as experiments/segregation.py writes it."""
    return None if _rows(result) else "needs dissimilarity, see experiments/segregation.py"


def _rows(result) -> list:
    """(arm, dissimilarity, Figure of the first plan, of the last), of all cities of an arm together."""
    found: dict = {}
    for row in (r for r in result.rows if all(r[name] is None for name in result.swept)):
        figure = Figure(row["mean"], row["lo"], row["hi"], row["day"])
        found.setdefault(row["arm"], {}).setdefault(row["measure"], []).append(figure)
    return [
        (arm, told["dissimilarity"][0].mean, *sorted(told["patrol_disparity"], key=lambda f: f.day))
        for arm, told in found.items() if len(told.get("patrol_disparity", ())) == 2 and "dissimilarity" in told
    ]  # fmt: skip


def _cities(result) -> int:
    """How many cities an arm's rows are of."""
    return max(r["replicates"] for r in result.rows if r["measure"] == "dissimilarity")


def _pair(result) -> str:
    return next(r["group"] for r in result.rows if r["measure"] == "dissimilarity")


def draw(result):
    """Above: cities by dissimilarity. Below: the null, and cities in which deprivation plays a part."""
    rows = _rows(result)
    line = sorted((r for r in rows if r[0].startswith("apart")), key=lambda r: r[1])
    rest = [r for r in rows if not r[0].startswith("apart")]
    fig = sheet(
        result,
        "How much of the disparity is that of living apart?",
        f"Patrol per head, {words.short(_pair(result).replace('/', ' against '), 44)}: ratio, 1× is equal. "
        f"Bars: 95 % over {_cities(result)} cities.",
        4.6 + 0.36 * len(rest),
        bands=False,
    )
    panels = fig.subplots(2, 1, height_ratios=(2.6, 0.5 + 0.36 * len(rest))) if rest else [fig.subplots()]
    _points(panels[0], [(x, *ends) for _, x, *ends in line], 0.004, upright=True)
    panels[0].set_xlabel("dissimilarity index of the city", fontsize=SMALL)
    panels[0].axhline(1.0, color=colour.INK, linewidth=1.0, zorder=0)
    panels[0].set_yscale("log")
    plain_ratios(panels[0].yaxis, *_reach(line))
    bare(panels[0])
    if rest:
        _points(panels[1], [(i, *ends) for i, (_, _, *ends) in enumerate(rest)], 0.14, upright=False)
        panels[1].axvline(1.0, color=colour.INK, linewidth=1.0, zorder=0)
        panels[1].set_yticks(range(len(rest)), [words.arm(r[0], 34) for r in rest])
        panels[1].set_ylim(len(rest) - 0.4, -0.6)
        panels[1].set_xscale("log")
        plain_ratios(panels[1].xaxis, *_reach(rest))
        bare(panels[1], "x")
    _key(fig)
    return fig


_MARK = {"markersize": 6, "markeredgecolor": colour.ARMS["loop"], "markeredgewidth": 1.4}


def _reach(rows) -> tuple[float, float]:
    """Room of a log axis."""
    ends = [v for r in rows for f in r[2:] for v in (f.mean, f.lo, f.hi) if math.isfinite(v)]
    return math.exp(min(-0.3, *ends)), math.exp(max(0.3, *ends))


def _points(axes, points, shift, upright) -> None:
    """Dots with their intervals; joined by a line where they stand upright, in the order of a number."""
    for side, face, style, off in ((1, "white", (0, (2, 2)), -shift), (2, colour.ARMS["loop"], "-", shift)):
        place = np.array([p[0] + off for p in points])
        mean, low, high = (np.exp([getattr(p[side], k) for p in points]) for k in ("mean", "lo", "hi"))
        bars = axes.vlines if upright else axes.hlines
        bars(place, low, high, color=colour.INK, linewidth=1.1, zorder=1)
        at = (place, mean) if upright else (mean, place)
        if upright:
            axes.plot(*at, color=colour.ARMS["loop"], linestyle=style, linewidth=1.2, zorder=2)
        axes.plot(*at, "o", color=face, zorder=3, **_MARK)


def _key(fig) -> None:
    from matplotlib.lines import Line2D

    inks = {"first plan": "white", "last plan": colour.ARMS["loop"]}
    key(fig, [Line2D([], [], linestyle="", marker="o", color=c, label=t, **_MARK) for t, c in inks.items()])


def table(result):
    """Every city."""
    rows = [(words.arm(arm), words.number(x, 2), *map(words.ratio, ends)) for arm, x, *ends in _rows(result)]
    return ("arm", "dissimilarity", "patrol per head at the first plan", "at the last plan"), rows


def alt(result) -> str:
    """First plan of every city."""
    parts = [
        f"{arm} (dissimilarity {x}) {first}, at the end {last}" for arm, x, first, last in table(result)[1]
    ]
    return f"Dots of patrol per head against the dissimilarity of the city: {'; '.join(parts)}."


def caption(result) -> str:
    """What the intervals do not hold."""
    return (
        f"Each dot is the mean of {_cities(result)} cities whose groups are mixed to that dissimilarity, each with a map of its "
        "own; bars are 95 % intervals over these cities. In shuffled cities the same mixes are dealt to cells at random. "
        f"{words.caveat(result)} Source: loopsim run {words.run_id(result)}."
    )
