"""A page of the ledger: the records of one turn, for every replicate of a chunk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(eq=False)
class Page:
    """Records as parallel arrays; row r holds `count[r]` records, the rest is blank.

    Parameters
    ----------
    first : int, day of the page's first day; negative before day 0
    days : int, days the page covers
    count : (R,) int64, records written
    day : (R, cap) int16, days since `first`
    cell : (R, cap) int32, flat cell
    kind : (R, cap) uint8, see `records.kinds`
    patrol : (R, cap) float32, officer-hours sent to that cell that day
    person : (R, cap) int32, resident recorded, -1 unknown; (R, 0) unless the event log is on
    """

    first: int
    days: int
    count: np.ndarray
    day: np.ndarray
    cell: np.ndarray
    kind: np.ndarray
    patrol: np.ndarray
    person: np.ndarray

    @property
    def end(self) -> int:
        """The day after the page's last day."""
        return self.first + self.days

    @property
    def capacity(self) -> int:
        """Records a row has room for."""
        return self.cell.shape[1]

    @classmethod
    def blank(cls, replicates: int, capacity: int, *, persons: bool = False) -> Page:
        """An empty page with room for `capacity` records a replicate."""
        shape = (replicates, capacity)
        return cls(
            first=0,
            days=0,
            count=np.zeros(replicates, np.int64),
            day=np.empty(shape, np.int16),
            cell=np.empty(shape, np.int32),
            kind=np.empty(shape, np.uint8),
            patrol=np.empty(shape, np.float32),
            person=np.empty((replicates, capacity if persons else 0), np.int32),
        )
