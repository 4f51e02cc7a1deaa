"""How long the command line takes to say what it can do."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

from stopwatch import in_turns, ratio

KEYS = ("help_vs_bare_python",)
ROOT = Path(__file__).resolve().parents[2]


def in_a_process(*arguments):
    """CPU seconds of a Python process."""

    def job(_):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *arguments], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    return job


def measure(keys, rounds: int) -> dict[str, float]:
    """`loopsim --help` against Python that does nothing."""
    jobs = {"help": in_a_process("-m", "loopsim", "--help"), "bare": in_a_process("-c", "pass")}
    return {"help_vs_bare_python": ratio(in_turns(jobs, 3 * rounds), "help", "bare")}
