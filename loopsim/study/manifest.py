"""Manifest: where a result came from, so that it can be made again."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
import re
import subprocess
import sys
from pathlib import Path

import numpy as np

from loopsim.limits import Refused
from loopsim.measures.spatial import correlation, dissimilarity, moran

FORMAT = 2  # of the result folder
CAVEAT = (
    "A simulated city in which offending is equal by construction: it measures no real police force "
    "and shows what a feedback loop does if offending is equal and recording works as set."
)


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that make the numbers."""
    found = {"python": platform.python_version()}
    for name in ("loopsim", "numpy", "scipy", "numba", "mesa", "hydra-core"):
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = None
    return found


def git_commit() -> str | None:
    """The commit of the checkout this package runs from; None where it is not a checkout."""
    root = Path(__file__).resolve().parents[2]
    if not (root / ".git").exists():
        return None
    try:
        command = ["git", "-C", str(root), "rev-parse", "HEAD"]
        return subprocess.run(command, capture_output=True, text=True, timeout=5, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return None


def fingerprint(config: dict) -> str:
    """sha256 of a config, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(config, sort_keys=True, default=str).encode()).hexdigest()


def checksum(path: Path) -> str:
    """sha256 of a file."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def about_city(city) -> dict:
    """What a city is like: how many people, how separated, how patchy."""
    here, deprivation = city.residents.sum(axis=1), city.grid.layers.get("deprivation")
    told = {
        "source": {k: str(v) for k, v in city.source.items()},
        "residents": {name: int(p) for name, p in zip(city.groups, city.people, strict=True)},
        "rows": city.grid.rows,
        "cols": city.grid.cols,
        "cell_m": float(city.grid.cell_m),
    }
    for g, name in enumerate(city.groups[1:], start=1):
        other = city.residents[:, g]
        figures = {
            "dissimilarity": dissimilarity(other, city.residents[:, 0]),
            "moran": moran(city.share[:, g], city.grid.rows, city.grid.cols),
        }
        if deprivation is not None:
            figures["deprivation_correlation"] = correlation(city.share[:, g], deprivation, here)
        told[f"{name}/{city.groups[0]}"] = {
            k: float(f"{v:.6g}") if np.isfinite(v) else None for k, v in figures.items()
        }
    return told


def by_day(notes) -> list[str]:
    """Notes of the stages that differ only in the day they were made on become one, with its days."""
    days: dict[str, list[int]] = {}
    for note in notes:
        dated = re.fullmatch(r"(.*) \(day (-?\d+)\)", note)
        days.setdefault(dated[1] if dated else note, []).extend([int(dated[2])] if dated else [])
    return [what + _on_days(sorted(set(seen))) for what, seen in sorted(days.items())]


def _on_days(days: list[int]) -> str:
    if len(days) > 4:
        return f" ({len(days)} days, {days[0]} to {days[-1]})"
    named = ", ".join(map(str, days))
    return f" ({'days' if len(days) > 1 else 'day'} {named})" if days else ""


def check(manifest: dict, path) -> None:
    """Refuse a result that this version cannot read."""
    if manifest.get("format") != FORMAT:
        raise Refused(
            f"{path} was written by another version of loopsim (format {manifest.get('format')}, this one reads "
            f"{FORMAT}); run the scenario again"
        )
    missing = [key for key in ("arms", "city", "verdict", "replicates", "days") if key not in manifest]
    if missing:
        raise Refused(f"{path}: manifest.json has no {missing[0]}; run the scenario again")


def build(result_of: dict) -> dict:
    """The manifest of a fresh result; `files` is filled in when it is written."""
    return {
        "format": FORMAT,
        "caveat": CAVEAT,
        "versions": versions(),
        "git_commit": git_commit(),
        "command": [Path(sys.argv[0]).name, *sys.argv[1:]] if sys.argv else [],
        **result_of,
        "files": {},
    }
