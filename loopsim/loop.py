"""The loop: records make a prediction, the prediction sends patrols, patrols make records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numba import njit

from loopsim.city.grid import Grid
from loopsim.philox import Dice
from loopsim.records.evidence import Evidence
from loopsim.records.ledger import Ledger
from loopsim.records.page import Page
from loopsim.stages import Allocator, Now, Predictor, Remedy, Truth, World


@dataclass(kw_only=True, eq=False)
class Turn:
    """One turn, as an observer sees it."""

    now: Now
    risk: np.ndarray
    plan: np.ndarray
    truth: Truth
    page: Page


@dataclass(frozen=True, kw_only=True, eq=False)
class Change:
    """What is different from the first refit on or after a day.

    Parameters
    ----------
    from_day : int
    parts : field of the loop -> its new value (predictor, allocator, remedy, weights, ...)
    """

    from_day: int
    parts: Mapping[str, object]


@dataclass(kw_only=True, eq=False)
class Loop:
    """A city, its police and their ledger, for a chunk of replicates.

    Parameters
    ----------
    weights : (M,) float, what each kind of record weighs in the evidence
    refit_days : int, days between two fits of the model
    feedback : bool; False cuts the loop: the model sees the records of before day 0 and no others
    changes : reforms to come, by day
    notes : what the stages remember; `plan` is the plan of the last turn
    """

    grid: Grid
    ledger: Ledger
    remedy: Remedy
    predictor: Predictor
    allocator: Allocator
    world: World
    weights: np.ndarray
    budget: float
    refit_days: int
    dice: Dice
    feedback: bool = True
    changes: tuple[Change, ...] = ()
    notes: dict = field(default_factory=dict)
    _believed: tuple | None = None
    _cut_on: int | None = None
    _learnt: set = field(default_factory=set)

    def turn(self, day: int, days: int) -> Turn:
        """Predict, patrol, live `days` days, write them down."""
        self.reform(day)
        now = Now(day=day, days=days, budget=self.budget, grid=self.grid, dice=self.dice, notes=self.notes)
        now.evidence, risk = self.believe(now)
        plan = self.send(risk, now)
        page = self.ledger.blank_page(day, days, self.world.page_capacity(days), ones=False)
        truth = self.world(plan, now, page)
        self.expect(page)
        self.ledger.add(page)
        return Turn(now=now, risk=risk, plan=plan, truth=truth, page=page)

    def believe(self, now: Now) -> tuple[Evidence, np.ndarray]:
        """Evidence and risk this morning, or those of day 0 where feedback is cut."""
        self._cut_on = now.day if self.feedback or self._cut_on is None else self._cut_on
        if self.feedback or self._believed is None:
            shown = Evidence(ledger=self.ledger, today=self._cut_on, weights=self.weights, budget=now.budget)
            evidence = self.remedy(shown, now)
            now.evidence, before = evidence, set(self.notes)
            self._believed = evidence, self.predictor(evidence, now)
            self._learnt |= set(self.notes) - before - {"fallbacks"}
            self.admit(self._believed[1], now)
        return self._believed

    def admit(self, risk: np.ndarray, now: Now) -> None:
        """Write into the manifest that a model told no place from another by 0 everywhere."""
        if a_blank(risk):
            line = f"no risk anywhere in a replicate: its patrols go by lot or evenly (day {now.day})"
            self.notes.setdefault("fallbacks", []).append(line)

    def send(self, risk: np.ndarray, now: Now) -> np.ndarray:
        """Where patrols go, after a remedy that acts on the plan has had its say."""
        self.notes.pop("expected", None)
        plan = self.allocator(risk, now)
        if hasattr(self.remedy, "adjust"):
            plan = self.remedy.adjust(plan, now)
            self.notes.pop("expected", None)
        self.notes["plan"] = plan
        return plan

    def expect(self, page: Page) -> None:
        """Where an allocator draws lots, a record remembers the patrol that was to be expected.

        What weighs a record by the patrol that found it needs the chance of a visit; that the
        cell was visited goes without saying.
        """
        expected = self.notes.get("expected")
        if expected is not None:
            row, i = np.nonzero(np.arange(page.capacity) < page.count[:, None])
            page.patrol[row, i] = expected[row, page.cell[row, i]]

    def reform(self, day: int) -> None:
        """Put the changes in force whose day has come; a new model starts from the ledger as it is.

        What the old model had learnt goes with it. Where feedback is cut, the new one is shown
        the records of day 0 too: else the reform would close the loop.
        """
        if not self.changes:
            return
        for change in [c for c in self.changes if c.from_day <= day]:
            if change.parts.get("predictor", self.predictor) != self.predictor:
                self.notes = {k: v for k, v in self.notes.items() if k not in self._learnt}
            for part, value in change.parts.items():
                setattr(self, part, value)
            self._believed = None
        self.changes = tuple(c for c in self.changes if c.from_day > day)

    def run(self, days: int) -> Iterator[Turn]:
        """All turns of `days` days; a turn is valid until the next one is asked for."""
        for day in range(0, days, self.refit_days):
            yield self.turn(day, min(self.refit_days, days - day))


@njit(cache=True, nogil=True)
def a_blank(risk):
    """Whether a replicate of (R, n) has no risk anywhere; mostly the first cell of each tells."""
    for r in range(risk.shape[0]):
        c = 0
        while c < risk.shape[1] and not risk[r, c] > 0.0:
            c += 1
        if c == risk.shape[1]:
            return True
    return False
