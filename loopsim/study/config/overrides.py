"""Overrides: `key=value` put into a plain config, with a hint for every wrong key."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from loopsim.limits import nearest
from loopsim.study.config import catalogue
from loopsim.study.config.schema import SHARED, STAGES, hints, is_open, stage_class

SECTIONS = (*STAGES, "bias", "evidence")
CHOICES = ("scenario", *STAGES)
# Arms are compared with each other: these are the same for all of them.
COMMON = ("scenario", "arms", "replicates", "seed", "days", "measure_days", "threads", "out")


@dataclass(frozen=True)
class Override:
    """One `key=value`; the value is already a number, word, list or mapping."""

    key: str
    value: object

    @property
    def section(self) -> str:
        """The section or top-level key that it sets."""
        return self.key.split(".")[0]

    @property
    def is_choice(self) -> bool:
        """Whether it chooses an option (`prediction=kde`) rather than set a value."""
        return self.key in CHOICES


def spread(overrides) -> list[Override]:
    """`bias={level: 3}` sets keys of a section one by one; everything else stays."""
    found = []
    for o in overrides:
        if o.key in ("bias", "evidence") and isinstance(o.value, dict):
            found += [Override(f"{o.key}.{k}", v) for k, v in o.value.items()]
        else:
            found.append(o)
    return found


def copied(value):
    """A copy of plain nested values."""
    if isinstance(value, dict):
        return {k: copied(v) for k, v in value.items()}
    return [copied(v) for v in value] if isinstance(value, list) else value


def put(config: dict, override: Override) -> bool:
    """Set one value in place; whole mappings are replaced. False if there is no such key."""
    *path, last = override.key.split(".")
    if not path and last in SECTIONS:
        return False
    node, opened = config, False
    for depth, part in enumerate(path):
        opened = opened or (depth == 1 and _opens(config, path[0], part))
        node = node.get(part) if isinstance(node, dict) else None
    if not isinstance(node, dict) or override.key.endswith(".name") and len(path) == 1:
        return False
    if last not in node and not opened:
        return False
    node[last] = override.value
    return True


def unknown(config: dict, key: str, places) -> str:
    """One line for a key that does not exist, with the nearest that does."""
    section, _, rest = key.partition(".")
    if section in SECTIONS and not rest:
        return f"{key} must be a mapping; set {key}.KEY=VALUE, see loopsim show"
    if section in SECTIONS:
        name = config[section].get("name")
        if rest == "name":
            return f"{key} is not for setting; choose with {section}=NAME"
        others = catalogue.having(section, rest, places) if section in STAGES else []
        if others and rest not in config[section]:
            return f"no key {key} with {section}={name}: it belongs to {section}={' or '.join(others[:4])}"
        own = [k for k in keys(config) if k.startswith(f"{section}.")]
        return f"no key {key}: {_closest(key, own)}"
    known = [*keys(config), *SECTIONS, "scenario"]
    same = [k for k in known if k.split(".")[-1] == key]
    return f"no key {key}: did you mean {same[0]}?" if same else f"no key {key}: {_closest(key, known)}"


def told(faults: list[str]) -> list[str]:
    """Every fault once, without those of the default that stood in for an option there is not."""
    named = [re.match(r"no (\w+) ", fault) for fault in faults]
    lost = tuple(f"{found[1]}." for found in named if found and found[1] in STAGES)
    return [fault for fault in dict.fromkeys(faults) if not fault.startswith(lost)]


def keys(config: dict, prefix: str = "") -> list[str]:
    """Every key of a config, dotted."""
    found = []
    for k, v in config.items():
        if prefix or k not in SECTIONS:
            found.append(f"{prefix}{k}")
        if isinstance(v, dict):
            found += keys(v, f"{prefix}{k}.")
    return [k for k in found if not k.endswith(".name")]


def _closest(key: str, known: list[str]) -> str:
    """Nearest whole key, else nearest last part, else what is allowed."""
    leaf = {k.split(".")[-1]: k for k in known}
    close = difflib.get_close_matches(key, known, 1, 0.75)
    near = close or [leaf[m] for m in difflib.get_close_matches(key.split(".")[-1], leaf, 1, 0.6)]
    if near:
        return f"did you mean {near[0]}?"
    return nearest(key, known) if len(known) <= 8 else "see loopsim show"


def _opens(config: dict, section: str, field: str) -> bool:
    """Whether a field of a section takes keys of the user's own."""
    if section not in STAGES and section not in SHARED:
        return False
    found = hints(stage_class(section, config[section].get("name")))
    return field in found and is_open(found[field])


def unknown_in(section: str, key: str, known, label: str) -> str:
    """One line for a key in a file that its section does not have."""
    full = f"{section}.{key}".lstrip(".")
    return f"{full} is not a key of {label}: {_closest(full, [f'{section}.{k}'.lstrip('.') for k in known])}"
