"""Arms: sets of overrides that share the world's randomness."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from loopsim.limits import Refused
from loopsim.study.config import catalogue
from loopsim.study.config.overrides import COMMON, Override

_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")


def named(arms, places) -> dict[str, list[str]]:
    """Arm -> its overrides, from names and `{name: [overrides]}`, in the order given."""
    found, faults = {}, []
    for name, lines in _pairs(arms):
        try:
            if name in found:
                raise Refused(f"arms names {name} twice; remove one")
            found[name] = _lines(name, lines) if lines is not None else list(_of_file(name, places))
        except Refused as refused:
            faults += refused.lines
    if not found and not faults:
        faults = ["arms must name at least one arm, got none; set arms"]
    if faults:
        raise Refused(faults)
    return found


def faults(overrides: list[Override]) -> list[str]:
    """Keys that an arm may not set, because arms are compared over them."""
    own = [o.key for o in overrides if o.section in COMMON]
    return [f"an arm cannot set {key}: it is the same for all arms; set it outside arms" for key in own]


def _pairs(arms):
    for item in arms if isinstance(arms, list) else [arms]:
        if isinstance(item, dict):
            yield from ((str(k), [] if v is None else v) for k, v in item.items())
        else:
            yield item, None


def _lines(name: str, lines) -> list[str]:
    if not _NAME.fullmatch(name):
        raise Refused(f"arms.{name}: use letters, digits, _ . and - in the name of an arm")
    lines = [lines] if isinstance(lines, str) else lines
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise Refused(f"arms.{name} must be a list of overrides [key=value, ...], got {lines}")
    return lines


def _of_file(name, places) -> tuple[str, ...]:
    return _read(str(name), catalogue.option("arm", name, places))


@lru_cache(maxsize=256)
def _read(name: str, path: Path) -> tuple[str, ...]:
    import yaml

    content = yaml.safe_load(path.read_text("utf-8")) or {}
    if set(content) != {"overrides"}:
        raise Refused(f"{path}: an arm holds one key, `overrides: [key=value, ...]`")
    return tuple(_lines(name, content["overrides"] or []))
