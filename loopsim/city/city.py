"""The city: who lives where. This is the truth, and no police stage may import it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from loopsim.city.grid import Grid


@dataclass(frozen=True, kw_only=True, eq=False)
class RealRecords:
    """Records that came with an imported city, the start of its ledger.

    Parameters
    ----------
    month : (m,) int, months before day 0 counted back: 1 = the last month of the file
    cell : (m,) int, flat cell
    crime_type : (m,) int, index into `crime_types` (the file's own words)
    crime_types : the file's crime types
    month_days : (M,) int, days in each month, month_days[0] = the last month
    """

    month: np.ndarray
    cell: np.ndarray
    crime_type: np.ndarray
    crime_types: tuple[str, ...]
    month_days: np.ndarray


@dataclass(frozen=True, kw_only=True, eq=False)
class City:
    """Residents by cell and group on a public grid.

    Residents are numbered 0 .. N-1, sorted by (home cell, group), so that the people of a
    cell and the people of a group in a cell are runs of consecutive numbers.

    Parameters
    ----------
    grid : Grid
    groups : names; the first is the reference of every ratio
    residents : (n, G) int, people by cell and group
    records : real records of an imported city, else None
    source : what the city was made from, in words, for the manifest
    """

    grid: Grid
    groups: tuple[str, ...]
    residents: np.ndarray
    records: RealRecords | None = None
    source: dict = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Number of residents."""
        return int(self.residents.sum())

    @cached_property
    def people(self) -> np.ndarray:
        """(G,) residents by group."""
        return self.residents.sum(axis=0)

    @cached_property
    def share(self) -> np.ndarray:
        """(n, G) share of each group among a cell's residents; 0 in empty cells."""
        here = self.residents.sum(axis=1, keepdims=True)
        return np.divide(self.residents, here, out=np.zeros(self.residents.shape), where=here > 0)

    @cached_property
    def first(self) -> np.ndarray:
        """(n*G + 1,) int64: residents first[c*G+g] .. first[c*G+g+1]-1 are group g of cell c."""
        return np.concatenate([[0], np.cumsum(self.residents.ravel(), dtype=np.int64)])

    @cached_property
    def home(self) -> np.ndarray:
        """(N,) int32 home cell of each resident."""
        cells = np.arange(self.grid.n, dtype=np.int32)
        return np.repeat(cells, self.residents.sum(axis=1))
