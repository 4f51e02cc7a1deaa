"""Bars: lying bars by group with their value written at the end, and dots with intervals."""

from __future__ import annotations

import math

from loopsim.charts.paper import colour, words
from loopsim.charts.paper.colour import INK
from loopsim.charts.paper.sheet import SMALL, bare, key

THICK = 0.82  # of the room of a row


def grouped(axes, rows, labels, colours, digits: int | None = None) -> None:
    """A block of bars a row, a bar a group; value and interval written once, at the end.

    Parameters
    ----------
    rows : list of lists of Figure or None, a list a label, an entry a group
    """
    top = max((_end(f) for row in rows for f in row), default=0.0) or 1.0
    step = THICK / max(len(colours), 1)
    for i, row in enumerate(rows):
        for g, (found, ink) in enumerate(zip(row, colours, strict=True)):
            at = i + (g - (len(row) - 1) / 2) * step
            if found is None or not math.isfinite(found.mean):
                axes.text(0, at, " not defined", fontsize=SMALL, va="center", color=INK)
                continue
            axes.barh(at, found.mean, height=step * 0.9, color=ink, linewidth=0)
            whisker(axes, found, at)
            axes.text(
                _end(found) + top * 0.02, at, words.number(found.mean, digits), fontsize=SMALL, va="center"
            )
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.45, -0.55)
    axes.set_xlim(0, top * 1.22)
    axes.locator_params(axis="x", nbins=4)
    end_ticks(axes, top)
    bare(axes, "x")


def whisker(axes, found, at: float) -> None:
    """The interval of a bar or dot; nothing where there is none."""
    if math.isfinite(found.lo) and math.isfinite(found.hi):
        axes.plot([found.lo, found.hi], [at, at], color=INK, linewidth=1.1, solid_capstyle="butt")


def _end(found) -> float:
    if found is None or not math.isfinite(found.mean):
        return 0.0
    return max(found.mean, found.hi if math.isfinite(found.hi) else found.mean)


def groups_key(figure, groups, extra=(), shown=None) -> None:
    """Group names in their colours, in one line below the subtitle."""
    from matplotlib.patches import Patch

    most = 26 if len(groups) < 4 else 18
    handles = [Patch(color=colour.of_group(g, groups), label=words.short(g, most)) for g in shown or groups]
    handles += extra
    key(figure, handles, columns=len(handles) if sum(len(h.get_label()) + 5 for h in handles) < 90 else 3)


def end_ticks(axes, top: float) -> None:
    """No tick beyond the data: the room at the right is for the numbers."""
    axes.set_xticks([t for t in axes.get_xticks() if 0 <= t <= top * 1.05])
