"""Limits: what a configured number may be, stated where the field is declared.

A stage is a frozen, keyword-only dataclass and is its own config schema. Its fields
are declared with `number`, `choice` and `words`; `validate` checks them all and
refuses with one line per fault: what, got, allowed, and which key to set.
"""

from __future__ import annotations

import dataclasses
import difflib
import typing
from collections.abc import Iterable, Mapping
from contextvars import ContextVar

BUILT: ContextVar[str] = ContextVar("built", default="")  # the config section that is being built


class Refused(ValueError):
    """Input that cannot be used: one plain line per fault, no traceback for the user."""

    def __init__(self, lines: str | Iterable[str]):
        self.lines = [lines] if isinstance(lines, str) else list(lines)
        super().__init__("\n".join(self.lines))


def number(*, above=None, at_least=None, below=None, at_most=None, unit="", optional=False):
    """Declare a numeric field with its range and unit; NaN never fits a range."""
    limits = dict(above=above, at_least=at_least, below=below, at_most=at_most)
    return dataclasses.field(metadata={"limits": limits, "unit": unit, "optional": optional})


def choice(*allowed: str, optional=False):
    """Declare a field that takes one of a few words."""
    return dataclasses.field(metadata={"choice": allowed, "optional": optional})


def words(optional=False):
    """Declare a free field (text, list or mapping) whose meaning the stage checks itself."""
    return dataclasses.field(metadata={"optional": optional})


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint that names the nearest known word, or lists them when none is near."""
    known = sorted(map(str, known))
    close = difflib.get_close_matches(str(word), known, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]}?"
    return "allowed: " + ", ".join(known) if len(known) <= 24 else "see loopsim list"


def problems(stage, room: str | None = None) -> list[str]:
    """Every way in which the fields of a dataclass break their declared limits."""
    room = (BUILT.get() or _home(stage)) if room is None else room
    hints = typing.get_type_hints(type(stage))
    found = []
    for field in dataclasses.fields(stage):
        key = f"{room}.{field.name}" if room else field.name
        value = getattr(stage, field.name)
        if value is None:
            if not field.metadata.get("optional", False):
                found.append(f"{key} must be given, got null; set {key}")
            continue
        line = _fault(key, value, hints[field.name], field.metadata)
        if line:
            found.append(line)
    return found


def _home(stage) -> str:
    """The room that a stage of this package lies in; another package's stage has none of its own."""
    package, *rooms = type(stage).__module__.split(".")
    return rooms[0] if package == "loopsim" and rooms else ""


def validate(stage, room: str | None = None, extra: Iterable[str] = ()) -> None:
    """Refuse a stage with all its faults at once; call it from `__post_init__`."""
    faults = problems(stage, room)
    faults += [] if faults else list(extra)
    if faults:
        raise Refused(faults)


def _fault(key: str, value, hint, metadata: Mapping) -> str | None:
    if "choice" in metadata:
        if value in metadata["choice"]:
            return None
        near = difflib.get_close_matches(str(value), metadata["choice"], n=1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        return f"{key} must be one of {', '.join(metadata['choice'])}, got {value}{hint}; set {key}"
    if "limits" not in metadata:
        if bool in _types(hint) and not isinstance(value, bool):
            return f"{key} must be true or false, got {value}; set {key}"
        return None
    whole = int in _types(hint) and float not in _types(hint)
    allowed = _describe(metadata["limits"], metadata["unit"], whole)
    right = isinstance(value, int) or (not whole and isinstance(value, float))
    if isinstance(value, bool) or not right or not _inside(value, **metadata["limits"]):
        return f"{key} must be {allowed}, got {value}; set {key}"
    return None


def _types(hint) -> tuple:
    return typing.get_args(hint) or (hint,)


def _inside(value, above, at_least, below, at_most) -> bool:
    return (
        abs(value) < float("inf")
        and (above is None or value > above)
        and (at_least is None or value >= at_least)
        and (below is None or value < below)
        and (at_most is None or value <= at_most)
    )


def _describe(limits: Mapping, unit: str, whole: bool) -> str:
    signs = {"above": ">", "at_least": ">=", "below": "<", "at_most": "<="}
    bounds = [
        f"{signs[k]} {v if isinstance(v, int) else f'{v:g}'}" for k, v in limits.items() if v is not None
    ]
    words = (["a whole number"] if whole else []) + [" and ".join(bounds)] + [unit]
    return " ".join(w for w in words if w) or "a number"
