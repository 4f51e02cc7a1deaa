"""Checks: what only shows when the sections of an arm are seen together."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator

from loopsim.study.settings import Output, Setup

# Measured per cell and replicate: rasters, risk, plan, thresholds, tallies; rounded up.
BYTES_PER_CELL = 200
BYTES_PER_RESIDENT = 8
IN_FLIGHT_PER_THREAD = 8
SHARE_OF_MEMORY = 0.8


def faults(setup: Setup, output: Output) -> list[str]:
    """Every fault of one arm, one line each."""
    found = [*_too_many_cells(setup), *_too_long_a_window(setup), *_too_large(setup, output)]
    for stage in (
        setup.city,
        setup.world,
        setup.bias,
        setup.shown,
        setup.remedy,
        setup.predictor,
        setup.allocator,
    ):
        found += list(getattr(stage, "check", lambda _: ())(setup) or ())
    return found


def _too_many_cells(setup: Setup) -> Iterator[str]:
    k, cells = getattr(setup.allocator, "k", None), _cells(setup)
    if k is not None and cells and k > cells:
        yield f"allocation.k must be <= {cells} (city.rows x city.cols), got {k}; set allocation.k"


def _too_long_a_window(setup: Setup) -> Iterator[str]:
    window, history = getattr(setup.predictor, "window_days", None), setup.run.history_days
    if window is not None and history is not None and window > history:
        yield (
            f"prediction.window_days must be <= history_days ({history}), got {window:g}; "
            "set prediction.window_days or history_days"
        )


def _too_large(setup: Setup, output: Output) -> Iterator[str]:
    needed, have = memory_needed(setup, output), memory_of_machine()
    if have and needed > SHARE_OF_MEMORY * have:
        yield (
            f"the city needs about {needed / 2**30:.1f} GiB of {have / 2**30:.1f} GiB of memory; "
            "lower city.rows, city.cols, city.residents or threads"
        )


def memory_needed(setup: Setup, output: Output) -> float:
    """Bytes that the replicates in flight will need, roughly."""
    threads = output.threads or os.cpu_count() or 1
    in_flight = min(setup.run.replicates, threads * IN_FLIGHT_PER_THREAD)
    residents = getattr(setup.city, "residents", 0) or 0
    return in_flight * (_cells(setup) or 0) * BYTES_PER_CELL + residents * BYTES_PER_RESIDENT


def memory_of_machine() -> float:
    """Bytes of physical memory; 0 where the system does not say."""
    try:
        return float(os.sysconf("SC_PAGE_SIZE")) * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 0.0


def not_numbers(value, key: str = "") -> list[str]:
    """Faults for NaN and infinity inside open mappings and lists, which no range covers."""
    if isinstance(value, dict):
        return [f for k, v in value.items() for f in not_numbers(v, f"{key}.{k}".lstrip("."))]
    if isinstance(value, (list, tuple)):
        return [f for v in value for f in not_numbers(v, key)]
    if isinstance(value, float) and not math.isfinite(value):
        return [f"{key} must be a finite number, got {value}; set {key}"]
    return []


def _cells(setup: Setup) -> int | None:
    rows, cols = getattr(setup.city, "rows", None), getattr(setup.city, "cols", None)
    return rows * cols if rows and cols else None
