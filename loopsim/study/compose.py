"""Compose: names and `key=value` lines become typed, checked arms; Hydra stays in here.

Three steps, kept apart so that a sweep can repeat the last two without Hydra:
`chosen` (which option of each group -> plain config, cached), `settled` (values put in)
and `arm_of` (typed and checked).
"""

from __future__ import annotations

import marshal
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from loopsim.limits import Refused
from loopsim.study.config import arms as arm_files
from loopsim.study.config import catalogue
from loopsim.study.config.build import arm_of, in_order, output_of
from loopsim.study.config.grammar import parsed, short
from loopsim.study.config.inner_hydra import inner_hydra
from loopsim.study.config.overrides import CHOICES, Override, copied, put, told, unknown
from loopsim.study.config.schema import STAGES, hints, stage_class
from loopsim.study.config.settings import Setup, Study


def compose(overrides=(), *, scenario: str | None = None, config_dirs=()) -> Study:
    """A study from a scenario and overrides, or Refused with every fault at once.

    Parameters
    ----------
    overrides : list of "key=value" in Hydra's grammar
    scenario : name; an override `scenario=NAME` wins
    config_dirs : the user's own config folders
    """
    places = catalogue.folders(config_dirs)
    first = (f"scenario={scenario}",) if scenario else ()
    asked, faults = readable((*first, *overrides), places)
    return study_of(asked, places, faults)


def study_of(asked: list[Override], places, faults=()) -> Study:
    """A study from overrides that are already read, or Refused with every fault at once."""
    plan, faults = Plan.of(asked, places), list(faults)
    setups, configs = {}, {}
    for name, lines in plan.arms.items():
        configs[name], names, wrong = plan.settled(lines)
        setups[name], more = arm_of(name, configs[name], names)
        faults += wrong + more
        if setups[name] is not None and getattr(setups[name].remedy, "changes", None):
            setups[name], more = plan.reformed(setups[name], lines)
            faults += more
    faults += plan.unused()
    output, wrong = output_of(plan.shared)
    if faults or wrong:
        raise Refused(told(faults + wrong))
    name = plan.shared["scenario"]
    return Study(
        scenario=name,
        title=plan.shared["title"] or name,
        about=plan.shared["about"],
        setups=setups,
        threads=output.threads,
        out=Path(output.out or f"results/{name}"),
        config=configs,
        shared=plan.shared,
        arms={arm: tuple(lines) for arm, lines in plan.arms.items()},
    )


@dataclass(kw_only=True, eq=False)
class Plan:
    """What the user asked for, before any arm is made of it."""

    places: tuple[Path, ...]
    choices: dict[str, str]
    values: list[Override]
    arms: dict[str, list[str]]
    shared: dict
    used: set = field(default_factory=set)

    @classmethod
    def of(cls, asked: list[Override], places) -> Plan:
        """Sort choices from values, and compose what all arms share."""
        choices = {o.key: o.value for o in asked if o.is_choice}
        values = [o for o in asked if not o.is_choice]
        shared, names = chosen(choices, places)
        for o in values:
            put(shared, o)
        shared["scenario"] = names["scenario"]
        arms = arm_files.named(shared.pop("arms"), places)
        own = [o for o in values if o.key != "arms"]
        return cls(places=places, choices=choices, values=own, arms=arms, shared=resolved(shared))

    def settled(self, lines) -> tuple[dict, dict[str, str], list[str]]:
        """Config, chosen options and faults of an arm with these overrides."""
        own, faults = readable(lines, self.places)
        faults += arm_files.faults(own)
        swapped = {o.key: o.value for o in own if o.is_choice}
        config, names = chosen({**self.choices, **swapped}, self.places)
        for o in self.values:
            if put(config, o):
                self.used.add(o.key)
            elif o.section not in swapped and o.key not in self.used:
                faults.append(unknown(config, o.key, self.places))
                self.used.add(o.key)
        for o in (o for o in own if not o.is_choice):
            if not put(config, o):
                faults.append(unknown(config, o.key, self.places))
        config.pop("arms")
        config["scenario"] = names["scenario"]
        return resolved(config), names, faults

    def reformed(self, setup: Setup, lines) -> tuple[Setup, list[str]]:
        """An arm whose remedy switches its stages on a day, with what it is from then on."""
        own, _ = readable(lines, self.places)
        values = [*self.values, *(o for o in own if not o.is_choice)]
        choices = {**self.choices, **{o.key: o.value for o in own if o.is_choice}}
        here = replace(self, choices=choices, values=values, used={o.key for o in values})
        config, names, faults = here.settled(["remedy=nothing", *setup.remedy.changes])
        after, more = arm_of(setup.name, config, names)
        faults += more
        if after is not None and after.allocator.budget != setup.allocator.budget:
            faults.append("remedy.changes cannot change allocation.budget; compare two arms instead")
        return replace(setup, after=after), [f"after day {setup.remedy.from_day}: {f}" for f in faults]

    def unused(self) -> list[str]:
        """Values that no arm takes."""
        return [f"{o.key} is used by no arm; remove it" for o in self.values if o.key not in self.used]


def chosen(choices: dict, places) -> tuple[dict, dict[str, str]]:
    """Plain config and option names for a choice of options; a copy that may be changed.

    A scenario's values for an option that is swapped for another are kept only where the
    other option has the key too (the budget stays, the number of hotspots goes).
    """
    faults = [line for room, name in choices.items() for line in _missing(room, name, places)]
    if faults:
        raise Refused(faults)
    config, names = _chosen(tuple(sorted(choices.items())), places)
    return marshal.loads(config), names


@lru_cache(maxsize=512)
def _chosen(choices: tuple, places: tuple[Path, ...]) -> tuple[bytes, dict[str, str]]:
    """`chosen`, with the config as bytes: the fastest way to a copy of plain nested values."""
    config, names = _composed(choices, places)
    config = copied(config)
    _own_mappings(config, catalogue.option("scenario", names["scenario"], places))
    swapped = [room for room, _ in choices if room in STAGES]
    if swapped:
        default = _composed(tuple(c for c in choices if c[0] == "scenario"), places)[1]
        for room in (r for r in swapped if default[r] != names[r]):
            known = ("name", *hints(stage_class(room, config[room].get("name"))))
            config[room] = {k: v for k, v in config[room].items() if k in known}
    return marshal.dumps(config), names


def _own_mappings(config: dict, scenario: Path) -> None:
    """A scenario's flat mapping (groups, weights) is the whole of it; Hydra would add the default's keys."""
    for section, key, value in catalogue.flat_mappings(scenario):
        if isinstance(config.get(section), dict):
            config[section][key] = dict(value)


def readable(lines, places) -> tuple[list[Override], list[str]]:
    """The user's overrides and the faults found so far; what hangs on a fault is left out."""
    found, faults = parsed(lines)
    missing = {o.key: _missing(o.key, o.value, places) for o in found if o.is_choice}
    lost = {room for room, wrong in missing.items() if wrong}
    faults += [line for wrong in missing.values() for line in wrong]
    return [o for o in found if o.section not in lost], faults


def _missing(room: str, name, places) -> list[str]:
    try:
        catalogue.option(room, name, places)
    except Refused as refused:
        return refused.lines
    return []


def resolved(config: dict) -> dict:
    """The config with its references `${key}` filled in, in the order of the loop."""
    if b"${" not in marshal.dumps(config):
        return in_order(config)
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    try:
        return in_order(OmegaConf.to_container(OmegaConf.create(config), resolve=True))
    except OmegaConfBaseException as error:
        raise Refused(f"a reference cannot be resolved: {short(error)}") from None


@lru_cache(maxsize=512)
def _composed(choices: tuple, places: tuple[Path, ...]) -> tuple[dict, dict[str, str]]:
    from hydra.errors import HydraException
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    own = ",".join(f"file://{p}" for p in places[1:])
    lines = [f"{room}={name}" for room, name in choices] + ([f"hydra.searchpath=[{own}]"] if own else [])
    try:
        with inner_hydra(str(places[0])) as hydra:
            composed = hydra.compose("config", overrides=lines, return_hydra_config=True)
        names = {room: composed.hydra.runtime.choices[room] for room in CHOICES}
        keep = [k for k in composed if k != "hydra"]
        config = OmegaConf.to_container(OmegaConf.masked_copy(composed, keep), resolve=False)
    except (HydraException, OmegaConfBaseException) as error:
        raise Refused(f"the config cannot be composed: {short(error)}") from None
    for room in STAGES:
        catalogue.option(room, names[room], places)
    return {k: None if v == "???" else v for k, v in config.items()}, names
