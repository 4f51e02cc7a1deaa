"""Files: a figure as PNG at twice the screen, SVG, or a social card; same figure, same bytes."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np

from loopsim.charts.paper.sheet import CARD, arrange
from loopsim.limits import Refused

DPI = 200  # 7.2 inches make 1,440 pixels: twice the width of the page
FORMATS = (".png", ".svg")


def settle(figure) -> None:
    """Lay the panels out once; every later drawing is then cheap, and the same to the last digit."""
    engine = figure.get_layout_engine()
    if engine is None:
        return
    engine.execute(figure)
    figure.set_layout_engine("none")
    for axes in figure.axes:
        place = axes.get_position(original=True)
        axes._set_position([round(float(v), 5) for v in place.bounds], which="original")


def save(figure, path: Path, card: bool = False) -> None:
    """Write a figure to a file named *.png or *.svg; `card` makes 1200 x 675 pixels."""
    path = Path(path)
    if path.suffix.lower() not in FORMATS:
        raise Refused(f"out must end in {' or '.join(FORMATS)}, got {path.name}; set --out")
    data = svg(figure).encode() if path.suffix.lower() == ".svg" else png(figure, card)
    try:
        path.write_bytes(data)
    except OSError as error:
        raise Refused(f"cannot write {path}: {error.strerror or error}; set --out") from None


def png(figure, card: bool = False) -> bytes:
    """PNG of at most 256 colours; a `card` needs a figure that is not settled yet."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    if card:
        _to_card(figure)
    settle(figure)
    # Not savefig: it lays every text out twice, and would write a PNG only for it to be read again.
    figure.set_dpi(CARD[0] / figure.get_size_inches()[0] if card else DPI)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    picture = Image.fromarray(np.ascontiguousarray(np.asarray(canvas.buffer_rgba())[:, :, :3]))
    if card and picture.size != CARD:
        picture = picture.resize(CARD)
    small = io.BytesIO()
    few = picture.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(small, "png", compress_level=7)  # 9 takes three times as long for 2 % less
    return small.getvalue()


def _to_card(figure) -> None:
    """Keep the height a chart needs and widen the page to 16:9."""
    width, height = figure.get_size_inches()
    shape = CARD[0] / CARD[1]
    height = max(height, width / shape)
    figure.set_size_inches(height * shape, height)
    arrange(figure)


def svg(figure) -> str:
    """SVG with its text as outlines, so that it looks the same everywhere."""
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    settle(figure)
    held = io.StringIO()
    with matplotlib.rc_context({"svg.hashsalt": "loopsim", "svg.fonttype": "path"}):
        FigureCanvasSVG(figure).print_svg(held, metadata={"Date": None, "Creator": None})
    return held.getvalue()
