"""Charts: from the tables of a result to a figure. Nothing here simulates."""

from __future__ import annotations

import importlib
from pathlib import Path

from loopsim.limits import Refused, nearest

CHARTS = {
    "same_crimes": "who lives where, true offences, records and patrol, side by side",
    "compounding": "disparity of patrol over time, by arm, with intervals",
    "true_vs_recorded": "true and recorded offences per 1,000, by group and channel",
    "lock_in": "where patrols go, concentration and persistence of the patrolled cells",
}


def draw(result, name: str):
    """A matplotlib Figure of one chart of a result."""
    if name not in CHARTS:
        raise Refused(f"no chart {name}: {nearest(name, CHARTS)}")
    return importlib.import_module(f"loopsim.charts.{name}").figure(result)


def draw_all(result, folder: Path) -> None:
    """Write every chart as PNG and SVG; same result, same bytes."""
    import matplotlib

    folder.mkdir()
    with matplotlib.rc_context({"svg.hashsalt": "loopsim", "svg.fonttype": "path"}):
        for name in CHARTS:
            figure = draw(result, name)
            figure.savefig(folder / f"{name}.png", dpi=200, metadata={"Software": None})
            figure.savefig(folder / f"{name}.svg", metadata={"Date": None, "Creator": None})
