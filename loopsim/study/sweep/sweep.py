"""Sweep: many settings of a scenario, each run once, none lost."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from loopsim.limits import Refused
from loopsim.study.progress import bar_of
from loopsim.study.sweep import forecast, points
from loopsim.study.sweep.design import Design
from loopsim.study.sweep.parts import FOLDER, Parts
from loopsim.study.sweep.points import Grid, Point
from loopsim.study.sweep.pools import in_threads
from loopsim.study.sweep.precision import Precision
from loopsim.study.sweep.result import SweepResult
from loopsim.study.sweep.tables import Ending, write
from loopsim.study.sweep.workshop import Workshop

EXECUTORS = ("threads", "dask")


def to_stderr(line: str) -> None:
    """Say a line to the user."""
    print(f"loopsim: {line}", file=sys.stderr)


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """How to run a sweep; none of it changes the result of a point but `precision`.

    Parameters
    ----------
    executor : "threads" of this machine, or "dask" workers
    scheduler : address of a Dask scheduler; None starts a local cluster
    precision : Precision or None
    design : "sobol:N" or "morris:N" for keys that are given as intervals, or None
    resume : insist on an earlier sweep to go on with
    fresh : compute anew what another version of the code finished
    yes : run a design however large
    progress : show a bar on a terminal
    say : told lines for the user
    """

    executor: str = "threads"
    scheduler: str | None = None
    precision: Precision | None = None
    design: str | None = None
    resume: bool = False
    fresh: bool = False
    yes: bool = False
    progress: bool = False
    say: Callable[[str], None] = to_stderr

    def __post_init__(self):
        if self.executor not in EXECUTORS:
            raise Refused(f"--executor must be one of {', '.join(EXECUTORS)}, got {self.executor}")
        if self.scheduler and self.executor != "dask":
            raise Refused("--scheduler goes with --executor dask")


def sweep(
    overrides=(), *, scenario: str | None = None, config_dirs=(), wishes: Wishes | None = None
) -> SweepResult:
    """Run every point of a sweep that is not finished yet, and write the tables of all of them."""
    wishes, began = wishes or Wishes(), (time.perf_counter(), time.process_time())
    grid, workshop = points.read(overrides, scenario=scenario, config_dirs=config_dirs), Workshop()
    design = Design.of(wishes.design, grid)
    made = _composed(grid, design, workshop, wishes)
    study = made[0].study
    out = _folder(grid, study)
    workshop.cities(study)  # a city that cannot be built is refused before anything is written
    parts = Parts(out)
    todo = _to_do(made, parts, wishes)
    forecast.refuse_too_large(
        len(todo), study, workshop, wishes.precision, threads=study.threads, yes=wishes.yes
    )
    _run(made, todo, parts, workshop, wishes)
    groups = list(next(iter(workshop.cities(study).values())).groups)
    seconds = (time.perf_counter() - began[0], time.process_time() - began[1])
    ending = Ending(
        grid=grid, design=design, points=made, groups=groups, wishes=wishes, seconds=seconds, ran=len(todo)
    )
    result = write(out, ending, parts)
    parts.forget_old({point.key for point in made})
    return result


def _composed(grid: Grid, design: Design | None, workshop: Workshop, wishes: Wishes) -> list[Point]:
    """All points, checked; a design too large to check is refused from its first point."""
    size = grid.size * (design.size if design else 1)
    rows = (lambda: design.rows(grid)) if design else grid.rows
    salt = repr(wishes.precision) if wishes.precision else ""
    if size > forecast.MANY and not wishes.yes:
        first = points.composed(grid, islice(rows(), 1), salt)[0].study
        forecast.refuse_too_large(size, first, workshop, wishes.precision, threads=first.threads)
    bar = bar_of(size, wishes.progress and size > 1000, "point checked")
    try:
        return points.composed(grid, rows(), salt, bar.update)
    finally:
        bar.close()


def _run(made: list[Point], todo: list[Point], parts: Parts, workshop: Workshop, wishes: Wishes) -> None:
    """Run what is to do; whatever stops it, the parts that are finished stay."""
    parts.open()
    bar = bar_of(len(made), wishes.progress, "point", len(made) - len(todo))
    finished = 0
    try:
        for _ in _executed(todo, parts, workshop, wishes, made[0].study.threads):
            bar.update()
            finished += 1
    except KeyboardInterrupt:
        bar.close()
        wishes.say(f"{finished} of {len(todo)} points were finished; run it again to go on")
        raise
    finally:
        bar.close()
    parts.flush()


def _folder(grid: Grid, study) -> Path:
    """The folder of the sweep, or Refused if something else is there."""
    asked = [o.value for o in grid.fixed if o.key == "out" and o.value]
    name = "sweep" if "scenario" in grid.axes else f"{study.scenario}_sweep"
    out = Path(asked[-1] if asked else f"results/{name}").absolute()
    if out.exists() and not out.is_dir():
        raise Refused(f"out must be a folder, got the file {out}; set out")
    known = ("sensitivity.csv", FOLDER)
    if out.is_dir() and any(out.iterdir()) and not any((out / name).exists() for name in known):
        raise Refused(
            f"out must be new, empty or an earlier sweep, got {out} with other files in it; set out"
        )
    return out


def _to_do(made: list[Point], parts: Parts, wishes: Wishes) -> list[Point]:
    """The points that are not finished, neighbours sharing their start; says what is kept."""
    distinct = {point.key: point for point in made}
    done, old = parts.there(distinct)
    if wishes.resume and not done:
        raise Refused(
            f"nothing to resume in {parts.folder}: no point of this sweep is finished; leave out --resume"
        )
    if old and not wishes.fresh:
        raise Refused(
            f"{len(old)} of {len(distinct)} points in {parts.folder} were finished by another version of the code; "
            "add --fresh to compute them anew, or set out"
        )
    damaged = {key for key in done if parts.read(key) is None}
    if damaged:
        wishes.say(f"{len(damaged)} parts in {parts.folder} are damaged; they are computed anew")
    if old:
        wishes.say(f"{len(old)} points finished by another version of the code are computed anew")
    if done - damaged:
        wishes.say(f"{len(done - damaged)} of {len(distinct)} points are finished already, in {parts.folder}")
    order = {shares: i for i, shares in enumerate(dict.fromkeys(p.shares for p in made))}
    todo = [point for key, point in distinct.items() if key not in done or key in damaged]
    return sorted(todo, key=lambda point: order[point.shares])


def _executed(todo, parts, workshop, wishes: Wishes, threads) -> Iterator[str]:
    if not todo:
        return iter(())
    if wishes.executor == "threads":
        return in_threads(todo, parts, workshop, wishes.precision, threads)
    from loopsim.study.sweep.cluster import on_dask

    return on_dask(todo, parts, wishes.precision, scheduler=wishes.scheduler, threads=threads)
