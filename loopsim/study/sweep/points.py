"""Points: what a sweep runs, every one composed, typed and checked before the first starts."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from pathlib import Path

from loopsim.limits import Refused
from loopsim.study.compose import readable, study_of
from loopsim.study.config import catalogue
from loopsim.study.config.grammar import Several, several
from loopsim.study.config.overrides import Override
from loopsim.study.config.settings import Study
from loopsim.study.run import same_start

# They say where and how a result is made, or what it is called; they change nothing in it.
ASIDE = ("out", "threads", "title", "about", "sources", "expected", "scenario")
SHOWN = 20  # faults that are told one by one


@dataclass(frozen=True, kw_only=True, eq=False)
class Point:
    """One setting of the swept keys.

    Parameters
    ----------
    key : str, hash of everything in its config that its results depend on, the seed included
    values : swept key -> plain value
    study : Study without its configs
    shares : str, the same for points whose arms start from the same city and history
    """

    key: str
    values: dict
    study: Study
    shares: str


@dataclass(kw_only=True, eq=False)
class Grid:
    """The lines of a sweep: what is fixed and what is swept.

    Parameters
    ----------
    fixed : overrides of every point
    axes : swept key -> its overrides in order
    intervals : swept key -> (low, high, whole), for a design that samples
    places : config folders
    """

    fixed: list[Override]
    axes: dict[str, list[Override]]
    intervals: dict[str, tuple[float, float, bool]]
    places: tuple[Path, ...]

    @property
    def size(self) -> int:
        """Number of points of the axes."""
        return math.prod(len(axis) for axis in self.axes.values())

    def rows(self) -> Iterator[tuple[Override, ...]]:
        """One override of every axis, the last axis turning fastest."""
        return product(*self.axes.values())


def read(lines, *, scenario: str | None = None, config_dirs=()) -> Grid:
    """The lines of a sweep in Hydra's grammar, or Refused with every fault in them."""
    places = catalogue.folders(config_dirs)
    lines = [*([f"scenario={scenario}"] if scenario else []), *map(str, lines)]
    pairs = [(line, *several(line)) for line in lines]
    swept = [found for _, found, _ in pairs if found]
    single = [line for line, found, fault in pairs if not found and not fault]
    fixed, faults = readable(single, places)
    axes = {}
    for one in (s for s in swept if s.lines):
        axes[one.key], wrong = readable(one.lines, places)
        faults += wrong
    faults += [fault for _, _, fault in pairs if fault]
    faults += _clashes(swept, fixed, faults)
    if faults:
        raise Refused(list(dict.fromkeys(faults)))
    return Grid(
        fixed=fixed, axes=axes, intervals={s.key: s.interval for s in swept if s.interval}, places=places
    )


def _clashes(swept: list[Several], fixed: list[Override], faults: list[str]) -> list[str]:
    keys = [s.key for s in swept]
    found = [f"{key} is swept twice; keep one" for key in dict.fromkeys(keys) if keys.count(key) > 1]
    found += [
        f"{o.key} is given once with one value and once with several; keep one"
        for o in fixed
        if o.key in keys
    ]
    found += [f"{key} cannot be swept: it changes no result" for key in keys if key in ("out", "threads")]
    if not keys and not faults:
        found += ["nothing is swept; give a key several values, KEY=a,b or KEY=range(START,STOP,STEP)"]
    return found


def composed(
    grid: Grid, rows: Iterable[tuple[Override, ...]], salt: str = "", tick=lambda: None
) -> list[Point]:
    """Every point checked; Refused with the distinct faults of all of them."""
    points, faults = [], {}
    with catalogue.steady():
        for row in rows:
            tick()
            try:
                study = study_of(_in_order([*grid.fixed, *row]), grid.places)
                points.append(_point(study, {o.key: o.value for o in row}, salt))
            except Refused as refused:
                faults.update(dict.fromkeys(refused.lines))
                if len(faults) > 50 * SHOWN:
                    break
    if faults:
        raise Refused(_short(list(faults)))
    _all_matter(points, set(grid.axes) | set(grid.intervals))
    return points


def base_of(grid: Grid, first: tuple[Override, ...]) -> Study:
    """The study of the first point, configs and all."""
    return study_of(_in_order([*grid.fixed, *first]), grid.places)


def _in_order(asked: list[Override]) -> list[Override]:
    """Choices first, as the values belong to what is chosen."""
    return sorted(asked, key=lambda o: not o.is_choice)


def _point(study: Study, values: dict, salt: str) -> Point:
    plain = [
        (arm, {k: v for k, v in config.items() if k not in ASIDE}, _data_of(config))
        for arm, config in study.config.items()
    ]
    text = json.dumps([salt, plain], sort_keys=True)
    shares = sorted({same_start(setup) for setup in study.setups.values()})
    return Point(
        key=hashlib.sha256(text.encode()).hexdigest()[:24],
        values=values,
        study=replace(study, config={}, shared={}, title="", about=""),
        shares=hashlib.sha256("".join(shares).encode()).hexdigest(),
    )


def _all_matter(points: list[Point], keys: set) -> None:
    """Refuse a swept key whose values make no difference to any arm."""
    if len({p.key for p in points}) == len(points):
        return
    for key in sorted(keys):
        alike: dict = {}
        for p in points:
            others = json.dumps({k: v for k, v in p.values.items() if k != key}, sort_keys=True)
            alike.setdefault(others, []).append(p)
        if all(len({p.key for p in row}) == 1 for row in alike.values()) and any(
            len(row) > 1 for row in alike.values()
        ):
            raise Refused(f"{key} is swept but no arm uses it: every arm has its own; remove it or set arms")


def _data_of(config: dict) -> str | None:
    """Checksum of the file that a city is read from."""
    file = config["city"].get("file")
    return _checksum(str(file)) if file and Path(str(file)).is_file() else None


@lru_cache(maxsize=16)
def _checksum(file: str) -> str:
    return hashlib.sha256(Path(file).read_bytes()).hexdigest()


def _short(faults: list[str]) -> list[str]:
    more = len(faults) - SHOWN
    return faults if more <= 0 else [*faults[:SHOWN], f"and {more} more like these; mend these first"]
