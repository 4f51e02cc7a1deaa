"""Published: numbers that others published and ours, row by row, in units of their tolerance."""

from __future__ import annotations

import math
from pathlib import Path
from types import SimpleNamespace

from loopsim.charts.paper import words
from loopsim.charts.paper.colour import GREY, INK, PALE, RULE
from loopsim.charts.paper.files import save, settle
from loopsim.charts.paper.sheet import SMALL, arrange, sheet

INKS = {"pass": "#00704F", "fail": "#B2220F", "undecided": "#9A6700", "finding": "#0072B2"}
REACH = 4.0  # tolerances; what lies further off is an arrow at the edge
ROW, ROOM = 0.235, 1.75  # inches of a row, and of the words around them


def figure(rows: list[dict], title: str, run: str):
    """A line a row: how far ours lies from the published number, and both in figures beside it.

    Parameters
    ----------
    rows : rows of validate.csv of one case, by column
    title : of the case
    run : what made the numbers, for the foot of the page
    """
    made = SimpleNamespace(config={}, manifest={})
    told = "Grey band: the tolerance around the published number. Dot and bar: ours with its 95 % interval."
    below = f"ours less published, in tolerances (arrow: more than {REACH:g})"
    drawn = sheet(made, title, told, ROOM + ROW * (len(rows) + 1), below=below, bands=False)
    drawn.texts[2].whole = f"Simulated; it measures no real police force. Made by {run}."
    arrange(drawn)
    left, right = drawn.subplots(1, 2, width_ratios=[1, 0.86], sharey=True)
    left.axvspan(-1, 1, color=RULE, linewidth=0)
    left.axvline(0, color=GREY, linewidth=0.8)
    for y, row in enumerate(rows):
        _mark(left, y, row)
        _figures(right, y, row)
    left.set_yticks(range(len(rows)), [words.short(r["row"].replace("_", " "), 30) for r in rows])
    left.set_ylim(len(rows) - 0.4, -1.5)
    left.set_xlim(-REACH - 0.4, REACH + 0.4)
    left.set_xticks([-4, -2, 0, 2, 4], ["−4", "−2", "0", "2", "4"])
    left.tick_params(labelsize=SMALL, length=0, colors=INK)
    left.spines[["top", "right", "left"]].set_visible(False)
    left.spines["bottom"].set_color(GREY)
    for at, name in zip(PLACES, ("published", "ours", "verdict"), strict=True):
        right.text(at, -1, name, fontsize=SMALL, color=GREY, va="center", ha="right" if at < 0.7 else "left")
    right.set_xlim(0, 1.16)
    right.axis("off")
    return drawn


PLACES = (0.27, 0.62, 0.72)  # of the columns published, ours, verdict


def _mark(axes, y, row) -> None:
    """The dot and bar of a row; nothing where there is nothing to set beside each other."""
    axes.axhline(y, color=PALE, linewidth=0.4, zorder=0)
    if row["verdict"] not in ("pass", "fail", "undecided"):
        return
    at, low, high = (_apart(row, row[name]) for name in ("ours", "lo", "hi"))
    ink = INKS[row["verdict"]]
    axes.plot([_within(low), _within(high)], [y, y], color=ink, linewidth=1.6, solid_capstyle="butt")
    marker = "o" if abs(at) <= REACH else ">" if at > 0 else "<"
    axes.plot(_within(at), y, marker, color=ink, markersize=4.5)


def _apart(row, value) -> float:
    """Distance from the published number in tolerances; without a tolerance any distance is far."""
    gap = value - row["published"]
    if row["tolerance"] > 0:
        return gap / row["tolerance"]
    return 0.0 if gap == 0 else math.copysign(2 * REACH, gap)


def _within(x) -> float:
    return min(max(x, -REACH - 0.15), REACH + 0.15)


def _figures(axes, y, row) -> None:
    for at, name in zip(PLACES[:2], ("published", "ours"), strict=True):
        axes.text(at, y, _plain(row[name]), fontsize=SMALL, color=INK, va="center", ha="right")
    verdict = row["verdict"]
    axes.text(PLACES[2], y, verdict, fontsize=SMALL, color=INKS.get(verdict, GREY), va="center")


def write(rows: list[dict], title: str, run: str, stem: Path) -> None:
    """Write the figure as PNG and SVG; same rows, same bytes."""
    drawn = figure(rows, title, run)
    settle(drawn)
    for ending in (".png", ".svg"):
        save(drawn, stem.with_suffix(ending))


def _plain(value) -> str:
    """A number in few digits."""
    if not math.isfinite(value):
        return "–"
    digits = ",.0f" if abs(value) >= 1000 else ".4g" if abs(value) >= 0.01 else ".2g"
    return format(value, digits).replace("-", "−")
