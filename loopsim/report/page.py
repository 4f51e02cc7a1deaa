"""Page: one self-contained index.html; nothing in it asks the network for anything."""

from __future__ import annotations

import base64
import os
import zlib
from functools import lru_cache
from importlib import resources
from pathlib import Path
from string import Template

from loopsim.charts.paper import colour
from loopsim.charts.paper.facts import Facts
from loopsim.charts.paper.words import arm as arm_name
from loopsim.charts.paper.words import interval, run_id, short
from loopsim.limits import Refused
from loopsim.report import film, gallery, method, story, words
from loopsim.report.html import Markup, data, element, joined, text
from loopsim.study.leftovers import clear_away

SCRIPTS = ("map.js", "lines.js", "explorer.js", "page.js")
MEASURES = ("patrol_disparity",)


def write(result_folder: Path, target: Path | None = None) -> Path:
    """Write the page of a result.

    Parameters
    ----------
    result_folder : folder of a run or a sweep
    target : file to write; index.html in the folder where none is given

    Returns
    -------
    the file
    """
    from loopsim import load

    folder = Path(result_folder)
    result = load(folder)
    target = folder / "index.html" if target is None else Path(target)
    return save(html(result, folder), target)


def save(page: str, target: Path) -> Path:
    """Put a page in place whole or not at all."""
    clear_away(target)
    fresh = target.with_name(f".{target.name}.new-{os.getpid()}")
    try:
        fresh.write_text(page, "utf-8", newline="\n")
        os.replace(fresh, target)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise Refused(f"cannot write {target}: {error.strerror or error}; set --out") from None
    return target


def html(result, folder: Path) -> str:
    """The page as text."""
    parts = {
        "style": Markup(_file("style.css")),
        "script": Markup("\n".join(_file(name) for name in SCRIPTS)),
        "charts": gallery.section(result, folder),
        "csv": data("csv", _packed(folder / "summary.csv")),
        "cannot": element("ul", *(element("li", line) for line in words.CANNOT)),
        "interval": interval(result),
        "run": run_id(result),
    }
    parts |= _of_sweep(result) if hasattr(result, "swept") else _of_run(result)
    return Template(_file("page.html")).substitute({name: text(part) for name, part in parts.items()})


def _of_run(result) -> dict:
    """The parts of the page of one run."""
    maps = result.maps() if result.path and (Path(result.path) / "maps.nc").is_file() else {}
    facts = Facts.of(result)
    filmed = film.film(maps, _first(facts.arm, result.arms)) if maps else {}
    missing = element("p", "This result has no film of its maps (maps.nc): the explorer needs one.")
    explorer = _explorer(filmed, result) if filmed else missing
    return {
        "title": short(result.manifest.get("title") or result.manifest["scenario"], 140),
        "headline": words.headline(result),
        "beneath": joined(element("p", line) for line in words.beneath(result)),
        "about": joined(element("p", line) for line in _about(result)),
        "story": story.section(result, maps) if filmed else missing,
        "explorer": explorer,
        "film": joined([data("film", _playable(result, facts, maps, filmed))]) if filmed else Markup(""),
        "method": method.section(result),
        "register": _register(result),
    }


def _of_sweep(result) -> dict:
    """The parts of the page of a sweep: it has many cities, so there is no one map to show."""
    swept = ", ".join(f"{key} ({len(values)} values)" for key, values in result.swept.items())
    points = len(result.manifest.get("points", []))
    none = element("p", "A sweep has many cities: run one of its points to see its maps.")
    return {
        "title": f"Sweep of {swept}",
        "headline": f"{points} simulated studies over {swept}.",
        "beneath": element("p", "Each is a run of its own; the charts below put them side by side."),
        "about": Markup(""), "story": none, "explorer": none, "film": Markup(""),
        "method": method.section(result), "register": Markup(""),
    }  # fmt: skip


def _explorer(filmed, result) -> Markup:
    """Where the explorer goes, and which arms it leaves out to keep the page small."""
    place, held, most = (
        element("p", "Loading the maps …", id="explorer-root"),
        len(filmed["arms"]),
        len(result.arms),
    )
    left = f"To keep this page small the film holds {held} of {most} arms; the charts show more."
    return joined([place, *([element("p", left, class_="fine")] if held < most else [])])


def _first(arm: str, arms: list[str]) -> list[str]:
    """The arms with the one that the page opens with in front."""
    return [arm, *(a for a in arms if a != arm)]


def _about(result) -> list[str]:
    lines = [result.config.get("about") or ""]
    if result.config.get("expected"):
        lines.append(f"Expected, written down before running: {result.config['expected']}")
    return [line for line in lines if line]


def _playable(result, facts, maps, filmed) -> dict:
    """Everything the explorer needs, as plain data."""
    group = (facts.pair or facts.groups[0]).split("/")[0]
    share = film.people(maps, group, filmed["rows"], filmed["cols"])
    percent = (share * 100).round()
    percent[share != share] = 255
    lines = {
        pair: {arm: facts.series(arm, "patrol_disparity", pair).tolist() for arm in filmed["arms"]}
        for pair in facts.pairs
    }
    clean = {
        pair: {arm: [[v if v == v else None for v in row] for row in rows] for arm, rows in arms.items()}
        for pair, arms in lines.items()
    }
    names = {arm: arm_name(arm, 48) for arm in filmed["arms"]}
    return {
        **filmed, "people": film.pack(percent.astype("uint8").reshape(1, -1)), "group": short(group, 40),
        "shares": colour.shares(colour.of_group(group, facts.groups)),
        "names": names, "lines": clean, "pair": facts.pair, "days": int(result.manifest["days"]),
    }  # fmt: skip


def _packed(path: Path) -> dict:
    """A file of the folder for the download button."""
    held = path.read_bytes() if path.is_file() else b""
    return {"name": path.name, "deflated": base64.b64encode(zlib.compress(held, 9)).decode()}


def _register(result) -> Markup:
    """What is publicly known of the system that was simulated, where the register has it."""
    from loopsim.study import register

    entry = register.of_config(result.config)
    if not entry:
        return Markup("")
    heading = element("h2", "The system simulated", id="h-register")
    return element("section", heading, _entry(entry), aria_labelledby="h-register", id="register")


def _entry(value) -> Markup | str:
    """Plain data as a list of terms, empty ones left out; addresses are shown, not linked."""
    if isinstance(value, dict):
        told = {k: v for k, v in value.items() if v not in (None, "", [], {})}
        rows = [
            joined([element("dt", str(k).replace("_", " ")), element("dd", _entry(v))])
            for k, v in told.items()
        ]
        return element("dl", *rows)
    if isinstance(value, list | tuple):
        return element("ul", *(element("li", _entry(v)) for v in value))
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


@lru_cache(maxsize=8)
def _file(name: str) -> str:
    return resources.files("loopsim.report").joinpath("template", name).read_text("utf-8")
