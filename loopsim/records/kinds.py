"""Kinds: the ways in which something can be written down, numbered for the ledger.

A kind is a channel with an offence type: report and discovery of each offence type,
search finds of each carried item, stops that found nothing, and intelligence logs by
strength. The order is fixed, so a kernel can compute a kind's number:

    report of type k        k
    discovery of type k     K + k
    search find of item j   2K + j
    stop, nothing found     2K + J
    intelligence, grade s   2K + J + 1 + s
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

CHANNELS = ("report", "discovery", "search", "stop", "intelligence")
PATROL_CHANNELS = ("discovery", "search", "stop", "intelligence")


@dataclass(frozen=True, kw_only=True, eq=False)
class Kinds:
    """The kinds of record of one simulation.

    Parameters
    ----------
    offences : K names of offence types
    carried : J names of items a search can find
    harm : name -> days, Crime Harm Index weight of every offence and item
    police_found : names of types that police activity, not victims, brings to light
    grades : S strengths of an intelligence log, each in (0, 1]
    """

    offences: tuple[str, ...]
    carried: tuple[str, ...]
    harm: dict
    police_found: frozenset
    grades: tuple[float, ...]

    @cached_property
    def table(self) -> tuple[tuple[str, str, float], ...]:
        """(channel, type, strength) of each kind, in ledger order."""
        return (
            *(("report", k, 1.0) for k in self.offences),
            *(("discovery", k, 1.0) for k in self.offences),
            *(("search", j, 1.0) for j in self.carried),
            ("stop", "stop", 1.0),
            *(("intelligence", "intelligence", s) for s in self.grades),
        )

    def __len__(self) -> int:
        return len(self.table)

    @cached_property
    def types(self) -> tuple[str, ...]:
        """Every word that may stand in `evidence.weights`."""
        return (*self.offences, *self.carried, "stop", "intelligence")

    @cached_property
    def channel(self) -> np.ndarray:
        """(M,) index into CHANNELS of each kind."""
        return np.array([CHANNELS.index(c) for c, _, _ in self.table])

    @cached_property
    def strength(self) -> np.ndarray:
        """(M,) strength of each kind: 1, or the grade of an intelligence log."""
        return np.array([s for _, _, s in self.table])

    @cached_property
    def is_crime(self) -> np.ndarray:
        """(M,) bool: what the police count as recorded crime (report, discovery, search)."""
        return self.channel <= CHANNELS.index("search")

    @cached_property
    def is_proactive(self) -> np.ndarray:
        """(M,) bool: offence types that only police activity brings to light."""
        return np.array([t in self.police_found for _, t, _ in self.table])

    def of_channel(self, channel: str) -> np.ndarray:
        """(M,) bool: the kinds of one channel."""
        return self.channel == CHANNELS.index(channel)

    def index(self, channel: str, type_: str) -> int:
        """Number of a kind; for `intelligence` the strongest grade."""
        return next(i for i, (c, t, _) in enumerate(self.table) if (c, t) == (channel, type_))
