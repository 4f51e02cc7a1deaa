"""Charts: from the tables of a result to a figure. Nothing here simulates.

A chart is a file of this folder: its first docstring line says what it shows; `NEEDS` are the
files it reads; `reason(result)` says in a line why a result cannot show it, or None;
`draw(result)` gives a matplotlib Figure, `alt(result)` a sentence with the numbers in it,
`caption(result)` plain English with source and caveat, `table(result)` the numbers drawn.
"""

from __future__ import annotations

import ast
import importlib
from functools import lru_cache
from pathlib import Path

from loopsim.limits import Refused, nearest

_HERE = Path(__file__).parent
# The order of a story; charts that are not named here follow by name.
_STORY = ("same_crimes", "compounding", "true_vs_recorded", "who_is_stopped", "self_fulfilling")


@lru_cache(maxsize=1)
def names() -> dict[str, str]:
    """Every chart and what it shows, in the order of a report."""
    files = [p for p in _HERE.glob("*.py") if p.stem != "__init__"]
    found = {p.stem: _first_line(p) for p in files}
    order = [*(n for n in _STORY if n in found), *sorted(n for n in found if n not in _STORY)]
    return {name: found[name] for name in order}


def chart(name: str):
    """The module of a chart, or a refusal with the nearest name."""
    if name not in names():
        raise Refused(f"no chart {name}: {nearest(name, names())}")
    return importlib.import_module(f"loopsim.charts.{name}")


def reason(result, name: str) -> str | None:
    """Why a result cannot show a chart, in a line; None if it can."""
    module = chart(name)
    missing = [n for n in module.NEEDS if result.path and not (Path(result.path) / n).is_file()]
    if missing:
        return f"chart {name} needs {missing[0]}, and {result.path} has none; run the scenario again"
    if hasattr(result, "swept") != getattr(module, "SWEEP", False):
        kind = "a sweep (loopsim sweep)" if getattr(module, "SWEEP", False) else "a run (loopsim run)"
        return f"chart {name} shows {kind}, and {result.path} is not one"
    why = module.reason(result)
    return f"chart {name} {why}" if why else None


def draw(result, name: str):
    """A matplotlib Figure of one chart of a result."""
    why = reason(result, name)
    if why:
        raise Refused(why)
    return chart(name).draw(result)


def drawable(result) -> list[str]:
    """The charts that a result has the data for."""
    return [name for name in names() if reason(result, name) is None]


def draw_all(result, folder: Path) -> None:
    """Write every chart that can be drawn as PNG and SVG; same result, same bytes."""
    from loopsim.charts.paper import files

    folder.mkdir()
    for name in drawable(result):
        if getattr(chart(name), "ANIMATED", False):
            continue
        figure = chart(name).draw(result)
        files.settle(figure)
        files.save(figure, folder / f"{name}.png")
        files.save(figure, folder / f"{name}.svg")


def _first_line(path: Path) -> str:
    text = (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").split("\n")[0].rstrip(".")
    return text.partition(": ")[2] or text
