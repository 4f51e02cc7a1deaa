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
                    yield f"evidence.weights.{name} must be >= 0, got {value}; set evidence.weights"

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
            raise Refused(f"evidence.weights names no offence type {unknown[0]}: {hint}; set evidence.weights")
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
    floor : float, see `rule`
    budget : float, officer-hours a day for the city
    """

    ledger: Ledger
    today: int
    weights: np.ndarray
    budget: float
    rule: str = "plain"
    floor: float = 0.0

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

    def counts(self, days: int, *, ago: int = 0) -> np.ndarray:
        """(R, n) weighted number of records in `days` days that end `ago` days before today."""
        end = self.today - ago
        rules = {"plain": (PLAIN, 1.0), "inverse": (INVERSE, self.budget / self.ledger.n)}
        rule, mean = rules.get(self.rule, (COMPLEMENT, self.budget))
        return self.ledger.counts(self.weights, end - days, end, rule=rule, floor=self.floor, mean=mean)

    def ewma(self, alpha: float) -> np.ndarray:
        """(R, n) exponentially weighted moving average of weighted daily counts."""
        return self.ledger.ewma(self.weights, alpha, self.today)

    def events(self, row: int, days: int) -> dict[str, np.ndarray]:
        """Weighted records of replicate `row` in the last `days` days, in day order.

        Returns `day` (days before today, negative), `cell`, `kind`, `weight`; records that
        weigh nothing are left out.
        """
        found = self.ledger.events(row, self.today - days, self.today)
        weight = self.weights[found["kind"]]
        seen = weight > 0
        return {
            "day": found["day"][seen] - self.today,
            "cell": found["cell"][seen],
            "kind": found["kind"][seen],
            "weight": weight[seen],
        }

    def without(self, *channels: str) -> Evidence:
        """The same evidence without some channels."""
        hidden = np.isin(self.kinds.channel, [CHANNELS.index(c) for c in channels])
        return replace(self, weights=np.where(hidden, 0.0, self.weights))

    def only_reports(self) -> Evidence:
        """The same evidence without anything that patrol brought to light."""
        return self.without(*PATROL_CHANNELS)
