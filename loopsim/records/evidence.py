"""Evidence: the part of the ledger that a model is shown.

Which channels and offence types count, and for how much, is configuration; a remedy
takes evidence and returns other evidence. Models never touch the ledger itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from loopsim.limits import Refused, nearest, validate, words
from loopsim.records.kinds import CHANNELS, PATROL_CHANNELS, Kinds
from loopsim.records.ledger import COMPLEMENT, INVERSE, PLAIN, Ledger

SHOWN = ("day", "cell", "kind", "times")  # what a model sees of a record, besides its weight


@dataclass(frozen=True, kw_only=True)
class Shown:
    """Which records a model is shown: the config section `evidence`.

    Parameters
    ----------
    channels : list of channels, or "all"
    weights : "count" (every record weighs 1), "harm" (Crime Harm Index days; stops and
        intelligence then weigh 0), or a mapping from offence type to weight (others 0)
    proactive : bool, whether types that only police activity finds are shown
    """

    channels: object = words()
    weights: object = words()
    proactive: bool = words()

    def __post_init__(self):
        validate(self, room="evidence", extra=self._faults())

    def _faults(self):
        channels = [self.channels] if isinstance(self.channels, str) else self.channels
        if channels == ["all"]:
            channels = list(CHANNELS)
        if not channels:
            yield "evidence.channels must name at least one channel, got none; set evidence.channels"
        for name in channels or ():
            if name not in CHANNELS:
                hint = nearest(name, (*CHANNELS, "all"))
                yield f"evidence.channels must be channels, got {name}: {hint}; set evidence.channels"
        if isinstance(self.weights, str):
            if self.weights not in ("count", "harm"):
                yield f"evidence.weights must be count, harm or a mapping, got {self.weights}; set evidence.weights"
        elif not isinstance(self.weights, Mapping):
            yield f"evidence.weights must be count, harm or a mapping, got {self.weights}; set evidence.weights"
        else:
            for name, value in self.weights.items():
                if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e6:
                    yield f"evidence.weights.{name} must be >= 0, got {value}; set evidence.weights.{name}"

    def per_kind(self, kinds: Kinds) -> np.ndarray:
        """(M,) weight of each kind of record."""
        channels = CHANNELS if self.channels in ("all", ["all"]) else self.channels
        channels = (channels,) if isinstance(channels, str) else channels
        seen = np.isin(kinds.channel, [CHANNELS.index(c) for c in channels])
        if not self.proactive:
            seen &= ~kinds.is_proactive
        return np.where(seen, kinds.strength * self._per_type(kinds), 0.0)

    def _per_type(self, kinds: Kinds) -> np.ndarray:
        if self.weights == "count":
            return np.ones(len(kinds))
        table = kinds.harm if self.weights == "harm" else self.weights
        unknown = [t for t in table if t not in kinds.types]
        if unknown and self.weights != "harm":
            hint = nearest(unknown[0], kinds.types)
            raise Refused(
                f"evidence.weights names no offence type {unknown[0]}: {hint}; set evidence.weights"
            )
        return np.array([float(table.get(t, 0.0)) for _, t, _ in kinds.table])


@dataclass(frozen=True, kw_only=True, eq=False)
class Evidence:
    """What a model may know on the morning of `today`: records up to yesterday.

    Parameters
    ----------
    ledger : Ledger
    today : int, day; nothing of this day or later is visible
    weights : (M,) float, weight of each kind
    rule : how a record's weight depends on the patrol its cell had that day: "plain"
        (not at all), "inverse" (divided by the cell's patrol relative to an even spread,
        at least `floor`), "complement" (times 1 - the cell's share of all patrol)
        Reports are left alone: nobody's patrol brought them in.
    floor : float, see `rule`
    budget : float, officer-hours a day for the city
    scale : (n,) float or None, factor on the records of each cell
    forget_per_day : float in [0, 1), share of its weight that a record loses each day
    cap : float, most weighted records per cell and day, on average over the days asked for
    """

    ledger: Ledger
    today: int
    weights: np.ndarray
    budget: float
    rule: str = "plain"
    floor: float = 0.0
    scale: np.ndarray | None = None
    forget_per_day: float = 0.0
    cap: float = np.inf

    @property
    def kinds(self) -> Kinds:
        """The kinds of record in the ledger."""
        return self.ledger.kinds

    @property
    def shape(self) -> tuple[int, int]:
        """(R, n): replicates, cells."""
        return self.ledger.replicates, self.ledger.n

    @property
    def days_known(self) -> int:
        """Days of records that are remembered."""
        return self.today - self.ledger.start

    def counts(self, days: int, *, ago: int = 0, lent: bool = False) -> np.ndarray:
        """(R, n) weighted number of records in `days` days that end `ago` days before today.

        `lent`: the ledger's own raster will do; it is to be read at once and left as it is.
        """
        end = self.today - ago
        if lent and self.rule == "plain" and not self.forget_per_day:
            return self._limited(self.ledger.counts(self.weights, end - days, end, lent=True), days)
        return self._limited(self._counted(end - days, end), days)

    def _counted(self, first: int, end: int) -> np.ndarray:
        return self._by_rule(lambda weights, **rule: self._read(weights, first, end, **rule))

    def _by_rule(self, read) -> np.ndarray:
        """What `read(weights)` finds, with the rule on what patrol brought in and none on reports."""
        if self.rule == "plain":
            return read(self.weights)
        reports = self.only_reports().weights
        rule = {"rule": self._rule, "floor": self.floor, "mean": self._mean}
        return read(reports) + read(self.weights - reports, **rule)

    def _read(self, weights: np.ndarray, first: int, end: int, **rule) -> np.ndarray:
        if self.forget_per_day:
            return self.ledger.faded(weights, first, end, self.today, self.forget_per_day, **rule)
        return self.ledger.counts(weights, first, end, **rule)

    @property
    def _rule(self) -> int:
        return {"plain": PLAIN, "inverse": INVERSE, "complement": COMPLEMENT}[self.rule]

    @property
    def _mean(self) -> float:
        """Officer-hours that count as 1: an even share of the budget, or all of it."""
        return self.budget / self.ledger.n if self.rule == "inverse" else self.budget

    def _limited(self, records: np.ndarray, days: float) -> np.ndarray:
        """Scale the cells and hold them to the cap."""
        scaled = records if self.scale is None else records * self.scale
        return scaled if self.cap == np.inf else np.minimum(scaled, self.cap * days)

    def ewma(self, alpha: float) -> np.ndarray:
        """(R, n) exponentially weighted moving average of weighted daily counts.

        Forgetting makes the average shorter.
        """
        faster = 1.0 - (1.0 - alpha) * (1.0 - self.forget_per_day)
        mean = self._by_rule(lambda weights, **rule: self.ledger.ewma(weights, faster, self.today, **rule))
        return self._limited(alpha / faster * mean, 1.0)

    def events(self, row: int, days: int, *, apart=True) -> dict[str, np.ndarray]:
        """Weighted records of replicate `row` in the last `days` days, in day order.

        Returns `day` (days before today, negative), `cell`, `kind`, `weight`; records that
        weigh nothing are left out. Unless told `apart`, records alike that were written
        together may be one entry of `times` records, each of that weight.
        """
        apart = apart or self.cap < np.inf  # the cap is a matter of single records
        found = self.ledger.events(row, self.today - days, self.today, apart=apart)
        found["day"] = found["day"] - self.today
        weight = self._weigh(found, days)
        seen = weight > 0
        shown = {name: column[seen] for name, column in found.items() if name in SHOWN}
        return shown | {"weight": weight[seen]}

    @property
    def has_addresses(self) -> bool:
        """Whether the police know where people on record live."""
        return self.ledger.home is not None

    def homes(self, row: int, days: int, kinds: np.ndarray) -> np.ndarray:
        """(n,) people by home cell, each once, whom records of these kinds name in the last `days` days.

        Parameters
        ----------
        kinds : (M,) bool
        """
        found = self.ledger.events(row, self.today - days, self.today)
        named = kinds[found["kind"]] & (found["person"] >= 0)
        return np.bincount(self.ledger.home[np.unique(found["person"][named])], minlength=self.ledger.n)

    def _weigh(self, found: Mapping, days: int) -> np.ndarray:
        """(m,) weight of each record after the rule, forgetting, the scale and the cap."""
        weight = self.weights[found["kind"]]
        if self.rule != "plain":
            share = found["patrol"] / self._mean
            factor = 1 / np.maximum(share, self.floor) if self.rule == "inverse" else 1 - np.minimum(share, 1)
            factor = np.where(np.isnan(share), 1.0, factor)
            weight = np.where(self.kinds.of_channel("report")[found["kind"]], weight, weight * factor)
        if self.forget_per_day:
            weight = weight * (1.0 - self.forget_per_day) ** (-1 - found["day"])
        if self.scale is not None:
            weight = weight * self.scale[found["cell"]]
        if self.cap < np.inf:
            total = np.bincount(found["cell"], weight, self.ledger.n)
            share = np.minimum(1.0, self.cap * days / np.maximum(total, np.finfo(float).tiny))
            weight = weight * share[found["cell"]]
        return weight

    def without(self, *channels: str) -> Evidence:
        """The same evidence without some channels."""
        hidden = np.isin(self.kinds.channel, [CHANNELS.index(c) for c in channels])
        return replace(self, weights=np.where(hidden, 0.0, self.weights))

    def only_reports(self) -> Evidence:
        """The same evidence without anything that patrol brought to light."""
        return self.without(*PATROL_CHANNELS)
