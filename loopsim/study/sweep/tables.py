"""Sweep tables: the parts of a sweep joined in the order of its points."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from loopsim.limits import Refused
from loopsim.study import manifest as manifests
from loopsim.study.config.overrides import Override
from loopsim.study.result import METRICS, SUMMARY, plain
from loopsim.study.store import cell, line_of, sync_folder
from loopsim.study.sweep.design import Design
from loopsim.study.sweep.parts import Parts
from loopsim.study.sweep.points import ASIDE, Grid, Point, base_of
from loopsim.study.sweep.result import SweepResult
from loopsim.study.sweep.sensitivity import COLUMNS, indices

SENSITIVITY = "sensitivity.csv"
TABLES = ("summary.csv", "metrics.csv")


@dataclass(frozen=True, kw_only=True)
class Ending:
    """What is known when all points are finished.

    Parameters
    ----------
    grid : Grid, what was asked
    design : Design of the intervals, or None
    points : in order
    groups : names of the groups; the first is the reference
    wishes : Wishes
    seconds : (wall, CPU)
    ran : int, points run this time
    """

    grid: Grid
    design: Design | None
    points: list[Point]
    groups: list[str]
    wishes: object
    seconds: tuple[float, float]
    ran: int


def write(out: Path, ending: Ending, parts: Parts) -> SweepResult:
    """Tables, config and manifest; the manifest goes first and comes last, so none stands for another."""
    try:
        (out / "manifest.json").unlink(missing_ok=True)
        told = _join(out, ending, parts)
        tables = [*TABLES, *_sensitivity(out, ending, parts)]
        config = _config(ending)
        _text(out / "config.yaml", _yaml(config))
        manifest = _manifest(ending, told, config)
        manifest["files"] = {name: manifests.checksum(out / name) for name in (*tables, "config.yaml")}
        _text(out / "manifest.json", json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
        sync_folder(out)
    except OSError as error:
        raise Refused(
            f"cannot write results to {out}: {error.strerror or error}; make room and run it again, "
            "finished points are kept"
        ) from None
    return SweepResult(manifest=manifest, config=config, path=out)


def shown(value) -> str | float | int:
    """A swept value as it stands in a table."""
    if isinstance(value, bool) or value is None or isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return value


def _join(out: Path, ending: Ending, parts: Parts) -> list[dict]:
    """Write both tables; returns what the manifest says of each point."""
    keys = tuple(ending.points[0].values)
    told, fresh = [], [out / f".{name}.tmp" for name in TABLES]
    with (
        open(fresh[0], "w", encoding="utf-8", newline="") as summary,
        open(fresh[1], "w", encoding="utf-8", newline="") as metrics,
    ):
        summary.write(line_of((*keys, *SUMMARY)))
        metrics.write(line_of((*keys, *METRICS)))
        for point in ending.points:
            part = parts.read(point.key)
            if part is None:
                raise Refused(f"{parts.folder} lost the part {parts.id(point.key)}; run the sweep again")
            before = ",".join(cell(shown(v)) for v in point.values.values()) + ","
            summary.write(_led(part.summary, before))
            metrics.write(_led(part.metrics, before))
            about = {"id": parts.id(point.key), "values": plain(point.values), "replicates": part.replicates}
            told.append(
                about | ({} if part.width is None else {"width": part.width}) | {"verdict": part.verdict}
            )
            told[-1] |= {"notes": part.notes} if part.notes else {}
        for file in (summary, metrics):
            file.flush()
            os.fsync(file.fileno())
    for path, name in zip(fresh, TABLES, strict=True):
        os.replace(path, out / name)
    return told


def _led(lines: str, before: str) -> str:
    return before + lines[:-1].replace("\n", "\n" + before) + "\n" if lines else ""


def _sensitivity(out: Path, ending: Ending, parts: Parts) -> list[str]:
    """Write the indices of a designed sweep; an earlier sweep's are taken away."""
    (out / SENSITIVITY).unlink(missing_ok=True)
    if ending.design is None:
        return []
    listed = list(ending.grid.axes)
    rows = indices(ending.design, ending.points, parts, listed)
    text = "".join(line_of(tuple(map(shown, row))) for row in ((*listed, *COLUMNS), *rows))
    _text(out / SENSITIVITY, text)
    return [SENSITIVITY]


def _config(ending: Ending) -> dict:
    """The config of the first point: what all points share, and where the swept keys begin."""
    first = tuple(Override(k, v) for k, v in ending.points[0].values.items())
    study = base_of(ending.grid, first)
    config = plain({k: v for k, v in study.shared.items() if k not in ("out", "threads")})
    return config | {"arms": [{arm: list(lines)} for arm, lines in study.arms.items()]}


def _manifest(ending: Ending, told: list[dict], config: dict) -> dict:
    study, wishes = ending.points[0].study, ending.wishes
    run = next(iter(study.setups.values())).run
    swept = {key: [plain(o.value) for o in axis] for key, axis in ending.grid.axes.items()}
    swept |= {key: sorted({p.values[key] for p in ending.points}) for key in ending.grid.intervals}
    more = {"precision": vars(wishes.precision)} if wishes.precision else {}
    more |= {"design": wishes.design} if wishes.design else {}
    return manifests.build(
        {
            "kind": "sweep",
            "scenario": study.scenario,
            "title": config["title"],
            "seed": run.seed,
            "days": run.days,
            "replicates": run.replicates,
            "arms": {arm: list(lines) for arm, lines in study.arms.items()},
            "groups": ending.groups,
            "swept": swept,
            **more,
            "config_hash": manifests.fingerprint({k: v for k, v in config.items() if k not in ASIDE}),
            "executor": wishes.executor,
            "points_run": ending.ran,
            "wall_seconds": round(ending.seconds[0], 3),
            "cpu_seconds": round(ending.seconds[1], 3),
            "points": told,
        }
    )


def _yaml(config: dict) -> str:
    import yaml

    return yaml.safe_dump(config, sort_keys=False, allow_unicode=True, width=100)


def _text(path: Path, text: str) -> None:
    fresh = path.with_name(f".{path.name}.tmp")
    with open(fresh, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)
