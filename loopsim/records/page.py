"""A page of the ledger: the records of one turn, for every replicate of a chunk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(eq=False)
class Page:
    """Records as parallel arrays; replicate r has `count[r]` entries, the rest is blank.

    Stops of one visit that end alike are one entry, unless the event log names the people.

    Parameters
    ----------
    first : int, day of the page's first day; negative before day 0
    days : int, days the page covers
    count : (R,) int64, entries written
    day : (R, cap) int16, days since `first`
    cell : (R, cap) int32, flat cell
    kind : (R, cap) uint8, see `records.kinds`
    times : (R, cap) int32, records that an entry stands for; a world writes it for every entry
    patrol : (R, cap) float32, officer-hours sent to that cell that day, NaN unknown
    person : (R, cap) int32, resident recorded, -1 unknown; (R, 0) unless the event log is on
    """

    first: int
    days: int
    count: np.ndarray
    day: np.ndarray
    cell: np.ndarray
    kind: np.ndarray
    times: np.ndarray
    patrol: np.ndarray
    person: np.ndarray

    @property
    def end(self) -> int:
        """The day after the page's last day."""
        return self.first + self.days

    @property
    def capacity(self) -> int:
        """Entries a row has room for."""
        return self.cell.shape[1]

    @classmethod
    def blank(cls, replicates: int, capacity: int, *, persons: bool = False, ones: bool = True) -> Page:
        """An empty page with room for `capacity` entries a replicate, of one record each if `ones`."""
        shape = (replicates, capacity)
        return cls(
            first=0,
            days=0,
            count=np.zeros(replicates, np.int64),
            day=np.empty(shape, np.int16),
            cell=np.empty(shape, np.int32),
            kind=np.empty(shape, np.uint8),
            times=(np.ones if ones else np.empty)(shape, np.int32),
            patrol=np.empty(shape, np.float32),
            person=np.empty((replicates, capacity if persons else 0), np.int32),
        )
