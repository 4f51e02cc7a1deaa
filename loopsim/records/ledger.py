"""The ledger: append-only, all that the police know.

Pages are kept for as long as the model remembers and then reused. A count raster that a
model asks for again is slid forward (add today, subtract the day that leaves), so the
cost of remembering follows the number of records, never cells x days. Weights are
multiples of 1/1024, so sums in doubles are exact whatever the order.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from itertools import islice

import numpy as np

from loopsim.records.adding import COMPLEMENT, FIXED, INVERSE, PLAIN, accumulate, accumulate_by_patrol, fade
from loopsim.records.kinds import Kinds
from loopsim.records.page import Page

__all__ = ["COMPLEMENT", "INVERSE", "PLAIN", "Ledger", "SharedPage"]
HELD = 64  # rasters kept for sliding; more would be rasters that nobody asks for again


class Ledger:
    """Every record of a chunk of replicates, newest page last.

    Parameters
    ----------
    kinds : Kinds
    n : int, cells
    replicates : int, R
    memory_days : how long a page is kept; inf keeps the whole log
    persons : bool, keep person numbers (the event log)
    home : (N,) int32 or None, home cell of each resident: looked up for people on record only
    """

    def __init__(
        self, kinds: Kinds, n: int, replicates: int, *, memory_days=np.inf, persons=False, home=None
    ):
        self.kinds, self.n, self.replicates = kinds, n, replicates
        self.memory_days, self.persons, self.home = memory_days, persons or home is not None, home
        self.pages: deque[Page] = deque()
        self._blank: list[Page] = []
        self._rasters: dict = {}
        self._parts: dict = {}
        self._forgotten = -np.inf  # days before this one are no longer held

    @property
    def today(self) -> int:
        """The first day that is not yet written."""
        return self.pages[-1].end if self.pages else 0

    @property
    def start(self) -> int:
        """The first day still remembered."""
        return self.pages[0].first if self.pages else 0

    def blank_page(self, first: int, days: int, capacity: int, *, ones: bool = True) -> Page:
        """An empty page for the days first .. first + days - 1; not yet part of the ledger.

        Parameters
        ----------
        ones : whether each entry stands for one record until told otherwise; a world tells
        """
        for at, page in enumerate(self._blank):
            if page.capacity >= capacity:
                del self._blank[at]
                page.count.fill(0)
                if ones:
                    page.times.fill(1)
                break
        else:
            page = Page.blank(self.replicates, capacity, persons=self.persons, ones=ones)
        page.first, page.days = first, days
        return page

    def add(self, page: Page) -> None:
        """Append a page; pages past the memory are given back for reuse."""
        today = self.today
        if self.pages and page.first != today:
            raise ValueError(f"a page must start on day {today}, got {page.first}")
        forgotten = today - self.memory_days
        self.pages.append(page)
        while self.pages[0].end <= forgotten:
            old = self.pages.popleft()
            self._forgotten = old.end
            if not isinstance(old, SharedPage):
                self._blank.append(old)

    def fork(self, replicates: slice = slice(None), memory_days: float | None = None) -> Ledger:
        """A ledger with the same past and a future of its own; the pages so far are shared.

        Parameters
        ----------
        replicates : the rows that go on; all of them unless given
        memory_days : how long the new ledger keeps a page; as before unless given
        """
        rows = len(range(self.replicates)[replicates])
        memory = self.memory_days if memory_days is None else memory_days
        other = Ledger(self.kinds, self.n, rows, memory_days=memory, persons=self.persons, home=self.home)
        self.pages = deque(SharedPage(p) for p in self.pages)
        other.pages = deque(SharedPage(p, replicates) for p in self.pages)
        other._forgotten = self._forgotten
        return other

    def counts(
        self, weights, first: int, end: int, *, rule=PLAIN, floor=0.0, mean=1.0, lent=False
    ) -> np.ndarray:
        """(R, n) weighted number of records on days first .. end - 1.

        Parameters
        ----------
        weights : (M,) float, weight of each kind; 0 leaves a kind out
        rule, floor, mean : how the patrol at the time of a record changes its weight
        lent : whether to lend the ledger's own raster: to be read at once and left as it is
        """
        fixed, taken, name = self._in_parts(weights)
        key = (name, end - first, self.today - end, rule, floor, mean)
        have = self._rasters.pop(key, None)
        if have is None or have[2] > end or have[1] < min(first, self._forgotten):
            have = (np.zeros((self.replicates, self.n)), first, first)
        raster, old_first, old_end = have
        if first < old_end:
            self._put(raster, taken, old_first, first, rule, floor, mean)
        elif old_end > old_first:
            raster[:] = 0
        self._put(raster, fixed, max(old_end, first), end, rule, floor, mean)
        self._rasters[key] = (raster, first, end)
        if len(self._rasters) > HELD:
            self._rasters.pop(next(iter(self._rasters)))  # the one that was asked for longest ago
        return raster if lent else raster.copy()

    def _in_parts(self, weights) -> tuple[np.ndarray, np.ndarray, bytes]:
        """Weights in whole parts, the same to be taken away, and their name; worked out once."""
        asked = np.asarray(weights, np.float64).tobytes()
        if asked not in self._parts:
            if len(self._parts) >= HELD:
                self._parts.clear()
            fixed = np.round(np.frombuffer(asked) * FIXED) / FIXED
            self._parts[asked] = fixed, -fixed, fixed.tobytes()
        return self._parts[asked]

    def _put(self, raster, fixed, first, end, rule, floor, mean):
        """Add what was recorded on days first .. end - 1 to a raster."""
        for p in self._between(first, end):
            held = raster, fixed, first, end, p.first, p.days, p.count, p.day, p.cell, p.kind, p.times
            if rule == PLAIN:
                accumulate(*held)
            else:
                accumulate_by_patrol(*held, p.patrol, rule, floor, mean)

    def _between(self, first: int, end: int) -> list[Page]:
        """The pages that hold any of the days first .. end - 1, found without reading the others."""
        pages = self.pages
        if not pages or first >= end:
            return []
        last = pages[-1]
        if last.first <= first:
            return [last] if first < last.end else []
        at = 0 if first < pages[0].end else bisect_right(pages, first, key=lambda page: page.end)
        found = []
        for page in islice(pages, at, None):
            if page.first >= end:
                break
            found.append(page)
        return found

    def faded(
        self, weights, first: int, end: int, today: int, forget: float, *, rule=PLAIN, floor=0.0, mean=1.0
    ) -> np.ndarray:
        """(R, n) like `counts`, where a record loses the share `forget` of its weight each day."""
        raster = np.zeros((self.replicates, self.n))
        weights = np.ascontiguousarray(weights, dtype=np.float64)
        for page in self.pages:
            lo, hi = max(first, page.first) - page.first, min(end, page.end) - page.first
            if lo < hi:
                keep = (1.0 - forget) ** np.maximum(today - 1 - page.first - np.arange(page.days), 0.0)
                arrays = page.count, page.day, page.cell, page.kind, page.times, page.patrol
                fade(raster, *arrays, weights, keep, lo, hi, rule, floor, mean)
        return raster

    def ewma(self, weights, alpha: float, end: int, *, rule=PLAIN, floor=0.0, mean=1.0) -> np.ndarray:
        """(R, n) exponentially weighted moving average of daily counts up to day `end`.

        s_t = alpha N_t + (1 - alpha) s_(t-1), so a record of age a days (0 = the last day)
        weighs alpha (1 - alpha)^a.
        """
        weights = np.ascontiguousarray(weights, dtype=np.float64)
        key = (weights.tobytes(), "ewma", alpha, rule, floor, mean)
        raster, since = self._rasters.get(key, (None, self.start))
        if raster is None or since > end or since < self._forgotten:
            raster, since = np.zeros((self.replicates, self.n)), self.start
        raster *= (1.0 - alpha) ** (end - since)
        for page in self._between(since, end):
            lo, hi = max(since, page.first) - page.first, min(end, page.end) - page.first
            keep = alpha * (1.0 - alpha) ** np.arange(end - page.first - 1, -1, -1.0)
            arrays = page.count, page.day, page.cell, page.kind, page.times, page.patrol
            fade(raster, *arrays, weights, keep, lo, hi, rule, floor, mean)
        self._rasters[key] = (raster, end)
        return raster.copy()

    def events(self, row: int, first: int, end: int, *, apart=True) -> dict[str, np.ndarray]:
        """Records of one replicate on days first .. end - 1, in day order.

        Returns `day`, `cell`, `kind`, `patrol` and, with the event log on, `person`; records
        alike that were written together are one entry of `times` records unless told `apart`.
        """
        names = ("day", "cell", "kind", "patrol") + (("person",) if self.persons else ())
        names = names if apart else (*names, "times")
        parts = {name: [] for name in names}
        for page in self._between(first, end):
            count = page.count[row]
            for name in names:
                column = getattr(page, name)[row, :count]
                column = np.repeat(column, page.times[row, :count]) if apart else column
                parts[name].append(column + np.int64(page.first) if name == "day" else column)
        whole = {k: np.concatenate(v) if v else np.empty(0, np.int64) for k, v in parts.items()}
        if np.any(whole["day"][1:] < whole["day"][:-1]):
            order = np.argsort(whole["day"], kind="stable")
            whole = {name: column[order] for name, column in whole.items()}
        asked = slice(*np.searchsorted(whole["day"], (first, end)))
        return {name: column[asked] for name, column in whole.items()}


class SharedPage(Page):
    """A page that two ledgers hold: read by both, reused by neither."""

    def __init__(self, page: Page, replicates: slice = slice(None)):
        rows = ("count", "day", "cell", "kind", "times", "patrol", "person")
        self.__dict__.update(page.__dict__)
        self.__dict__.update({name: getattr(page, name)[replicates] for name in rows})
