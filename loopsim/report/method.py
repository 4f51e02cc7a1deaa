"""Method: what was run, how it differs from the defaults, and the line that runs it again."""

from __future__ import annotations

import json
import shlex

from loopsim.report.html import Markup, element, joined, table

ODD = (
    ("Purpose", "What becomes of biased police records when a model fitted to them sends the patrols."),
    (
        "Entities",
        "A grid of cells; residents who all offend at one rate, by group and home cell; patrol units with officer-hours; "
        "records in a ledger that is only ever added to.",
    ),
    (
        "One step",
        "A day. Evidence is read from the ledger, the model predicts, patrols are allocated, the day happens, and what is "
        "reported, found by patrol, found in a search, stopped or logged is written down.",
    ),
    (
        "Blindness",
        "The model and the allocation see records only, never the offences themselves; the code cannot reach them.",
    ),
    (
        "Randomness",
        "Counter-based random numbers: in every arm the same people commit the same offences in the same places, so "
        "differences between arms are differences of policing. Same seed, same bytes.",
    ),
    (
        "Intervals",
        "95 % intervals from a bootstrap over replicates, paired between arms; ratios are ratios of means over replicates.",
    ),
)


def flat(config: dict, head: str = "") -> dict:
    """`section.key` -> value of a config; empty mappings are values."""
    found = {}
    for key, value in (config or {}).items():
        name = f"{head}{key}"
        found |= flat(value, f"{name}.") if isinstance(value, dict) and value else {name: value}
    return found


def composed(scenario: str | None, config_dirs=()) -> dict:
    """The flat config of a scenario as shipped; empty where it is not known here."""
    from loopsim.limits import Refused
    from loopsim.study.compose import compose

    try:
        study = compose([], scenario=scenario, config_dirs=config_dirs)
    except (Refused, OSError):
        return {}
    shared = {k: v for k, v in study.shared.items() if k not in ("out", "threads")}
    return flat({**shared, "arms": [{arm: list(lines)} for arm, lines in study.arms.items()]})


WORDS = ("title", "about", "sources", "expected", "scenario", "arms")


def differing(config: dict, base: dict) -> list[tuple]:
    """(key, value, default) of every key that is not as in `base`."""
    own = flat(config)
    return [
        (key, _value(own.get(key)), _value(base.get(key)))
        for key in dict.fromkeys([*own, *base])
        if key not in WORDS and own.get(key) != base.get(key)
    ]


def command(result, base: dict) -> str:
    """One line for a shell that makes the same numbers."""
    own = flat(result.config)
    parts = [f"scenario={result.manifest['scenario']}"]
    if base:
        changed = [k for k in own if own[k] != base.get(k) and k not in WORDS[:-1]]
        parts += [f"{key}={_value(own[key], hydra=True)}" for key in changed]
    return "loopsim run " + " ".join(shlex.quote(p) for p in parts)


def _value(value, hydra: bool = False) -> str:
    if value is None:
        return "null"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {_value(v, hydra)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_value(v, hydra) for v in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    quoted = hydra and isinstance(value, str) and any(c in value for c in "=,:{}[]() '\"")
    return json.dumps(value, ensure_ascii=False) if quoted else str(value)


def section(result) -> Markup:
    """The model in short, the keys that differ, and where the numbers come from."""
    told, scenario = result.manifest, result.manifest.get("scenario")
    default = composed(None)
    base = default if default.get("scenario") == scenario else composed(scenario)
    items = [joined([element("dt", name), element("dd", what)]) for name, what in ODD]
    changed = differing(result.config, default) if default else []
    parts = [
        element("h3", "The model in short (ODD)"),
        element("dl", *items),
        element("h3", "Parameters that differ from the defaults"),
        table(("key", "this run", "default"), changed, "Parameters that differ from the defaults")
        if changed
        else element("p", "None: this is the default run."),
        element("h3", "Make it again"),
        element(
            "pre", element("code", command(result, base)), tabindex="0", role="group", aria_label="Command"
        ),
        element("h3", "Origin"),
        table(("what", "value"), _origin(told), "Where the numbers come from"),
    ]
    return joined(parts)


def _origin(told: dict) -> list[tuple]:
    versions = told.get("versions") or {}
    rows = [
        ("scenario", told.get("scenario", "")),
        ("seed", told.get("seed", "")),
        ("replicates", told.get("replicates", "")),
        ("days", told.get("days", "")),
        ("config (sha256)", told.get("config_hash", "")),
        ("commit", told.get("git_commit") or "not a checkout"),
        ("versions", ", ".join(f"{name} {number}" for name, number in versions.items() if number)),
    ]
    return [*rows, *(("note", note) for note in told.get("notes") or [])]
