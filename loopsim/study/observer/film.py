"""Film: what one replicate looked like from week to week, for the explorer."""

from __future__ import annotations

import numpy as np
from numba import njit

FRAMES = 53  # at most this many frames: a week each in a year, a fortnight in two
SIDE = 100  # at most this many blocks to a side; larger cities are filmed from further away
LAYERS = {
    "offences": "offences that truly happened, count",
    "recorded": "recorded offences, count",
    "patrol": "patrol, officer-hours a day",
    "risk": "predicted records a day",
}


class Blocks:
    """The picture elements of a film: single cells, or squares of cells in a large city.

    Parameters
    ----------
    rows, cols : int, of the city

    **Special cases**: a city of at most 100 x 100 cells has one cell to a block.
    """

    def __init__(self, rows: int, cols: int):
        self.side = max(1, -(-max(rows, cols) // SIDE))
        self.rows, self.cols = -(-rows // self.side), -(-cols // self.side)
        row, col = np.divmod(np.arange(rows * cols), cols)
        self.of_cell = (row // self.side) * self.cols + col // self.side

    def sums(self, values: np.ndarray) -> np.ndarray:
        """(n,) values by cell, summed to blocks."""
        if self.side == 1:
            return np.asarray(values, np.float32)
        return np.bincount(self.of_cell, values, self.rows * self.cols).astype(np.float32)


@njit(cache=True, nogil=True)
def add_frame(offences, count, cell, kind, times, crime, plan, days, happened, written, patrol):
    """Add one turn of one replicate to a frame."""
    for c in range(offences.size):
        happened[c] += offences[c]
        patrol[c] += plan[c] * days
    for i in range(count):
        if crime[kind[i]]:
            written[cell[i]] += times[i]


class Film:
    """Frames of a week or more of replicate 0: truth, records, belief and patrol."""

    def __init__(self, grid, days: int):
        self.span = max(7, -(-days // FRAMES))
        self.days: list[int] = []
        self.blocks = Blocks(grid.rows, grid.cols)
        self._frames: dict[str, list] = {name: [] for name in LAYERS}
        self._sums = np.zeros((2, grid.n), np.int64), np.zeros(grid.n)
        self._risk, self._since, self._next = None, 0, self.span

    def add(self, turn, plan, crime, row: int) -> None:
        """Take in one turn; closes the frame when its week is over."""
        now, page, (counts, patrol) = turn.now, turn.page, self._sums
        if self._risk is None:
            self._risk = turn.risk[row].copy()
        add_frame(
            turn.truth.offences[row], page.count[row], page.cell[row], page.kind[row], page.times[row], crime,
            plan[row], now.days, counts[0], counts[1], patrol,
        )  # fmt: skip
        if now.day + now.days >= self._next:
            self.close(now.day + now.days)

    def close(self, day: int) -> None:
        """End the frame on `day`, if anything is in it."""
        if self._risk is None:
            return
        counts, patrol = self._sums
        values = counts[0], counts[1], patrol / (day - self._since), self._risk
        for name, value in zip(LAYERS, values, strict=True):
            self._frames[name].append(self.blocks.sums(value))
        self.days.append(day)
        counts[:], patrol[:], self._risk = 0, 0.0, None
        self._since, self._next = day, (day // self.span + 1) * self.span

    def frames(self) -> dict[str, np.ndarray]:
        """name -> (F, rows, cols) float32, by block."""
        shape = len(self.days), self.blocks.rows, self.blocks.cols
        return {name: np.array(f).reshape(shape) for name, f in self._frames.items()} if self.days else {}
