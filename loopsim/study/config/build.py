"""Build: a plain config becomes one typed arm, with every fault in it found at once."""

from __future__ import annotations

from functools import lru_cache

from loopsim.limits import Refused
from loopsim.study.config import checks
from loopsim.study.config.overrides import SECTIONS, unknown_in
from loopsim.study.config.schema import SHARED, STAGES, as_text, hints, of_text, stage_class, typed
from loopsim.study.config.settings import Output, Run, Setup

# What readers want to see first: the scenario, then the loop, then the run.
ORDER = ("scenario", "title", "about", "sources", "expected", "city", "world", "bias", "history_days")
ORDER += ("evidence", "remedy", "prediction", "allocation", *hints(Run))
FREE = ("scenario", "title", "about", "sources", "expected")


def arm_of(name: str, config: dict, names: dict[str, str]) -> tuple[Setup | None, list[str]]:
    """One arm and its faults; None where there are any."""
    faults, parts = [], {}
    for part in (*SECTIONS, "run"):
        try:
            parts[part] = run_of(config) if part == "run" else section_of(part, config[part])
        except Refused as refused:
            faults += refused.lines
    faults += _strays(config)
    if faults:
        return None, faults
    setup = Setup(
        name=name,
        run=parts["run"],
        city=parts["city"],
        world=parts["world"],
        world_name=config["world"]["name"],
        bias=parts["bias"],
        shown=parts["evidence"],
        remedy=parts["remedy"],
        predictor=parts["prediction"],
        allocator=parts["allocation"],
        names=names,
    )
    output, _ = output_of(config)
    return setup, checks.faults(setup, output) if output else []


def section_of(section: str, values) -> object:
    """A section as an object of its class, or Refused with all its faults."""
    if not isinstance(values, dict):
        raise Refused(f"{section} must hold `key: value` lines, got {values}; see loopsim show")
    return _section(section, as_text(section, values))


@lru_cache(maxsize=1024)
def _section(section: str, text: str) -> object:
    """`section_of` of values as text: points of a sweep have most sections alike."""
    values = of_text(text)
    cls = stage_class(section, values.get("name"))
    fields = {
        k: None if v == "???" else v for k, v in values.items() if not (k == "name" and section in STAGES)
    }
    known = hints(cls)
    label = f"{section}={values.get('name')}" if section in STAGES and section not in SHARED else section
    faults = [unknown_in(section, k, known, label) for k in fields if k not in known]
    faults += [
        f"{section}.{k} is missing from the config of {label}; set {section}.{k}"
        for k in known
        if k not in fields
    ]
    nested = {k: v for k, v in fields.items() if isinstance(v, (dict, list))}
    faults += checks.not_numbers(nested, section)
    if faults:
        raise Refused(faults)
    return typed(section, cls, fields)


def run_of(config: dict) -> Run:
    """The top-level keys as a Run."""
    return typed("", Run, {k: config.get(k) for k in hints(Run)})


def output_of(config: dict) -> tuple[Output | None, list[str]]:
    """Threads and folder, and what is wrong with them."""
    try:
        return typed("", Output, {k: config.get(k) for k in hints(Output)}), []
    except Refused as refused:
        return None, refused.lines


def in_order(config: dict) -> dict:
    """The config with its sections in the order of the loop, an option's name first."""
    found = {k: config[k] for k in (*ORDER, *config) if k in config}
    for section in STAGES:
        if isinstance(found.get(section), dict) and "name" in found[section]:
            found[section] = {"name": found[section]["name"], **found[section]}
    return found


def _strays(config: dict) -> list[str]:
    known = (*FREE, *SECTIONS, *hints(Run), *hints(Output))
    return [unknown_in("", k, known, "a scenario") for k in config if k not in known]
