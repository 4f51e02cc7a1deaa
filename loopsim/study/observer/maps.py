"""Maps: rasters of a run, gathered while it runs and written as one NetCDF 3 file.

Sums are over all replicates; replicate 0 is also kept week by week for the explorer. A film
frame is stored in the smallest of three forms that other programs can read: one frame where
nothing changes, the cells that are not zero (the CF convention's `compress` attribute), or
bytes with a scale. Offences are written once where all arms have the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np

from loopsim.study.observer.film import LAYERS

FIXED = 1024.0  # parts of an officer-hour: sums of integers do not depend on the order of chunks
CLIP = 32.0  # a frame of bytes shows up to this many times the mean block
UNITS = {
    "offences": "offences that truly happened",
    "recorded": "recorded offences",
    "patrol": "officer-hours",
    "patrolled_days": "days with at least an even share of patrol",
}


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
        file.groups, file.cell_m = json.dumps(city.groups), float(grid.cell_m)
        file.offences_of = json.dumps(_same_offences(arms))
        sizes = {"row": grid.rows, "col": grid.cols, "group": len(city.groups)}
        for name, size in sizes.items():
            file.createDimension(name, size)
        people = city.residents.T.reshape(len(city.groups), grid.rows, grid.cols)
        _put(file, "residents", people, "i4", "residents by group", ("group", "row", "col"))
        inside = grid.inside.reshape(grid.rows, grid.cols)
        _put(file, "inside", inside, "i1", "1 = part of the city", ("row", "col"))
        deprivation = grid.layers.get("deprivation", np.zeros(grid.n)).reshape(inside.shape)
        _put(file, "deprivation", deprivation, "f4", "0 least .. 1 most deprived", ("row", "col"))
        for arm, observed in arms.items():
            _put_arm(file, arm, observed, inside.shape)


def _same_offences(arms) -> dict[str, str]:
    """Arm -> the first arm with the same offences, week by week and in all."""
    found: dict[str, str] = {}
    for arm, o in arms.items():
        same = (a for a in found.values() if _equal(arms[a], o))
        found[arm] = next(same, arm)
    return found


def _equal(one, two) -> bool:
    frames = [o.frames.get("offences", np.zeros(0)) for o in (one, two)]
    totals = [o.total_maps["offences"] for o in (one, two)]
    return np.array_equal(*frames) and np.array_equal(*totals) and one.replicates.size == two.replicates.size


def _put_arm(file, arm, observed, shape):
    skip = {"offences"} if json.loads(file.offences_of)[arm] != arm else set()
    for name, total in observed.total_maps.items():
        scale = observed.replicates.size * (FIXED if name == "patrol" else 1.0)
        if name not in skip:
            unit = f"mean over replicates, {UNITS[name]}"
            _put(file, f"{arm}_{name}", (total / scale).reshape(shape), "f4", unit, ("row", "col"))
    if observed.curves:
        _put_curves(file, arm, observed)
    if observed.frames:
        frames, rows, cols = observed.frames["patrol"].shape
        dims = tuple(f"{arm}_frame{d}" for d in ("", "_row", "_col"))
        for name, size in zip(dims, (frames, rows, cols), strict=True):
            file.createDimension(name, size)
        _put(file, f"{arm}_frame_day", np.array(observed.frame_days), "i4", "last day of the frame", dims[:1])
        for name, stack in observed.frames.items():
            if name not in skip:
                _put_stack(file, f"{arm}_frame_{name}", stack, f"replicate 0, {LAYERS[name]}", dims)


def _put_curves(file, arm, observed):
    for name, size in (("replicate", observed.replicates.size), ("rank", observed.ranks.size)):
        file.createDimension(f"{arm}_{name}", size)
    _put(file, f"{arm}_rank", observed.ranks, "i4", "number of cells, the first first", (f"{arm}_rank",))
    for name, curve in observed.curves.items():
        _put(file, f"{arm}_{name}", curve, "f4", CURVES[name], (f"{arm}_replicate", f"{arm}_rank"))


CURVES = {
    "patrol_curve": "share of all patrol in the most patrolled cells of a replicate",
    "held_curve": "share of days on which the cell of that rank got at least an even share of patrol",
}


def _put(file, name, array, kind, unit, dims):
    variable = file.createVariable(name, kind, dims)
    variable[:] = array
    variable.long_name = unit
    return variable


def _put_stack(file, name, stack, unit, dims):
    """A film layer in the smallest form: one frame, the blocks that are not zero, or bytes."""
    if (stack == stack[0]).all():
        stack, dims = stack[0], dims[1:]
    top, at = float(stack.max()), np.flatnonzero(stack)
    if stack.ndim == 2 or at.size * 6 < stack.size:
        whole = bool((stack == np.rint(stack)).all()) and top < 32767
        scale = 1.0 if whole else top / 32767
        values = np.rint(stack.ravel() / scale).astype(np.int16)
        if at.size * 6 < values.size * 2:
            file.createDimension(f"{name}_at", max(at.size, 1))
            listed = _put(
                file, f"{name}_at", at if at.size else [0], "i4", "index of the value", (f"{name}_at",)
            )
            listed.compress = " ".join(dims)
            kind = "i1" if whole and top < 128 else "i2"
            variable = _put(file, name, values[at] if at.size else [0], kind, unit, (f"{name}_at",))
        else:
            variable = _put(file, name, values.reshape(stack.shape), "i2", unit, dims)
        variable.scale_factor = scale
        return
    scale = max(min(top, CLIP * float(stack.mean())), 1e-300) / 255
    levels = np.minimum(np.rint(stack / scale), 255).astype(np.int16) - 128
    variable = _put(file, name, levels, "i1", f"{unit}, up to {255 * scale:g}", dims)
    variable.scale_factor, variable.add_offset = scale, 128 * scale


class Maps(Mapping):
    """All rasters of a maps.nc by name; each is unpacked when it is asked for.

    `residents_GROUP`, `inside`, `deprivation`; `ARM_offences`, `ARM_recorded`, `ARM_patrol`
    (rows, cols); `ARM_frame_day` (F,) and `ARM_frame_LAYER` (F, rows, cols) by block;
    `ARM_rank` (P,), `ARM_patrol_curve` and `ARM_held_curve` (R, P).
    """

    def __init__(self, path):
        from scipy.io import netcdf_file

        with netcdf_file(path, "r", mmap=False) as file:
            self.groups = json.loads(file.groups)
            self._same = json.loads(file.offences_of)
            self._sizes = dict(file.dimensions)
            self._found = {k: (v[:].copy(), v.dimensions, v._attributes) for k, v in file.variables.items()}

    def __getitem__(self, name: str) -> np.ndarray:
        """A raster, unpacked; (F, rows, cols) also where all frames are the same."""
        for g, group in enumerate(self.groups):
            if name == f"residents_{group}":
                return self._found["residents"][0][g]
        arm = next((a for a in self._same if name in (f"{a}_offences", f"{a}_frame_offences")), None)
        name = name if arm is None else self._same[arm] + name[len(arm) :]
        return self._unpacked(name)

    def __iter__(self):
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def _unpacked(self, name):
        array, dims, about = self._found[name]
        if "scale_factor" not in about:
            return array
        array = np.float32(about["scale_factor"]) * array + np.float32(about.get("add_offset", 0.0))
        if f"{name}_at" in self._found:
            at, _, listed = self._found[f"{name}_at"]
            dims = listed["compress"].decode().split()
            full = np.zeros([self._sizes[d] for d in dims], np.float32)
            full.ravel()[at] = array
            array = full
        if len(dims) == 2:
            frames = self._sizes[dims[0].removesuffix("_row")]
            array = np.broadcast_to(array, (frames, *array.shape))
        return array.astype(np.float32, copy=False)
