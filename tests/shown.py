"""Small real results to draw: made once in a session, by what they hold."""

from __future__ import annotations

import json
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace

SMALL = (
    "city.rows=16", "city.cols=16", "city.residents=3000", "days=84", "history_days=56", "measure_days=28",
    "prediction.window_days=56", "allocation.k=6", "allocation.budget=40", "world.stop_rate=0.5",
)  # fmt: skip
NONE = float("nan")
BAN = "{ban: ['remedy=ban', 'remedy.from_day=42']}"
REPORTS = "{reports: ['remedy=reports_only']}"


@lru_cache(maxsize=1)
def _room() -> Path:
    held = tempfile.TemporaryDirectory(prefix="loopsim-shown-")
    _room.held = held  # removed when Python ends
    return Path(held.name)


@lru_cache(maxsize=16)
def folder(*lines: str, name: str = "run") -> Path:
    """The folder of a small run with further overrides; do not write to it."""
    from loopsim.study import run as runner
    from loopsim.study.compose import compose

    out = _room() / f"{name}-{abs(hash(lines))}"
    runner.run(compose([*SMALL, "replicates=3", f"out={out}", *lines]))
    return out


def default() -> Path:
    """The four usual arms."""
    return folder()


def systems() -> Path:
    """A loop, a ban, a remedy and no model."""
    return folder(f"arms=[loop, {BAN}, {REPORTS}, no_model]", name="systems")


def answered() -> Path:
    """Arms named as those of experiments, with invented answers of every kind beside real tables."""
    from loopsim.measures.glossary import MEASURES
    from loopsim.study.answers import answers
    from loopsim.study.result import Result

    ban = "{ban_day_42: ['remedy=ban', 'remedy.from_day=42']}"
    path = folder(f"arms=[loop, {ban}]", "world.stop_rate=0.5", name="answered")
    channels = ("report", "discovery", "search", "stop", "intelligence", "sum")
    rows = [
        ("loop", d, "channel_contribution", c, i - 2.0 + d / 84, i - 2.5, i, 3)
        for i, c in enumerate(channels)
        for d in (0, 84)
    ]
    rows += [("ban_day_42", 84, "found_against_loop", "all", -0.5, -1.0, 0.25, 3)]
    assert not {row[2] for row in rows} & set(MEASURES)
    answers.write(Result.load(path), rows)
    return path


def a_swept_answer(name: str):
    """An invented sweep with what an experiment adds: amplification by year, the share of records of patrol, or cities."""
    if name == "apart":
        return _of_cities()
    swept = {"bias.level": [1.0, 2.0, 4.0]}
    if name == "regime_map":
        swept = {"world.stop_rate": [0.1, 0.4], "allocation.gamma": [0.5, 1.0, 2.0]}
    result = a_sweep(swept, lambda at: at.get("allocation.gamma", 1.0) - 1.0)
    told = {"arm": "loop", "lo": 0.1, "hi": 3.0, "replicates": 4}
    for point in result.manifest["points"]:
        at = point["values"]
        share = at.get("world.stop_rate", 0.0) + 0.3
        row = {**at, **told, "day": 84, "measure": "patrol_generated_share", "group": "all", "mean": share}
        grown = [
            {
                **at,
                **told,
                "day": 365 * y,
                "measure": "amplification",
                "group": "orange/blue",
                "mean": 0.5 * y,
            }
            for y in (1, 2)
        ]
        result.rows += [row] if name == "regime_map" else grown
    return result


def _of_cities():
    """An invented sweep over cities, with what they have in common."""
    result = a_sweep({"city.seed": [1, 2, 3]})
    for arm, x in (("apart_10", 0.1), ("apart_90", 0.9), ("shuffled", 0.64)):
        told = {"city.seed": None, "arm": arm, "group": "orange/blue", "replicates": 3}
        for day, measure, mean in (
            (0, "dissimilarity", x),
            (0, "patrol_disparity", x),
            (84, "patrol_disparity", 2 * x),
        ):
            result.rows.append(
                {**told, "day": day, "measure": measure, "mean": mean, "lo": mean - 0.1, "hi": mean + 0.2}
            )
    return result


def altered(source: Path, target: Path, change) -> Path:
    """A copy of a result whose manifest `change` has had its way with."""
    shutil.copytree(source, target)
    manifest = json.loads((target / "manifest.json").read_text("utf-8"))
    change(manifest)
    (target / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return target


def a_sweep(swept: dict, growth=lambda at: 0.5):
    """An invented sweep: disparity follows the bias, growth is what the caller says."""
    import itertools
    import math

    rows, points = [], []
    for values in itertools.product(*swept.values()):
        at = dict(zip(swept, values, strict=True))
        for arm, scale in {"loop": 1.5, "frozen": 1.0, "theory": 1.2}.items():
            level = scale * math.log(at.get("bias.level", 2.0))
            found = {"patrol_disparity": level, "compounding": growth(at) if arm == "loop" else 0.0}
            spread = float("nan") if arm == "theory" else 0.1
            for measure, mean in found.items():
                row = {"arm": arm, "day": 84, "measure": measure, "group": "orange/blue", "mean": mean}
                rows.append({**at, **row, "lo": mean - spread, "hi": mean + spread, "replicates": 4})
        regime = "compounds" if growth(at) > 0.1 else "fades" if growth(at) < -0.1 else "locks in"
        points.append({"id": "p", "values": at, "verdict": {"loop": {"orange/blue": {"regime": regime}}}})
    manifest = {"kind": "sweep", "seed": 1, "replicates": 4, "points": points}
    return SimpleNamespace(swept=swept, rows=rows, manifest=manifest, config={}, path=None)
