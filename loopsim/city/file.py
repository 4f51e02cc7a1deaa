"""The city file: one NetCDF that loopsim, xarray, R and QGIS read alike.

Classic NetCDF (64-bit offset) with residents by group, public layers, districts, venues
and real records. A checksum of everything in it tells a whole file from a half-written,
altered or foreign one.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import numpy as np

from loopsim.city.city import City, RealRecords
from loopsim.city.grid import Grid
from loopsim.limits import Refused

FORMAT = "loopsim city 1"


def write(city: City, path: str | Path) -> None:
    """Write a city whole or not at all; an earlier file stays until the new one is complete."""
    path = Path(path)
    check_place(path)
    about = _about(city)
    variables = _variables(city)
    half = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        _save(half, about, variables, _checksum(about, variables))
        os.replace(half, path)
    finally:
        half.unlink(missing_ok=True)


def check_place(path: Path) -> None:
    """Refuse a place where no file can be written, before any work is done."""
    if path.is_dir():
        raise Refused(f"{path}: is a directory; name a file")
    if not path.parent.is_dir():
        raise Refused(f"{path}: no such folder {path.parent}; make it first")


def read(path: str | Path) -> City:
    """The city of a file, refused if it is not exactly what was written."""
    path = Path(path)
    if path.is_dir():
        raise Refused(f"{path}: is a directory; name a city file")
    if not path.exists():
        raise Refused(f"{path}: no such city file; make one with loopsim city import")
    about, variables, checksum = _load(path)
    if checksum != _checksum(about, variables):
        raise Refused(f"{path}: is damaged or was changed after it was written; make it anew")
    return _city(json.loads(about), variables)


def _about(city: City) -> str:
    """What has no shape, as JSON: names and sources."""
    grid, records = city.grid, city.records
    return json.dumps(
        {
            "format": FORMAT,
            "cell_m": grid.cell_m,
            "groups": city.groups,
            "districts": grid.districts,
            "layers": list(grid.layers),
            "points": {kind: len(points) for kind, points in grid.points.items()},
            "crime_types": records.crime_types if records else None,
            "source": city.source,
        },
        ensure_ascii=True,
    )


def _variables(city: City) -> dict:
    """name -> (dimensions, array, unit, long name); a length of 0 is left out."""
    grid, shape = city.grid, (city.grid.rows, city.grid.cols)
    east = city.source.get("west", 0.0) + (np.arange(grid.cols) + 0.5) * grid.cell_m
    north = city.source.get("north", 0.0) - (np.arange(grid.rows) + 0.5) * grid.cell_m
    people = np.moveaxis(city.residents.reshape(*shape, -1), -1, 0)
    out = {
        "x": (("x",), east, "m", "easting of the cell centre"),
        "y": (("y",), north, "m", "northing of the cell centre"),
        "residents": (("group", "y", "x"), people.astype(">i4"), "people", "residents by group"),
        "inside": (("y", "x"), grid.inside.reshape(shape).astype("i1"), "1", "1 = in the city"),
        "district": (("y", "x"), grid.district.reshape(shape).astype(">i4"), "1", "index of the district"),
    }
    for i, (name, layer) in enumerate(grid.layers.items()):
        unit = "people" if name == "residents" else "1"
        out[f"layer_{i}"] = (("y", "x"), np.asarray(layer).reshape(shape), unit, name)
    for kind, points in grid.points.items():
        if len(points):
            out[f"points_{kind}"] = (
                (f"n_{kind}", "axis"),
                points,
                "m",
                f"{kind}: east and south of the corner",
            )
    if city.records and city.records.cell.size:
        out |= _record_variables(city.records)
    return {
        k: (d, np.asarray(a, ">f8" if a.dtype.kind == "f" else a.dtype), u, n)
        for k, (d, a, u, n) in out.items()
    }


def _record_variables(records: RealRecords) -> dict:
    said = {
        "month": "months before day 0, 1 = the last",
        "cell": "flat cell, row-major from the north-west",
        "crime_type": "index of the crime type",
    }
    out = {f"record_{k}": (("record",), getattr(records, k).astype(">i4"), "1", v) for k, v in said.items()}
    out["month_days"] = (
        ("month",),
        records.month_days.astype(">i4"),
        "day",
        "days of each month, the last first",
    )
    return out


def _checksum(about: str, variables: dict) -> str:
    """SHA-256 of everything in the file."""
    digest = hashlib.sha256(about.encode())
    for name in sorted(variables):
        dimensions, values, _, _ = variables[name]
        digest.update(f"{name} {dimensions} {values.shape}".encode())
        digest.update(np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()


def _save(path: Path, about: str, variables: dict, checksum: str) -> None:
    from scipy.io import netcdf_file

    with netcdf_file(path, "w", version=2) as file:
        file.title = "who lives where, for loopsim"
        file.loopsim, file.checksum = about, checksum
        for name, (dimensions, values, unit, long_name) in variables.items():
            for dimension, length in zip(dimensions, values.shape):
                if dimension not in file.dimensions:
                    file.createDimension(dimension, length)
            variable = file.createVariable(name, values.dtype, dimensions)
            variable[:] = values
            variable.units, variable.long_name = unit, long_name


def _load(path: Path) -> tuple[str, dict, str]:
    from scipy.io import netcdf_file

    try:
        with netcdf_file(path, "r", mmap=False) as file:
            about, checksum = file.loopsim.decode(), file.checksum.decode()
            if json.loads(about)["format"] != FORMAT:
                raise ValueError("another format")
            held = file.variables.items()
            return about, {name: (v.dimensions, v.data.copy(), "", "") for name, v in held}, checksum
    except Exception:  # whatever a broken or foreign file makes the reader raise, the answer is the same
        raise Refused(f"{path}: is not a whole loopsim city file; make it with loopsim city import") from None


def _city(about: dict, variables: dict) -> City:
    held = {name: v[1] for name, v in variables.items()}
    groups, rows, cols = held["residents"].shape
    layers = {name: held[f"layer_{i}"].ravel().astype(float) for i, name in enumerate(about["layers"])}
    kinds = about["points"]
    points = {k: held[f"points_{k}"].astype(float) if m else np.empty((0, 2)) for k, m in kinds.items()}
    records = None
    if about["crime_types"] is not None and "record_cell" in held:
        columns = {k: held[f"record_{k}"].astype(np.int64) for k in ("month", "cell", "crime_type")}
        days = held["month_days"].astype(np.int64)
        records = RealRecords(**columns, crime_types=tuple(about["crime_types"]), month_days=days)
    grid = Grid(
        rows=rows,
        cols=cols,
        cell_m=about["cell_m"],
        inside=held["inside"].ravel() == 1,
        layers=layers,
        points=points,
        district=held["district"].ravel().astype(np.int64),
        districts=tuple(about["districts"]),
    )
    residents = held["residents"].reshape(groups, -1).T.astype(np.int64)
    names = tuple(about["groups"])
    return City(grid=grid, groups=names, residents=residents, records=records, source=about["source"])
