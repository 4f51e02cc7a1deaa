"""The words: the stages of one turn of the loop, in loop order, with shapes and units.

    evidence = remedy(ledger)             what the model is shown
    risk     = predictor(evidence)        what it believes         (R, n) records/cell/day
    plan     = allocator(risk)            where patrols go         (R, days, n) officer-hours
    truth    = world(plan)                what truly happens, and what is written down
    ledger  += page                       the records of the turn

R = replicates, n = cells (flat, row-major). A stage is a frozen, keyword-only dataclass
that is its own config schema; `loopsim/<room>/<name>.py` holds the class `<Name>` that
`configs/<room>/<name>.yaml` fills. A stage never changes itself: what it must remember
within a run goes into `now.notes`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from loopsim.city.grid import Grid
from loopsim.philox import Dice
from loopsim.records.evidence import Evidence
from loopsim.records.page import Page


@dataclass(kw_only=True, eq=False)
class Now:
    """What every stage may know about the turn.

    Parameters
    ----------
    day : int, first day of the turn; day 0 is the first day under the model
    days : int, days until the next refit
    budget : float, officer-hours a day for the whole city
    grid : Grid, the public map
    dice : Dice, keyed random numbers; a stage uses its own stream, `day` and `sub`
    evidence : Evidence, what the remedy lets the model see
    notes : dict, what the stages remember within this run; keys are the stages' own
    """

    day: int
    days: int
    budget: float
    grid: Grid
    dice: Dice
    evidence: Evidence | None = None
    notes: dict = field(default_factory=dict)


class Remedy(Protocol):
    """A valve on the evidence; it may not look at anything but records and the map.

    A remedy may also define `adjust(plan, now) -> plan`, which changes where patrols go; the
    plan keeps its shape and each day still sums to `now.budget`.
    """

    def __call__(self, evidence: Evidence, now: Now) -> Evidence:
        """Evidence that the model is shown instead."""


class Predictor(Protocol):
    """What the model believes: a prediction of records, never called crime."""

    memory_days: float
    """Days of records it looks back on; the ledger keeps no more."""

    def __call__(self, evidence: Evidence, now: Now) -> np.ndarray:
        """risk, (R, n) float >= 0, records per cell and day."""


class Allocator(Protocol):
    """Where patrols go."""

    def __call__(self, risk: np.ndarray, now: Now) -> np.ndarray:
        """plan, (R, days, n) float >= 0, officer-hours; each day sums to `now.budget`.

        A plan that is the same every day is a broadcast view (stride 0 on the day axis).
        """


@dataclass(kw_only=True, eq=False)
class Truth:
    """What truly happened in one turn: for the observer only. Valid until the next turn.

    Parameters
    ----------
    offences : (R, n) int32, where offences happened
    offences_by_group : (R, G, K) int64, whose they were, by offence type
    tally : (R, G, M) int64, records by group of the person recorded and kind
    """

    offences: np.ndarray
    offences_by_group: np.ndarray
    tally: np.ndarray


class World(Protocol):
    """One day in the city, several times over."""

    def page_capacity(self, days: int) -> int:
        """Room that the records of `days` days need, per replicate."""

    def __call__(self, plan: np.ndarray, now: Now, page: Page) -> Truth:
        """Let `now.days` days happen under `plan` and write the records on `page`, `times` of each too."""
