"""Progress: a bar with the time left on stderr, where that is a terminal."""

from __future__ import annotations

import sys


class NoBar:
    """Where nobody looks."""

    def update(self):
        """Nothing to show."""

    def close(self):
        """Nothing to close."""


def bar_of(total: int, progress: bool, unit: str = "arm", done: int = 0):
    """A progress bar with the time left on stderr, where that is a terminal."""
    if not (progress and sys.stderr.isatty()):
        return NoBar()
    from tqdm import tqdm

    return tqdm(total=total, initial=done, unit=unit, desc="loopsim", leave=False, dynamic_ncols=True)
