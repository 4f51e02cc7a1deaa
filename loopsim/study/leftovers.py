"""Leftovers: what a killed process left half made is cleared away by the next."""

from __future__ import annotations

import glob
import os
import shutil
from pathlib import Path


def clear_away(target: Path) -> None:
    """Remove the half-made versions of a file or folder that killed processes left beside it."""
    for left in target.parent.glob(f".{glob.escape(target.name)}.new-*"):
        if _is_running(left.name.rpartition("-")[2]):
            continue
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


def _is_running(process: str) -> bool:
    """Whether a process of this number may still be writing; yes where the system cannot say."""
    if os.name != "posix" or not process.isdigit():
        return True
    try:
        os.kill(int(process), 0)  # signal 0 asks and does nothing
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
