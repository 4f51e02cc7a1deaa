"""Gallery: every chart of a result with its alternative text, caption and table."""

from __future__ import annotations

from pathlib import Path

from loopsim import charts
from loopsim.charts.paper import files
from loopsim.report.html import Markup, element, joined, picture, table

BUDGET = 900_000  # bytes of pictures in the page; further charts are told in words and tables


def names(result) -> list[str]:
    """The charts that stand still and that the result has the data for."""
    return [n for n in charts.drawable(result) if not getattr(charts.chart(n), "ANIMATED", False)]


def section(result, folder: Path) -> Markup:
    """A figure a chart, from the folder's own PNG where it is there."""
    shown, left = [], BUDGET
    for name in names(result):
        held = folder / "figures" / f"{name}.png"
        data = held.read_bytes() if held.is_file() else files.png(charts.chart(name).draw(result))
        fits = len(data) * 4 / 3 <= left
        left -= len(data) * 4 // 3 if fits else 0
        shown.append(_figure(result, name, data if fits else None))
    return (
        joined(shown) if shown else element("p", "This result has no table that a chart can be drawn from.")
    )


def _height(data: bytes) -> int:
    """Of a PNG shown 720 wide: told to the browser, so that nothing jumps when it is loaded."""
    width, height = (int.from_bytes(data[i : i + 4], "big") for i in (16, 20))
    return round(720 * height / width)


def _figure(result, name: str, data: bytes | None) -> Markup:
    module = charts.chart(name)
    title = charts.names()[name]
    alt = module.alt(result)
    columns, rows = module.table(result)
    image = (
        element("div", picture(data, alt, loading="lazy", width="720", height=_height(data)), class_="wide", tabindex="0", role="group",
                aria_label=f"Chart: {title}")
        if data
        else element("p", alt)
    )  # fmt: skip
    numbers = element(
        "details",
        element("summary", f"Numbers of this chart: {name.replace('_', ' ')}"),
        table(columns, rows, f"{title[0].upper()}{title[1:]}"),
    )
    return element(
        "figure", image, element("figcaption", module.caption(result)), numbers, id=f"chart-{name}"
    )
