"""Grammar: `key=value` lines as Hydra reads them, one value or, for a sweep, several."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from loopsim.study.config import guard
from loopsim.study.config.overrides import Override, copied, spread

_NUMBER = re.compile(
    r"([a-z]\w*(?:\.\w+)*)=(-?(?:0|[1-9]\d*)(\.\d+)?)", re.ASCII
)  # a line that needs no grammar
MOST_VALUES = 1_000_000  # of one key; more is a slip of the step


@dataclass(frozen=True, kw_only=True)
class Several:
    """A line of a sweep: a key with the values it takes in turn.

    Parameters
    ----------
    key : of the config, or a stage
    lines : `key=value` for every value, in order
    interval : (low, high, whole) of `interval(low, high)`, which has no values of its own
    """

    key: str
    lines: tuple[str, ...] = ()
    interval: tuple[float, float, bool] | None = None


def parsed(lines) -> tuple[list[Override], list[str]]:
    """`key=value` lines in Hydra's grammar, and a fault for each that is not a plain value."""
    pairs = [_parsed(str(line)) for line in lines]
    return spread(Override(o.key, copied(o.value)) for o, _ in pairs if o), [
        fault for _, fault in pairs if fault
    ]


def several(line: str) -> tuple[Several | None, str | None]:
    """The values of a line that has several, or what is wrong with it; (None, None) for one value."""
    override, fault = _read(line)
    if fault or not override.is_sweep_override():
        return None, fault
    key, value = override.key_or_group, override.value()
    if override.value_type.name == "GLOB_CHOICE_SWEEP":
        return None, f"{line} is refused: a sweep names its values; see loopsim list {key}"
    if getattr(value, "shuffle", False):
        return None, f"{line} is refused: shuffled values would differ from run to run; list them"
    if override.is_interval_sweep():
        low, high = value.start, value.end
        whole = isinstance(low, int) and isinstance(high, int)
        if not (math.isfinite(low) and math.isfinite(high) and low < high):
            return None, f"{line} must run from a lower to a higher number, got {low} to {high}; set {key}"
        return Several(key=key, interval=(float(low), float(high), whole)), None
    fault = _uncountable(line, key, value) if override.is_range_sweep() else None
    return (None, fault) if fault else _listed(line, key, override)


def _listed(line: str, key: str, override) -> tuple[Several | None, str | None]:
    from hydra.core.override_parser.types import Transformer

    texts = list(override.sweep_iterator(Transformer.str))
    if override.is_range_sweep():
        texts = [_tidy(text) for text in texts]
    if not texts:
        return None, f"{line} has no values; set {key}=a,b or {key}=range(START,STOP,STEP)"
    twice = next((t for i, t in enumerate(texts) if t in texts[:i]), None) if len(texts) < 1000 else None
    if twice is not None:
        return None, f"{line} has {twice} twice; remove one"
    return Several(key=key, lines=tuple(f"{key}={text}" for text in texts)), None


def _uncountable(line: str, key: str, value) -> str | None:
    """What is wrong with a range, before it is walked through."""
    numbers = [float(x) for x in (value.start, value.stop, value.step)]
    if not all(map(math.isfinite, numbers)) or numbers[2] == 0:
        return f"{line} must have finite numbers and a step that is not 0; set {key}"
    steps = math.ceil((numbers[1] - numbers[0]) / numbers[2])
    if steps < 1:
        return f"{line} has no values: the step never leads from {numbers[0]:g} to {numbers[1]:g}; set {key}"
    return f"{line} has {steps:,} values; set a longer step" if steps > MOST_VALUES else None


def _tidy(text: str) -> str:
    """0.30000000000000004, from adding up a step, as 0.3."""
    return text if float(text).is_integer() else f"{float(text):.12g}"


def _refusal(line: str) -> str | None:
    """Why a line is not read at all."""
    for mark, advice in (
        ("+", "only keys that exist can be set; write KEY=VALUE"),
        ("~", "nothing can be removed"),
    ):
        if line.startswith(mark):
            return f"{line} is refused: {advice}; see loopsim show"
    key, equals, _ = line.partition("=")
    if not equals:
        return f"{line} must be key=value; see loopsim show"
    if key == "hydra" or key.startswith(("hydra.", "hydra/")) or "_target_" in line:
        return f"{line} is refused: a config sets numbers and names, it cannot run code"
    if "@" in key or "/" in key:
        return f"{line} is refused: write {key.replace('/', '.').split('@')[0]}=VALUE"
    return None


def _read(line: str):
    """Hydra's reading of a line, or a fault."""
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    if fault := _refusal(line):
        return None, fault
    try:
        return OverridesParser.create().parse_override(line), None
    except HydraException as error:
        return None, f"cannot read {line}: {short(error)}; put the value, or each line of a list, in quotes"


@lru_cache(maxsize=4096)
def _parsed(line: str) -> tuple[Override | None, str | None]:
    plain = None if _refusal(line) else _NUMBER.fullmatch(line)
    if plain:
        return Override(plain[1], float(plain[2]) if plain[3] else int(plain[2])), None
    override, fault = _read(line)
    if fault:
        return None, fault
    if override.is_sweep_override():
        return None, f"{line} has several values; use loopsim sweep, or [a, b] for a list"
    value, key = override.value(), override.key_or_group
    dangers = guard.dangers(value, key)
    return (None, dangers[0]) if dangers else (Override(key, value), None)


def short(error: Exception) -> str:
    """The line of a Hydra error that says what is wrong."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[1] if len(lines) > 1 and lines[0].endswith(":") else lines[0])[:200]
