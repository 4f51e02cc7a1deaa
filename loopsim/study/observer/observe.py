"""Observe: look at every turn, cheaply, and keep what the measures need.

The observer alone sees both the truth and the records. It changes nothing.
"""

from __future__ import annotations

import numpy as np

from loopsim.city.city import City
from loopsim.measures.concentration import EVEN
from loopsim.measures.disparity import group_weights, patrol_exposure, pseudo_exposure
from loopsim.records.kinds import Kinds
from loopsim.study.observer.film import Film
from loopsim.study.observer.observations import Observations
from loopsim.study.observer.period import Period, Series
from loopsim.study.observer.sight import mean_plan, see_offences, see_page, see_plan

KEPT = 120  # at most about this many plans are kept


class Observer:
    """Watches one arm for a chunk of replicates.

    Parameters
    ----------
    city : City
    kinds : Kinds
    budget : float, officer-hours a day
    days : int, length of the run
    measure_days : int, length of a measure period; a last stub under half is merged
    replicates : (R,) int, numbers of the replicates (an int R means 0 .. R - 1)
    refit_days : int, days between two plans
    film : bool, keep weekly frames of replicate 0
    """

    def __init__(
        self, city: City, kinds: Kinds, budget: float, days: int, measure_days: int, replicates,
        *, refit_days: int = 1, film: bool = True,
    ):  # fmt: skip
        numbers = np.arange(replicates) if np.ndim(replicates) == 0 else np.asarray(replicates)
        self.city, self.kinds, self.budget, self.days = city, kinds, budget, days
        self.replicates, self.refit_days = numbers, refit_days
        self.series = Series(city.groups, numbers.size)
        self.cells = int(city.grid.inside.sum())
        self._head, self._mix = group_weights(city.residents)
        self._weights = np.ascontiguousarray(np.hstack([self._head, self._mix]))
        self._crime, self._channel = kinds.is_crime, kinds.channel.astype(np.int64)
        row = np.flatnonzero(numbers == 0)
        self._row = int(row[0]) if row.size else None
        self._film = Film(city.grid, days) if film and row.size else None
        self.period = Period(city, kinds, numbers.size)
        self._scratch(numbers.size, city.grid.n)
        periods = max(1, int(days / measure_days + 0.5))
        self._ends = [measure_days * i for i in range(1, periods)] + [days]
        self._turns, self._step, self.refits = 0, max(1, -(-days // (refit_days * KEPT))), {}

    def _scratch(self, replicates: int, n: int) -> None:
        self._flag = np.zeros((replicates, n), bool)
        self._turn = np.zeros(n, np.int32)
        self._exposure = np.empty((replicates, self._weights.shape[1]))
        self._figures = np.empty((replicates, 4))
        self._hits = np.zeros((2, replicates, 3), np.int64)

    def legacy(self, plan: np.ndarray) -> None:
        """The dose of the treatment as realised: patrol per head under legacy policing.

        Parameters
        ----------
        plan : (R, n) or (n,) float, officer-hours a day
        """
        shape = self.replicates.size, plan.shape[-1]
        plan = np.ascontiguousarray(np.broadcast_to(plan, shape), dtype=float)
        figures, exposure = self._figures.copy(), self._exposure.copy()
        flag, held = np.zeros(plan.shape, bool), np.zeros(plan.shape, np.int32)
        see_plan(plan, 1, np.inf, self._weights, flag, held, np.zeros(plan.shape), exposure, figures)
        groups = len(self.city.groups)
        pseudo = pseudo_exposure(self.budget, figures[:, 0], self.cells)
        self.series.pairs(0, "dose", exposure[:, :groups], pseudo)

    def history(self, ledger, legacy=None) -> None:
        """The records the run starts from, and the legacy plan, as disparities and rates of day 0."""
        if legacy is not None:
            self.legacy(legacy)
        past = [p for p in ledger.pages if p.end <= 0]
        raster = np.zeros_like(self.period.records)
        blank = np.zeros_like(self._flag), np.zeros_like(self._figures)
        for p in past:
            see_page(
                p.count, p.cell, p.kind, p.times, self._channel, self._crime, *blank, raster, self._turn,
                self._hits[0].copy(),
            )  # fmt: skip
        days = sum(p.days for p in past)
        if days:
            self.period.tell_records(self.series, 0, raster)
            self.period.tell_volume(self.series, 0, raster, days)

    def see(self, turn) -> None:
        """Take in one turn; valid only while the turn is."""
        now, page, truth = turn.now, turn.page, turn.truth
        plan, period, end = mean_plan(turn.plan), self.period, now.day + now.days
        even = self.budget / self.cells * EVEN
        see_plan(
            plan, now.days, even, self._weights, self._flag, period.held, period.patrol,
            self._exposure, self._figures,
        )  # fmt: skip
        see_offences(truth.offences, self._flag, self._figures, period.offences, self._hits[1])
        see_page(
            page.count, page.cell, page.kind, page.times, self._channel, self._crime, self._flag, self._figures,
            period.records, self._turn, self._hits[0],
        )  # fmt: skip
        period.add(truth, self._figures, self._hits, now.days, first=self._turns == 0)
        if self._film is not None:
            self._film.add(turn, plan, self._crime, self._row)
        if self._turns % self._step == 0 or end >= self.days:
            self._keep(now.day, turn.risk)
        self._turns += 1
        self._close(end)

    def _keep(self, day: int, risk: np.ndarray) -> None:
        """The disparity of one plan and of the belief behind it, with the shares of patrol."""
        groups = len(self.city.groups)
        self.refits[day] = self._turns
        pseudo = pseudo_exposure(self.budget, self._figures[:, 0], self.cells)
        self.series.pairs(day, "patrol_disparity", self._exposure[:, :groups], pseudo)
        self.series.by_group(day, "patrol_share", self._exposure[:, groups:], self.budget)
        self.series.add(day, "effective_cells", "all", self._figures[:, 0])
        belief = patrol_exposure(np.ascontiguousarray(risk), self._head)
        self.series.pairs(day, "risk_disparity", belief, 0.0)

    def _close(self, end: int) -> None:
        if end >= self._ends[0]:
            self._ends = [e for e in self._ends if e > end] or [self.days + 1]
            self.period.close(self.series, end, self._weights, self.cells)

    def finish(self) -> Observations:
        """Everything seen, as numerators and denominators by replicate."""
        period, film = self.period, self._film
        if period.days:
            period.close(self.series, period.start + period.days, self._weights, self.cells)
        if film is not None:
            film.close(period.start)
        ranks, curves = period.curves(self.days)
        return Observations(
            replicates=self.replicates,
            **self.series.arrays(),
            refits=self.refits,
            refit_days=self.refit_days,
            total_maps=period.total_maps(),
            ranks=ranks,
            curves=curves,
            frames=film.frames() if film is not None else {},
            frame_days=film.days if film is not None else [],
        )
