"""Places: where an offence can happen, cell by cell, as the laws of a day put it.

The slow twin of the fast world's tables: plain NumPy and Python, one question per method.
"""

from __future__ import annotations

import itertools
from random import Random

import numpy as np

from loopsim.city.city import City
from loopsim.world.acts import Acts
from loopsim.world.journey import disc_moves, journey_kernel


class Places:
    """A city's cells and the ways between them.

    Parameters
    ----------
    acts : Acts, gives `journey_m`, `venues`, `displacement_m`, `near_repeat_spread_m`
    city : City
    present : (n, G) float, people to be met in a cell

    **Special cases**
    With `journey_m` = 0 everyone is at home, so those present in a cell are its residents.
    """

    def __init__(self, acts: Acts, city: City):
        self.grid, self.acts, self.residents = city.grid, acts, city.residents
        self.steps, self.chances = self._journey_kernel()
        self.venues = self._venue_cells()
        self.nearby = disc_moves(acts.displacement_m / city.grid.cell_m).tolist()
        self.present = self._present(city.residents)

    def beside(self, cell: int, down: int, right: int) -> int | None:
        """The cell so many rows down and columns right; None outside the city."""
        row, col = divmod(cell, self.grid.cols)
        row, col = row + down, col + right
        on_map = 0 <= row < self.grid.rows and 0 <= col < self.grid.cols
        there = row * self.grid.cols + col
        return there if on_map and self.grid.inside[there] else None

    def journey_from(self, home: int, random: Random) -> int:
        """Where a journey leads; one that would leave the city is not made."""
        if not self.acts.journey_m:
            return home
        there = self.beside(home, *random.choices(self.steps, self.chances)[0])
        return home if there is None else there

    def destination(self, home: int, random: Random) -> int:
        """A venue anywhere in the city with probability `venue_pull`, else a journey."""
        if self.venues and random.random() < self.acts.venue_pull:
            return random.choice(self.venues)
        return self.journey_from(home, random)

    def moved(self, cell: int, random: Random) -> int | None:
        """Where a displaced offence goes; None if that is outside the city."""
        return self.beside(cell, *random.choice(self.nearby))

    def repeated(self, cell: int, random: Random) -> int:
        """Where a near repeat happens: close by, or in the same cell if that leaves the city."""
        spread = self.acts.near_repeat_spread_m / self.grid.cell_m
        there = self.beside(cell, round(random.gauss(0, spread)), round(random.gauss(0, spread)))
        return cell if there is None else there

    def origins(self, cell: int, group: int) -> tuple[list[int], list[float]]:
        """Home cells of those of `group` who may be present, and how likely each is."""
        ways = zip(self.steps, self.chances, strict=True)
        back = [(self.beside(cell, -down, -right), p) for (down, right), p in ways]
        homes = [(home, p * self.residents[home, group]) for home, p in back if home is not None]
        return [home for home, _ in homes], [weight for _, weight in homes]

    def felt(self, dose: np.ndarray) -> np.ndarray:
        """(n,) dose as felt: a share `diffusion` is the mean of the eight neighbours' dose."""
        square = np.pad(dose.reshape(self.grid.rows, self.grid.cols), 1)
        there = np.pad(np.ones((self.grid.rows, self.grid.cols)), 1)
        around, neighbours = self._around(square).ravel(), self._around(there).ravel()
        mean = np.where(neighbours > 0, around / np.maximum(neighbours, 1), dose)
        return (1 - self.acts.diffusion) * dose + self.acts.diffusion * mean

    def _around(self, padded):
        rows, cols = self.grid.rows, self.grid.cols
        ways = [way for way in itertools.product((0, 1, 2), repeat=2) if way != (1, 1)]
        return sum(padded[i : i + rows, j : j + cols] for i, j in ways)

    def _journey_kernel(self):
        if not self.acts.journey_m:
            return [(0, 0)], [1.0]
        kernel = journey_kernel(self.acts.journey_m / self.grid.cell_m)
        reach = kernel.shape[0] // 2
        steps = itertools.product(range(-reach, reach + 1), repeat=2)
        return list(steps), kernel.ravel().tolist()

    def _venue_cells(self):
        kinds = [self.grid.points[v] for v in self.acts.venues if v in self.grid.points]
        cells = [int(c) for points in kinds for c in self.grid.cells_of(points)]
        return [c for c in cells if c >= 0 and self.grid.inside[c]]

    def _present(self, residents):
        rows, cols = self.grid.rows, self.grid.cols
        reach = max(max(step) for step in self.steps)
        homes = np.pad(
            residents.reshape(rows, cols, -1).astype(float), ((reach, reach), (reach, reach), (0, 0))
        )
        everyone = np.zeros((rows, cols, residents.shape[1]))
        for (down, right), chance in zip(self.steps, self.chances, strict=True):
            up, left = reach - down, reach - right
            everyone += chance * homes[up : up + rows, left : left + cols]
        return everyone.reshape(residents.shape) * self.grid.inside[:, None]
