"""Period: the sums of one measure period, and what they say when it ends."""

from __future__ import annotations

import numpy as np

from loopsim.city.city import City
from loopsim.measures.concentration import gini, top_share
from loopsim.measures.dark_figure import thirds
from loopsim.measures.disparity import group_weights, patrol_exposure
from loopsim.measures.divergence import jensen_shannon
from loopsim.measures.predictability import EVEN_PART, deviance
from loopsim.measures.rates import YEAR
from loopsim.records.kinds import CHANNELS, Kinds
from loopsim.study.observer.maps import FIXED

RANKS = 60  # points of a concentration curve
THIRDS = ("least deprived third", "middle third", "most deprived third")


class Series:
    """Rows (day, measure, group) with a numerator and a denominator by replicate."""

    def __init__(self, groups: tuple[str, ...], replicates: int):
        self.groups, self.replicates = groups, replicates
        self.pairing = [(g, 0, f"{name}/{groups[0]}") for g, name in enumerate(groups) if g]
        self.keys, self._rows = [], []

    def add(self, day, measure, group, a, b=1.0, pseudo=np.nan) -> None:
        """One row; a row whose numerator is NaN says 0 / 0 for that replicate."""
        self.keys.append((int(day), measure, group))
        self._rows.append([x if np.ndim(x) == 0 else np.array(x, np.float64) for x in (a, b, pseudo)])

    def by_group(self, day, measure, a, b=1.0, *, whole=False) -> None:
        """(R, G) numerators, a row a group; `whole` adds a row for all groups together."""
        if np.ndim(b):
            b = np.broadcast_to(b, np.shape(a))
        for g, name in enumerate(self.groups):
            self.add(day, measure, name, a[:, g], b[:, g] if np.ndim(b) else b)
        if whole:
            self.add(day, measure, "all", a.sum(axis=1), b.sum(axis=1))

    def pairs(self, day, measure, a, pseudo) -> None:
        """(R, G) exposures as log-ratios of every group to the first."""
        for x, y, pair in self.pairing:
            self.add(day, measure, pair, a[:, x], a[:, y], pseudo)

    def arrays(self) -> dict:
        """keys, a, b and pseudo, each (S, R)."""
        a, b, pseudo = np.empty((3, len(self.keys), self.replicates))
        for i, row in enumerate(self._rows):
            a[i], b[i], pseudo[i] = row
        undefined = np.isnan(a)
        a[undefined], b[undefined] = 0.0, 0.0
        return {"keys": self.keys, "a": a, "b": b, "pseudo": pseudo}


class Period:
    """Sums since the last period ended, for a chunk of replicates."""

    def __init__(self, city: City, kinds: Kinds, replicates: int):
        n, groups = city.residents.shape
        self.city, self.kinds = city, kinds
        self.third = thirds(city.grid.layers.get("deprivation", np.zeros(n)), city.residents.sum(axis=1))
        self.patrol = np.zeros((replicates, n))
        self.offences = np.zeros((replicates, n), np.int64)
        self.records = np.zeros((replicates, len(CHANNELS), n), np.int32)
        self.held = np.zeros((replicates, n), np.int32)
        self.tally = np.zeros((replicates, groups, len(kinds)), np.int64)
        self.committed = np.zeros((replicates, groups), np.int64)
        self.hits = np.zeros((2, replicates, 3), np.int64)
        self.area, self.overlap, self.turns = np.zeros(replicates), np.zeros(replicates), 0
        self.days, self.start = 0, 0
        self._before = None
        self._totals = {k: np.zeros(n, np.int64) for k in ("offences", "recorded", "patrol")}
        self._whole = np.zeros((replicates, n))

    def add(self, truth, figures, hits, days: int, *, first: bool) -> None:
        """Take in the tallies of a turn."""
        self.tally += truth.tally
        self.committed += truth.offences_by_group.sum(axis=2)
        self.hits += hits
        self.area += figures[:, 1] * days
        if not first:
            self.overlap += figures[:, 2] / np.maximum(figures[:, 3], 1.0)
            self.turns += 1
        self.days += days

    def close(self, series: Series, end: int, weights, cells: int) -> None:
        """Say what the period showed, then start the next."""
        self._tell_people(series, end)
        self.tell_records(series, end, self.records)
        self._tell_patrol(series, end, weights)
        self._tell_concentration(series, end)
        self._tell_accuracy(series, end, cells)
        self._tell_predictability(series, end, cells)
        self._keep_totals()
        for sums in (self.patrol, self.offences, self.records, self.tally, self.committed, self.hits):
            sums[:] = 0
        self.area[:], self.overlap[:], self.turns = 0.0, 0.0, 0
        self.days, self.start = 0, end

    def _tell_people(self, series, end) -> None:
        """Rates by the group of the person: offences, records by channel, stops."""
        people, annual = self.city.people, 1000.0 * YEAR / self.days
        kinds, crimes = self.kinds, self.tally[:, :, self.kinds.is_crime].sum(axis=2)
        by_channel = {c: self.tally[:, :, kinds.of_channel(c)].sum(axis=2) for c in CHANNELS}
        series.by_group(end, "true_rate", annual * self.committed, people, whole=True)
        series.by_group(end, "recorded_rate", annual * crimes, people, whole=True)
        for channel, count in by_channel.items():
            series.by_group(end, f"recorded_rate_{channel}", annual * count, people, whole=True)
        found, stops = by_channel["search"], by_channel["search"] + by_channel["stop"]
        series.by_group(end, "stop_rate", annual * stops, people, whole=True)
        head = 1000.0 * stops / np.maximum(people, 1)
        series.pairs(end, "stop_disparity", head, 500.0 / max(self.city.total, 1))
        series.by_group(end, "stop_share", stops, stops.sum(axis=1, keepdims=True))
        series.by_group(end, "nfa_rate", stops - found, stops, whole=True)
        series.by_group(end, "find_rate", found, stops, whole=True)
        seen = by_channel["report"] + by_channel["discovery"]
        series.by_group(end, "dark_figure", self.committed - seen, self.committed, whole=True)
        by_patrol = by_channel["discovery"] + found
        series.add(end, "patrol_found_share", "all", by_patrol.sum(axis=1), crimes.sum(axis=1))

    def tell_records(self, series, end, raster) -> None:
        """Disparity of records by where people live, in all and by channel."""
        head, mix = group_weights(self.city.residents)
        pseudo = 0.5 / head.shape[0]
        counts = {f"_{c}": raster[:, i] for i, c in enumerate(CHANNELS)}
        crimes = raster[:, :3].sum(axis=1, dtype=np.int64)
        for name, count in {"": crimes, **counts}.items():
            count = count.astype(np.float64)
            series.pairs(end, f"record_disparity{name}", patrol_exposure(count, head), pseudo)
        series.by_group(end, "record_share", patrol_exposure(crimes * 1.0, mix), crimes.sum(axis=1)[:, None])

    def tell_volume(self, series, end, raster, days: int) -> None:
        """Records per 1,000 residents a year, in all and by channel, whoever they name."""
        annual, total = 1000.0 * YEAR / days, max(self.city.total, 1)
        series.add(end, "recorded_rate", "all", annual * raster[:, :3].sum(axis=(1, 2)), total)
        for i, channel in enumerate(CHANNELS):
            series.add(end, f"recorded_rate_{channel}", "all", annual * raster[:, i].sum(axis=1), total)

    def _tell_patrol(self, series, end, weights) -> None:
        groups = len(self.city.groups)
        exposure = patrol_exposure(self.patrol, weights)
        series.by_group(end, "patrol_exposure", exposure[:, :groups] / self.days)

    def _tell_concentration(self, series, end) -> None:
        series.add(end, "gini", "all", gini(self.patrol))
        series.add(end, "top5_share", "all", top_share(self.patrol))
        series.add(end, "cells_ever_patrolled", "all", (self.held > 0).sum(axis=1))
        series.add(end, "rank_persistence", "all", self.overlap, self.turns)
        apart = jensen_shannon(self.patrol, self.offences)
        series.add(end, "divergence", "all", apart, ~np.isnan(apart))
        for i, name in enumerate(THIRDS):
            here = self.third == i
            happened = self.offences[:, here].sum(axis=1)
            seen = self.records[:, :2, here].sum(axis=(1, 2))
            series.add(end, "dark_figure", name, happened - seen, happened)

    def _tell_accuracy(self, series, end, cells) -> None:
        area = self.area / (cells * self.days)
        for i, name in enumerate(("records", "truth")):
            found, total, best = self.hits[i].T.astype(np.float64)
            rate = np.divide(found, total, out=np.full(found.shape, np.nan), where=total > 0)
            series.add(end, f"hit_rate_{name}", "all", found, total)
            series.add(end, f"pai_{name}", "all", rate, area)
            series.add(end, f"pei_{name}", "all", found, best)

    def _tell_predictability(self, series, end, cells) -> None:
        if self._before is not None:
            for name, past in zip(("patrol", "truth"), self._before, strict=True):
                whole, part = deviance(self.patrol, past, cells, EVEN_PART).T
                fits = whole > 1e-9
                series.add(end, f"predictability_{name}", "all", part * fits, whole * fits)
        self._before = self.patrol.copy(), self.offences.astype(np.float64)

    def _keep_totals(self) -> None:
        crimes = self.records[:, :3].sum(axis=1, dtype=np.int64)
        patrol = np.rint(self.patrol * FIXED).astype(np.int64)
        self._whole += self.patrol
        for name, raster in {"offences": self.offences, "recorded": crimes, "patrol": patrol}.items():
            self._totals[name] += raster.sum(axis=0)

    def curves(self, days: int) -> tuple[np.ndarray, dict]:
        """How few cells take the patrol, and for how long, replicate by replicate.

        Averaging replicates before ranking their cells would hide it: each has its own hotspots.

        Parameters
        ----------
        days : int, length of the run

        Returns
        -------
        ranks : (P,) int, numbers of cells at which the curves are read
        curves : `patrol_curve` (R, P), share of all patrol in the cells up to that rank;
            `held_curve` (R, P), share of days on which the cell of that rank was patrolled
        """
        inside = self.city.grid.inside
        ranks = np.unique(np.rint(np.geomspace(1, inside.sum(), RANKS)).astype(int))
        patrol, held = (-np.sort(-x[:, inside], axis=1) for x in (self._whole, self.held))
        total = np.maximum(patrol.sum(axis=1, keepdims=True), 1e-300)
        found = {"patrol_curve": np.cumsum(patrol, axis=1) / total, "held_curve": held / days}
        return ranks, {name: curve[:, ranks - 1] for name, curve in found.items()}

    def total_maps(self) -> dict:
        """name -> (n,) int64 sums over the replicates of this chunk."""
        return {**self._totals, "patrolled_days": self.held.sum(axis=0, dtype=np.int64)}
