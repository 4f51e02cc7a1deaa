"""Words: numbers, arms and origins as a reader meets them in titles, captions and alt texts."""

from __future__ import annotations

import math

ARMS = {
    "loop": "the loop",
    "clean_start": "clean start",
    "frozen": "frozen model",
    "no_model": "no model",
}
CHANNELS = {
    "report": "reported by victims",
    "discovery": "found by patrol",
    "search": "found in a search",
    "stop": "stops, nothing found",
    "intelligence": "intelligence logs",
}
REGIMES = {
    "fades": "fades",
    "locks in": "locks in",
    "compounds": "compounds",
    "runs away": "runs away",
    "no disparity": "no disparity",
    "undetermined": "is not settled",
}


def arm(name: str, most: int = 40) -> str:
    """An arm for readers."""
    return short(ARMS.get(name, name.replace("_", " ")), most)


def short(text: str, most: int) -> str:
    """A name that fits; the middle goes first."""
    text = str(text)
    return text if len(text) <= most else text[: most * 2 // 3 - 1] + "…" + text[-(most // 3) :]


def number(value: float, digits: int | None = None) -> str:
    """A plain number: three significant digits unless told how many decimals."""
    if value is None or not math.isfinite(value):
        return "not defined"
    if digits is not None:
        return f"{value:,.{digits}f}".replace("-", "−")
    size = 0 if value == 0 else math.floor(math.log10(abs(value)))
    return f"{value:,.{max(0, 2 - size)}f}".replace("-", "−")


def estimate(found, scale: float = 1.0, digits: int | None = None, unit: str = "") -> str:
    """`12.3 (11.9 to 12.8)`; only the number where there is no interval."""
    if found is None or not math.isfinite(found.mean):
        return "not defined"
    text = number(found.mean * scale, digits) + unit
    if not (math.isfinite(found.lo) and math.isfinite(found.hi)):
        return text
    return f"{text} ({number(found.lo * scale, digits)} to {number(found.hi * scale, digits)}{unit})"


def ratio(found, digits: int = 2) -> str:
    """A log-ratio as `1.56 times (0.70 to 3.44)`."""
    if found is None or not math.isfinite(found.mean):
        return "not defined"
    plain = found._replace(mean=math.exp(found.mean), lo=_exp(found.lo), hi=_exp(found.hi))
    text = estimate(plain, digits=digits)
    head, _, tail = text.partition(" (")
    return f"{head} times ({tail}" if tail else f"{head} times"


def _exp(value):
    return math.exp(value) if math.isfinite(value) else value


def alike(result) -> str:
    """What the run says of offending: alike by construction, unless it was set otherwise."""
    world = (result.config or {}).get("world") or {}
    if any(m != 1 for m in (world.get("hazard_multiplier") or {}).values()):
        return "A simulated city in which the groups were set to offend at different rates"
    return "A simulated city where everyone offends at the same rate by construction"


def interval(result) -> str:
    """What the bars and bands are."""
    count = int(result.manifest.get("replicates", 0))
    if count == 1:
        return "One replicate: no intervals can be given"
    over = f"{count} replicates" if count else "replicates"
    return f"Bars, bands and brackets: 95 % intervals over {over}"


def run_id(result) -> str:
    """Which run made the numbers."""
    m = result.manifest
    name = short(m.get("scenario") or m.get("kind", "run"), 34)
    print_of = str(m.get("config_hash", ""))[:8]
    return f"{name}, seed {m.get('seed', '?')}" + (f", config {print_of}" if print_of else "")


def caveat(result) -> str:
    """What it is and is not, in one line."""
    return f"{alike(result)}; it measures no real police force."


def closing(result) -> str:
    """The end of every caption: intervals, caveat, run."""
    return f"{interval(result)}. {caveat(result)} Source: loopsim run {run_id(result)}."


def time_unit(days: int) -> tuple[float, str]:
    """Days in a unit that suits the length of a run, and its name."""
    return (1.0, "days") if days < 120 else (30.4, "months") if days < 500 else (365.0, "years")


def listed(parts: list[str]) -> str:
    """`a, b and c`."""
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1] if parts else ""
