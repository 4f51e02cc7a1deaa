"""Parts: one file for every finished point, whole or not there at all.

A part is written under a temporary name, flushed to disk and renamed, so a sweep that is
killed loses the points in flight and no other. Its name is the hash of the point's config
and seed with the version of the code: a changed setting or source is another part.
"""

from __future__ import annotations

import json
import os
import threading
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from loopsim.limits import Refused
from loopsim.study.store import sync_folder

FOLDER = "parts"


@dataclass(kw_only=True)
class Part:
    """What one point found.

    Parameters
    ----------
    summary, metrics : str, lines of CSV without the swept columns
    verdict : arm -> pair -> regime and its interval
    replicates : int, how many were run
    width : float, of the widest interval of the chosen measure; None without --precision
    notes : fallbacks of the stages
    """

    summary: str
    metrics: str
    verdict: dict
    replicates: int
    width: float | None
    notes: list


@lru_cache(maxsize=1)
def code_version() -> str:
    """Hash of the sources of this package (and of the Python that runs them)."""
    from loopsim import cache

    return cache.fingerprint(Path(__file__).parents[2])[:12]


class Parts:
    """The parts of a sweep: a folder beside its tables."""

    def __init__(self, out: Path):
        self.folder, self.code = Path(out) / FOLDER, code_version()

    def open(self) -> None:
        """Make the folder; what a killed sweep left half written is cleared away."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for path in self.folder.glob(".*.tmp"):
                path.unlink(missing_ok=True)
        except OSError as error:
            raise Refused(
                f"cannot write results to {self.folder}: {error.strerror or error}; set out"
            ) from None

    def id(self, key: str) -> str:
        """The name of a point: hash of config and seed, and the code's version."""
        return f"{key}-{self.code}"

    def there(self, keys) -> tuple[set, set]:
        """Which of the keys are finished, and which only by another version of the code."""
        names = os.listdir(self.folder) if self.folder.is_dir() else []
        found = {name[:-5] for name in names if name.endswith(".part")}
        done = {key for key in keys if self.id(key) in found}
        old = {name.rpartition("-")[0] for name in found}
        return done, {key for key in keys if key in old} - done

    def write(self, key: str, part: Part) -> None:
        """One part, whole and on disk."""
        head = {**asdict(part), "summary": len(part.summary), "metrics": len(part.metrics)}
        text = json.dumps(head, ensure_ascii=False) + "\n" + part.summary + part.metrics
        target = self.folder / f"{self.id(key)}.part"
        fresh = self.folder / f".{self.id(key)}.{os.getpid()}-{threading.get_ident()}.tmp"
        try:
            with open(fresh, "w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.rename(fresh, target)
        except OSError as error:
            fresh.unlink(missing_ok=True)
            raise Refused(
                f"cannot write {target}: {error.strerror or error}; make room and run it again, "
                "finished points are kept"
            ) from None

    def flush(self) -> None:
        """Put the names of all parts on disk too."""
        sync_folder(self.folder)

    def read(self, key: str) -> Part | None:
        """A finished part; None where it is damaged or not there."""
        try:
            with open(self.folder / f"{self.id(key)}.part", encoding="utf-8", newline="") as file:
                head = json.loads(file.readline())
                text = file.read()
            cut = head["summary"]
            if len(text) != cut + head["metrics"]:
                return None
            return Part(**{**head, "summary": text[:cut], "metrics": text[cut:]})
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def forget_old(self, keys) -> None:
        """Remove the parts that other versions of the code made of these points."""
        for name in os.listdir(self.folder):
            key = name.rpartition("-")[0]
            if key in keys and name.endswith(".part") and name != f"{self.id(key)}.part":
                (self.folder / name).unlink(missing_ok=True)
