"""Patterns: cells with the same layers are alike, so their counts can be added up.

Over cells with one pattern, the number of cells and the sum of records are sufficient
for a Poisson fit. A city of 10,000 cells has far fewer patterns than cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np


@dataclass(frozen=True, kw_only=True, eq=False)
class Ones:
    """Binary columns as lists of their ones, over groups of like cells.

    Parameters
    ----------
    start : (p + 1,) int64, column j's ones are rows[start[j] : start[j + 1]]
    rows : int32, group numbers
    cells : (G,) float, cells in each group
    """

    start: np.ndarray
    rows: np.ndarray
    cells: np.ndarray

    @classmethod
    def of(cls, columns: np.ndarray, cells: np.ndarray | None = None) -> Ones:
        """From (p, G) bool."""
        start = np.concatenate([[0], np.cumsum(columns.sum(axis=1))])
        rows = np.nonzero(columns)[1].astype(np.int32)
        cells = np.ones(columns.shape[1]) if cells is None else cells
        return cls(start=start.astype(np.int64), rows=rows, cells=np.asarray(cells, float))

    @property
    def p(self) -> int:
        """Number of columns."""
        return self.start.size - 1

    @cached_property
    def by_group(self) -> tuple[np.ndarray, np.ndarray]:
        """The same ones the other way round: (G + 1,) starts and the columns of each group."""
        column = np.repeat(np.arange(self.p, dtype=np.uint32), np.diff(self.start))
        order = np.argsort(self.rows, kind="stable")
        sizes = np.bincount(self.rows, minlength=self.cells.size)
        return np.concatenate([[0], np.cumsum(sizes)]).astype(np.uint64), column[order]

    @cached_property
    def rings(self) -> tuple[np.ndarray, ...]:
        """Columns without the column before where they hold all of it, as bands of distance do.

        (p + 1,) starts and rows of the rings, the same by group, and (p,) bool `nested`: column
        j is ring j and column j - 1. Bands share most of their ones, rings none.
        """
        columns = np.zeros((self.p, self.cells.size), bool)
        columns[np.repeat(np.arange(self.p), np.diff(self.start)), self.rows] = True
        nested = np.zeros(self.p, bool)
        nested[1:] = ~(columns[:-1] & ~columns[1:]).any(axis=1)
        columns[1:] &= ~(columns[:-1] & nested[1:, None])
        rings = Ones.of(columns, self.cells)
        return rings.start, rings.rows, *rings.by_group, nested

    def hits(self, events: np.ndarray) -> np.ndarray:
        """(p,) sum of `events` ((G,)) over the ones of each column."""
        upto = np.concatenate([[0.0], np.cumsum(events[self.rows])])
        return upto[self.start[1:]] - upto[self.start[:-1]]


def alike(columns: np.ndarray, extra: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """One cell of each pattern, and (n,) the pattern of every cell, numbered in a fixed order.

    Parameters
    ----------
    columns : (p, n) bool
    extra : (n,) float, told apart as well (the counts, for a negative binomial fit)
    """
    bits = np.packbits(columns, axis=0).T if len(columns) else np.zeros((columns.shape[1], 1), np.uint8)
    if extra is not None:
        bits = np.hstack([bits, np.asarray(extra, ">f8").view(np.uint8).reshape(-1, 8)])
    bits = np.ascontiguousarray(bits)
    keys = bits.view(np.dtype((np.void, bits.shape[1]))).ravel()
    _, first, number = np.unique(keys, return_index=True, return_inverse=True)
    return first, number.ravel()


def dealt(pattern: np.ndarray, y: np.ndarray, folds: int, chance: np.ndarray) -> np.ndarray:
    """(n,) int fold of each cell, as even in size as can be: cells are dealt out by `chance`.

    Chances belong to places in the order of pattern and count, not to cell numbers: cells
    that tie there are alike, so the folds do not depend on how cells are numbered.

    Parameters
    ----------
    chance : (n,) float in [0, 1)
    """
    fold = np.empty(y.size, np.int64)
    fold[np.lexsort((y, pattern))] = np.argsort(np.argsort(chance, kind="stable"), kind="stable") % folds
    return fold
