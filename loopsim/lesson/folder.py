"""Folder: a lesson appears whole or not at all, and never over somebody's own files."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from loopsim.limits import Refused

MARK = "lesson.json"


def check(out) -> Path:
    """The folder to write to, or Refused if something else is there."""
    out = Path(out).absolute()
    if out.exists() and not out.is_dir():
        raise Refused(f"--out must be a folder, got the file {out}")
    if out.is_dir() and any(out.iterdir()) and not (out / MARK).is_file():
        raise Refused(f"--out must be new, empty or an earlier lesson, got {out} with other files in it")
    return out


def write(out: Path, fill) -> Path:
    """Call `fill(folder)` on a new folder and put it in place; on any failure nothing has changed."""
    out = check(out)
    fresh, old = (out.with_name(f".{out.name}.{word}-{os.getpid()}") for word in ("new", "old"))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        fill(fresh)
        if out.is_dir():
            os.rename(out, old)
        os.rename(fresh, out)
    except OSError as error:
        raise Refused(f"cannot write the lesson to {out}: {error.strerror or error}; set --out") from error
    finally:
        if old.is_dir() and not out.exists():
            os.rename(old, out)
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
    return out
