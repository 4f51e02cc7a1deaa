"""Sheet: the page a chart is drawn on: title, what is shown, footer with caveat and run."""

from __future__ import annotations

import math
import textwrap
from functools import lru_cache

from loopsim.charts.paper import words
from loopsim.charts.paper.colour import GREY, INK, RULE

WIDTH = 7.2  # inches: A4 with margins, so 9 points stay 9 points in print
CARD = (1200, 675)  # pixels of a social card
TITLE, SUBTITLE, LABEL, SMALL = 13.0, 10.0, 9.5, 9.0  # points; nothing is smaller
_LINE = 1.3  # line height
_NARROW = 0.47  # ems: no text is narrower on average


def sheet(result, title: str, subtitle: str, height: float = 4.05, below: str = "", bands: bool = True):
    """An empty figure with its words; `arrange` puts them in place again after a resize.

    Parameters
    ----------
    result : Result
    title, subtitle : what it says, and what is drawn in which unit
    height : inches
    below : label of an axis that all panels share
    bands : whether anything drawn has an interval
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, height), layout="constrained", facecolor="white")
    interval = f" {words.interval(result)}." if bands else ""
    footer = f"{words.caveat(result)}{interval} Run: {words.run_id(result)}."
    for text, size, colour, weight in (
        (title, TITLE, INK, "bold"),
        (subtitle, SUBTITLE, GREY, "normal"),
        (footer, SMALL, GREY, "normal"),
        (below, SMALL, INK, "normal"),
    ):
        drawn = figure.text(
            0, 0, text, fontsize=size, color=colour, weight=weight, va="top", linespacing=_LINE
        )
        drawn.set_in_layout(False)
        drawn.whole = text
    arrange(figure)
    return figure


def arrange(figure) -> None:
    """Wrap and place the texts and the key, and leave the rest of the page to the panels."""
    width, height = figure.get_size_inches()
    title, subtitle, footer, below = figure.texts[:4]
    at = height - 0.10
    for text in (title, subtitle):
        at -= _set(text, at, width, height) + 0.05
    for key in figure.legends:
        key.set_bbox_to_anchor((0.08 / width, (at + 0.02) / height), transform=figure.transFigure)
        at -= 0.05 + 0.21 * -(-len(key.get_texts()) // key._ncols)
    low = _lines(footer, width) * SMALL * _LINE / 72 + 0.06
    _set(footer, low, width, height)
    low += 0.06
    if below.whole:
        low += 0.20
        below.set(position=(0.5, low / height), horizontalalignment="center", text=below.whole)
    figure.get_layout_engine().set(
        rect=(0.01, low / height, 0.98, (at - low) / height), w_pad=0.06, h_pad=0.05, hspace=0.04, wspace=0.03
    )


def key(figure, handles, columns: int = 3) -> None:
    """What the colours or marks mean, in one line below the subtitle."""
    made = figure.legend(
        handles=handles, loc="upper left", ncols=columns, fontsize=SMALL, frameon=False, handlelength=1.0,
        handleheight=1.0, columnspacing=1.4, borderpad=0.1, borderaxespad=0.1, handletextpad=0.5,
    )  # fmt: skip
    made.set_in_layout(False)
    arrange(figure)


def _set(text, top, width, height) -> float:
    """Place a text at `top` inches; returns how tall it is."""
    lines = _lines(text, width)
    text.set_position((0.1 / width, top / height))
    return lines * text.get_fontsize() * _LINE / 72


def _lines(text, width) -> int:
    """Wrap a text to the page by the true width of its letters; returns the number of lines."""
    size, bold = text.get_fontsize(), text.get_weight() == "bold"
    room = int((width - 0.2) * 72 / (size * _NARROW))
    wrapped = [text.whole]
    while room > 8:
        wrapped = textwrap.wrap(text.whole, room) or [""]
        if max(_wide(line, size, bold) for line in wrapped) <= (width - 0.25) * 72:
            break
        room -= 2
    text.set_text("\n".join(wrapped))
    return len(wrapped)


@lru_cache(maxsize=512)
def _wide(line: str, size: float, bold: bool) -> float:
    """Width of a line in points."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    face = FontProperties(size=size, weight="bold" if bold else "normal")
    return text_to_path.get_text_width_height_descent(line, face, ismath=False)[0]


def bare(axes, grid: str = "y") -> None:
    """No box, a light grid, no tick marks."""
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom" if grid == "y" else "left"].set_visible(True)
    axes.spines[["bottom", "left"]].set_color(GREY)
    axes.grid(axis=grid, color=RULE, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=SMALL, length=0, colors=INK)


def whole_numbers(axis, top: float) -> None:
    """Log axis of counts with ticks 1, 10, 100 ... written out."""
    from matplotlib.ticker import NullLocator

    ticks = [10**i for i in range(7) if 10**i <= top * 1.01]
    ticks = ticks[::2] if len(ticks) > 4 else ticks
    axis.set_minor_locator(NullLocator())
    axis.set_ticks(ticks, [f"{t:,}" for t in ticks])


RATIOS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.4, 2, 3, 5, 7, 10, 20, 50, 100, 200, 500)


def plain_ratios(axis, lo: float, hi: float, most: int = 6) -> None:
    """Ticks such as 0.5, 1, 2 that lie between lo and hi, on a log axis."""
    from matplotlib.ticker import NullLocator

    ticks = [t for t in RATIOS if lo <= t <= hi]
    if len(ticks) > most:
        ticks = [t for t in ticks if t in (0.01, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 500)]
    if len(ticks) > most:
        ticks = [t for t in ticks if t in (0.01, 0.1, 1, 10, 100)]
    axis.set_minor_locator(NullLocator())
    axis.set_ticks(ticks or [1], [f"{t:g}×" for t in ticks or [1]])


def spread(values: list[float], least: float, within=(-math.inf, math.inf)) -> list[float]:
    """Places for labels near `values`, at least `least` apart, in the same order, `within` two limits."""
    order = sorted(range(len(values)), key=lambda i: values[i])
    placed = [min(max(values[i], within[0]), within[1]) for i in order]
    for _ in range(50):
        for i in range(1, len(placed)):
            short = least - (placed[i] - placed[i - 1])
            if short > 1e-9:
                placed[i - 1] -= short / 2
                placed[i] += short / 2
    last = len(placed) - 1
    placed = [min(place, within[1] - least * (last - i)) for i, place in enumerate(placed)]
    placed = [max(place, within[0] + least * i) for i, place in enumerate(placed)]
    return [placed[order.index(i)] for i in range(len(values))]
