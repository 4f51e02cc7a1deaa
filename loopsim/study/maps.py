"""Maps: rasters of a run, gathered while it runs and written as one NetCDF 3 file.

Replicate 0 is kept week by week for the explorer; all replicates together only as sums.
Sums are of integers (patrol in 1/1024 officer-hours), so no order of chunks shows.
"""

from __future__ import annotations

import numpy as np
from numba import njit

FIXED = 1024.0  # parts of an officer-hour
FRAMES = 110  # at most this many frames
LAYERS = {
    "offences": "offences that truly happened, count",
    "recorded": "recorded offences, count",
    "patrol": "patrol, minutes a day",
    "risk": "predicted records per 1,000 days",
}


@njit(cache=True, nogil=True)
def add_frame(offences, count, cell, kind, crime, plan, days, happened, written, patrol):
    """Add one turn of one replicate to a frame."""
    for c in range(offences.size):
        happened[c] += offences[c]
        patrol[c] += plan[c] * days
    for i in range(count):
        if crime[kind[i]]:
            written[cell[i]] += 1


class Film:
    """Frames of about a week of replicate 0: truth, records, belief and patrol."""

    def __init__(self, n: int, days: int):
        self.span = max(7, -(-days // FRAMES))
        self.days: list[int] = []
        self._frames: dict[str, list] = {name: [] for name in LAYERS}
        self._sums = np.zeros((2, n), np.int64), np.zeros(n)
        self._risk, self._since, self._next = None, 0, self.span

    def add(self, turn, plan, crime, row: int) -> None:
        """Take in one turn; closes the frame when its week is over."""
        now, page, (counts, patrol) = turn.now, turn.page, self._sums
        if self._risk is None:
            self._risk = turn.risk[row].copy()
        add_frame(
            turn.truth.offences[row], page.count[row], page.cell[row], page.kind[row], crime,
            plan[row], now.days, counts[0], counts[1], patrol,
        )  # fmt: skip
        if now.day + now.days >= self._next:
            self.close(now.day + now.days)

    def close(self, day: int) -> None:
        """End the frame on `day`, if anything is in it."""
        if self._risk is None:
            return
        counts, patrol = self._sums
        values = counts[0], counts[1], 60.0 * patrol / (day - self._since), 1000.0 * self._risk
        for name, value in zip(LAYERS, values, strict=True):
            self._frames[name].append(np.clip(np.rint(value), 0, 32767).astype(np.int16))
        self.days.append(day)
        counts[:], patrol[:], self._risk = 0, 0.0, None
        self._since, self._next = day, (day // self.span + 1) * self.span

    def frames(self) -> dict[str, np.ndarray]:
        """name -> (F, n) int16."""
        return {name: np.array(f) for name, f in self._frames.items()} if self.days else {}


def write_maps(path, city, arms) -> None:
    """Write maps.nc: who lives where, and per arm what happened where.

    Parameters
    ----------
    path : file name
    city : City
    arms : name -> Observations
    """
    from scipy.io import netcdf_file

    grid = city.grid
    with netcdf_file(path, "w", version=2) as file:
        file.title = "loopsim maps; a simulated city, not a real one"
        file.arms, file.groups = " ".join(arms), " ".join(city.groups)
        file.cell_m = float(grid.cell_m)
        file.createDimension("row", grid.rows)
        file.createDimension("col", grid.cols)
        shape = (grid.rows, grid.cols)
        for g, name in enumerate(city.groups):
            _put(file, f"residents_{name}", city.residents[:, g].reshape(shape), "i4", "residents")
        _put(file, "inside", grid.inside.reshape(shape), "i2", "1 = part of the city")
        deprivation = grid.layers.get("deprivation", np.zeros(grid.n))
        _put(file, "deprivation", deprivation.reshape(shape), "f4", "0 least .. 1 most deprived")
        for arm, observed in arms.items():
            _put_arm(file, arm, observed, shape)


def _put_arm(file, arm, observed, shape):
    replicates = observed.replicates.size
    for name, total in observed.total_maps.items():
        scale = replicates * (FIXED if name == "patrol" else 1.0)
        unit = f"mean over replicates, {UNITS[name]}"
        _put(file, f"{arm}_{name}", (total / scale).reshape(shape), "f4", unit)
    for what, days, layers in (
        ("period", observed.period_days, observed.period_maps),
        ("frame", observed.frame_days, observed.frames),
    ):
        if not layers:
            continue
        file.createDimension(f"{arm}_{what}", len(days))
        day = file.createVariable(f"{arm}_{what}_day", "i4", (f"{arm}_{what}",))
        day[:] = days
        for name, stack in layers.items():
            kind = "i2" if what == "frame" else "f4"
            unit = LAYERS[name] if what == "frame" else UNITS[name]
            array = np.asarray(stack).reshape(len(days), *shape)
            _put(file, f"{arm}_{what}_{name}", array, kind, f"replicate 0, {unit}", (f"{arm}_{what}",))


UNITS = {
    "offences": "offences that truly happened",
    "recorded": "recorded offences",
    "patrol": "officer-hours",
    "patrolled_days": "days with at least an even share of patrol",
}


def _put(file, name, array, kind, unit, lead=()):
    variable = file.createVariable(name, kind, (*lead, "row", "col"))
    variable[:] = array
    variable.long_name = unit


def read_maps(path) -> dict[str, np.ndarray]:
    """All rasters of a maps.nc: name -> (rows, cols) or (frames, rows, cols); days as (frames,)."""
    from scipy.io import netcdf_file

    with netcdf_file(path, "r", mmap=False) as file:
        return {name: variable[:].copy() for name, variable in file.variables.items()}
