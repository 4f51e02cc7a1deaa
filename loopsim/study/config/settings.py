"""Settings: one arm of a study, typed and checked; and the study that holds the arms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from loopsim.limits import number, validate, words


@dataclass(frozen=True, kw_only=True)
class Run:
    """How long, how often, how many: the top-level keys of a config.

    Parameters
    ----------
    days : days under the model
    refit_days : days between two fits of the model
    history_days : days of records before day 0; None = as many as the imported file has
    replicates : R
    seed : key of all random numbers
    feedback : False keeps what the model believed on day 0
    measure_days : days between two rows of the results
    log : keep an event log with person numbers
    """

    days: int = number(at_least=1, at_most=100_000, unit="days")
    refit_days: int = number(at_least=1, unit="days")
    history_days: int | None = number(at_least=1, at_most=100_000, unit="days", optional=True)
    replicates: int = number(at_least=1, at_most=1_000_000)
    seed: int = number(at_least=0, at_most=2**32 - 1)
    feedback: bool = words()
    measure_days: int = number(at_least=1, unit="days")
    log: bool = words()

    def __post_init__(self):
        validate(self, room="", extra=self._faults())

    def _faults(self):
        if self.refit_days > self.days:
            yield f"refit_days must be <= days ({self.days}), got {self.refit_days}; set refit_days"


@dataclass(frozen=True, kw_only=True)
class Output:
    """Where the results go and how many threads make them; neither changes a result."""

    threads: int | None = number(at_least=1, at_most=4096, optional=True)
    out: str | None = words(optional=True)

    def __post_init__(self):
        validate(self, room="")


@dataclass(frozen=True, kw_only=True, eq=False)
class Setup:
    """One arm, every section typed.

    Parameters
    ----------
    name : of the arm
    run : Run
    city : has `build(seed) -> City`
    world : Acts; `world_name` says which world lives it, fast or agents
    bias : Bias, the treatment
    shown : Shown, which records the model sees
    remedy, predictor, allocator : stages of the loop
    names : room -> chosen option
    after : the arm as it is once `remedy=switch` has changed its stages
    """

    name: str
    run: Run
    city: object
    world: object
    world_name: str
    bias: object
    shown: object
    remedy: object
    predictor: object
    allocator: object
    names: Mapping[str, str]
    after: Setup | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Study:
    """A scenario, composed: what `run` runs.

    Parameters
    ----------
    scenario, title, about : for readers
    setups : arm -> Setup
    threads : int, None = all cores
    out : folder of the results
    config : arm -> its whole config, plain values
    shared : the config before any arm's overrides
    arms : arm -> its overrides
    """

    scenario: str
    title: str
    about: str
    setups: dict[str, Setup]
    threads: int | None
    out: Path
    config: dict[str, dict]
    shared: dict
    arms: dict[str, tuple[str, ...]]
