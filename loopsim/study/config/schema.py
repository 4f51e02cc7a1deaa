"""Schema: the class that a config section fills, found by file name.

`prediction.name: kde` is filled by `Kde` in `loopsim/prediction/kde.py`. A config names a
file of this package or an entry point that is installed; it can never name code.
"""

from __future__ import annotations

import dataclasses
import importlib
import importlib.metadata
import importlib.util
import json
import keyword
import typing
from collections.abc import Mapping
from functools import lru_cache

from loopsim.limits import BUILT, Refused

STAGES = ("city", "world", "remedy", "prediction", "allocation")
GROUP = "loopsim.stages"
# Sections that one class fills, whichever option is chosen.
SHARED = {
    "world": ("loopsim.world.acts", "Acts"),
    "bias": ("loopsim.records.legacy", "Bias"),
    "evidence": ("loopsim.records.evidence", "Shown"),
}


@lru_cache(maxsize=256)
def stage_class(section: str, name: str | None = None) -> type:
    """The class of a section, e.g. ("prediction", "kde") -> Kde."""
    module, title = SHARED.get(section, (f"loopsim.{section}.{name}", _camel(str(name))))
    if section in STAGES and not (str(name).isidentifier() and not str(name).startswith("_")):
        raise Refused(f"{section}.name must be the name of a file, got {name}")
    if importlib.util.find_spec(module):
        found = getattr(importlib.import_module(module), title, None)
    else:
        points = [p for p in plugins() if p.name == f"{section}.{name}"]
        found = points[0].load() if points else None
    if not (isinstance(found, type) and dataclasses.is_dataclass(found)):
        raise Refused(f"{section}.name: {name} has no class {title} in {module.replace('.', '/')}.py")
    return found


@lru_cache(maxsize=1)
def plugins() -> tuple[importlib.metadata.EntryPoint, ...]:
    """Stages of other packages: entry points named `<room>.<name>`."""
    return tuple(importlib.metadata.entry_points(group=GROUP))


@lru_cache(maxsize=256)
def hints(cls: type) -> dict[str, object]:
    """Field -> type of a section's class, in order."""
    known = typing.get_type_hints(cls)
    return {f.name: known[f.name] for f in dataclasses.fields(cls) if f.init}


def is_open(hint) -> bool:
    """Whether a field is a mapping with keys of the user's own."""
    return any(h in (object, dict, Mapping) or typing.get_origin(h) in (dict, Mapping) for h in _types(hint))


def typed(section: str, cls: type, values: Mapping):
    """A section as an object of its class; every fault at once as Refused.

    Equal values give the same object: stages are frozen, so sweeps and arms share them.
    """
    return _typed(section, cls, as_text(section, values))


def as_text(section: str, values: Mapping) -> str:
    """Plain values as text that can be looked up, or Refused where there are others."""
    try:
        return json.dumps(values)
    except TypeError as error:
        raise Refused(f"{section or 'the config'} holds a value of no use: {error}") from None


def of_text(text: str) -> dict:
    """The values that `as_text` was given."""
    return json.loads(text)


@lru_cache(maxsize=1024)
def _typed(section: str, cls: type, text: str):
    values = {k: _suited(v, hints(cls)[k]) for k, v in of_text(text).items()}
    faults = [f for k, v in values.items() for f in _misfits(f"{section}.{k}".lstrip("."), v, hints(cls)[k])]
    if faults:
        raise Refused(faults)
    section_before = BUILT.set(section)
    try:
        return cls(**values)
    except (TypeError, ValueError, AttributeError) as error:
        if isinstance(error, Refused):
            raise
        raise Refused(f"{section} cannot be used as it is set: {error}; see loopsim show") from error
    finally:
        BUILT.reset(section_before)


def _suited(value, hint):
    """Whole floats for whole numbers (1e3), floats for floats, tuples for lists."""
    types = _types(hint)
    if isinstance(value, float) and int in types and float not in types and value.is_integer():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and float in types and int not in types:
        return float(value)
    if isinstance(value, list) and (tuple in types or typing.get_origin(hint) is tuple):
        return tuple(value)
    return value


def _misfits(key: str, value, hint) -> list[str]:
    """Faults that the declared limits of a field do not see."""
    if value is None or object in _types(hint):
        return []
    kinds = {typing.get_origin(h) or h for h in _types(hint)}
    if kinds & {Mapping, dict} and not isinstance(value, dict) and str not in kinds:
        return [f"{key} must be a mapping {{name: value}}, got {value}; set {key}"]
    if kinds & {tuple, list} and not isinstance(value, (tuple, list)) and str not in kinds:
        return [f"{key} must be a list [a, b], got {value}; set {key}"]
    if isinstance(value, (dict, list, tuple)) and not kinds & {Mapping, dict, tuple, list}:
        return [f"{key} must be a single value, got {json.dumps(value)}; set {key}"]
    if kinds - {type(None)} == {str} and not isinstance(value, str):
        return [f"{key} must be a word, got {value}; set {key}"]
    return []


def _types(hint) -> tuple:
    if typing.get_origin(hint) in (dict, list, tuple, Mapping):
        return (hint,)
    return typing.get_args(hint) or (hint,)


def _camel(name: str) -> str:
    title = "".join(part.capitalize() for part in name.split("_"))
    return f"{title}_" if keyword.iskeyword(title) else title
