"""Checks: what only shows when the sections of an arm are seen together."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator

from loopsim.limits import Refused, nearest
from loopsim.study.config.settings import Output, Setup

# Measured per cell and replicate: rasters, risk, plan, thresholds, tallies; rounded up.
BYTES_PER_CELL = 200
BYTES_PER_RESIDENT = 8
IN_FLIGHT_PER_THREAD = 8
SHARE_OF_MEMORY = 0.8


def faults(setup: Setup, output: Output) -> list[str]:
    """Every fault of one arm, one line each."""
    found = [*_too_many_cells(setup), *_too_long_a_window(setup), *_too_large(setup, output)]
    found += [*_unknown_types(setup), *_unknown_groups(setup), *_unknown_places(setup), *_no_records(setup)]
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


def _unknown_types(setup: Setup) -> Iterator[str]:
    try:
        setup.shown.per_kind(setup.world.kinds)
    except Refused as refused:
        yield from refused.lines


def _unknown_groups(setup: Setup) -> Iterator[str]:
    for key in ("hazard_multiplier", "stop_bias"):
        for name in getattr(setup.world, key):
            if name not in setup.city.groups:
                yield f"world.{key} must name a group, got {name}: {nearest(name, setup.city.groups)}; set world.{key}"


def _unknown_places(setup: Setup) -> Iterator[str]:
    """Where the bias lies and which venues pull, as far as the city does not have them."""
    where, known = setup.bias.where, ("smallest", *setup.city.groups, *setup.city.district_names)
    if setup.bias.how != "real" and isinstance(where, str) and where not in known:
        yield f"bias.where must be a group, a district or cells, got {where}: {nearest(where, known)}; set bias.where"
    if setup.bias.how != "real" and not isinstance(where, str):
        cells = where if isinstance(where, (list, tuple)) and where else [where]
        wrong = [
            c for c in cells if isinstance(c, bool) or not (isinstance(c, int) and 0 <= c < _cells(setup))
        ]
        if wrong:
            yield f"bias.where must list cells from 0 to {_cells(setup) - 1}, got {wrong[0]}; set bias.where"
    for kind in setup.world.venues if setup.world.venue_pull > 0 else ():
        if kind not in setup.city.venue_kinds:
            yield f"world.venues must be kinds of the city, got {kind}: {nearest(kind, setup.city.venue_kinds)}; set world.venues"


def _no_records(setup: Setup) -> Iterator[str]:
    """What `bias.how=real` needs: records, and a kind for each type that enters the ledger."""
    if setup.bias.how != "real":
        return
    if not setup.city.has_records:
        yield "bias.how=real needs a city with records, got one without; set city=imported city.file=FILE or bias.how"
    kinds = [[channel, type_] for channel, type_, _ in setup.world.kinds.table]
    for name, kind in setup.bias.crime_types.items():
        if kind is not None and list(kind if isinstance(kind, (list, tuple)) else [kind]) not in kinds:
            yield (
                f"bias.crime_types.{name} must be [channel, offence type], got {kind}; set bias.crime_types.{name}"
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
