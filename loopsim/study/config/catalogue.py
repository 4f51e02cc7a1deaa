"""Catalogue: what can be chosen, read from the file names of the config folders.

Nothing is registered: an option is a YAML file in a room's folder, and its one-line
description is the file's first comment. A package that adds stages (entry points
`<room>.<name>` of the group `loopsim.stages`) keeps its YAML in `<package>/configs/`.
"""

from __future__ import annotations

import importlib.util
import re
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from loopsim.limits import Refused, nearest
from loopsim.study.config import guard
from loopsim.study.config.schema import STAGES, plugins

ROOMS = ("scenario", "arm", *STAGES)
_STEADY: list[dict] = []
_HERE = Path(__file__).resolve().parents[2]


def shipped() -> Path:
    """The configs of this package: inside the wheel, else beside the checkout's package."""
    inside = _HERE / "_configs"
    return inside if inside.is_dir() else _HERE.parent / "configs"


def folders(config_dirs=()) -> tuple[Path, ...]:
    """Every folder with configs: loopsim's, those of installed packages, the user's own."""
    return (shipped(), *_of_packages(), *guard.checked(config_dirs, shipped()))


def options(room: str, places: tuple[Path, ...]) -> dict[str, Path]:
    """Name -> file of every option of a room."""
    if _STEADY and (room, places) in _STEADY[-1]:
        return _STEADY[-1][room, places]
    found = {}
    for place in places:
        for path in sorted((place / room).glob("*.yaml")):
            if room not in STAGES or re.search(r"^name:", path.read_text("utf-8"), re.MULTILINE):
                found.setdefault(path.stem, path)
    found = dict(sorted(found.items()))
    if _STEADY:
        _STEADY[-1][room, places] = found
    return found


@contextmanager
def steady():
    """While this lasts, the folders are taken not to change and are read once."""
    _STEADY.append({})
    try:
        yield
    finally:
        _STEADY.pop()


def option(room: str, name, places: tuple[Path, ...]) -> Path:
    """The file of one option, or a refusal with the nearest name."""
    known = options(room, places)
    if name not in known:
        raise Refused(f"no {room} {name}: {nearest(name, known)}")
    return known[name]


def rooms(places: tuple[Path, ...]) -> list[str]:
    """Every room that has options, the measures and the charts."""
    return [room for room in ROOMS if options(room, places)] + ["measure", "chart"]


def room_named(name: str, places: tuple[Path, ...]) -> str:
    """The room called `name`, or a refusal with the nearest; plurals are understood."""
    known = rooms(places)
    single = {f"{room}s": room for room in known}
    if single.get(name, name) not in known:
        raise Refused(f"no list of {name}: {nearest(name, known)}")
    return single.get(name, name)


def described(room: str, places: tuple[Path, ...]) -> dict[str, str]:
    """Name -> one line, for every option of a room, every measure or chart."""
    if room == "measure":
        from loopsim.measures.glossary import MEASURES

        return {name: f"{text} [{unit}]" if unit else text for name, (text, unit) in MEASURES.items()}
    if room == "chart":
        from loopsim import charts

        return charts.names()
    texts = {name: path.read_text("utf-8") for name, path in options(room, places).items()}
    return {name: one_line(text) or own_words(text) for name, text in texts.items()}


def own_words(text: str) -> str:
    """The title of a scenario that has no comment, or the first sentence of what it is about."""
    import yaml

    content = yaml.safe_load(text)
    title, about = (
        (str(content.get(k) or "") for k in ("title", "about")) if isinstance(content, dict) else ("", "")
    )
    return title or about.partition(". ")[0] + "." * (". " in about)


def one_line(text: str) -> str:
    """The first comment of a YAML file that is not an `@package` line."""
    for line in text.splitlines():
        if line.startswith("#") and not line.lstrip("# ").startswith("@"):
            return line.lstrip("# ").strip()
    return ""


@lru_cache(maxsize=256)
def flat_mappings(scenario: Path) -> list[tuple[str, str, dict]]:
    """(section, field, mapping) of every mapping of plain values that a scenario file sets."""
    import yaml

    content = yaml.safe_load(scenario.read_text("utf-8")) or {}
    fields = [(s, f, v) for s, d in content.items() if isinstance(d, dict) for f, v in d.items()]
    return [
        (s, f, v)
        for s, f, v in fields
        if isinstance(v, dict) and not any(isinstance(x, dict) for x in v.values())
    ]


def having(room: str, key: str, places: tuple[Path, ...]) -> list[str]:
    """The options of a room that have a key: the hint for a key of another option."""
    found = options(room, places).items()
    return [name for name, path in found if re.search(rf"^{re.escape(key)}:", path.read_text("utf-8"), re.M)]


@lru_cache(maxsize=1)
def _of_packages() -> tuple[Path, ...]:
    names = sorted({point.value.split(":")[0].split(".")[0] for point in plugins()})
    specs = [importlib.util.find_spec(name) for name in names]
    places = [Path(p) / "configs" for spec in specs if spec for p in spec.submodule_search_locations or ()]
    return tuple(place for place in places if place.is_dir())
