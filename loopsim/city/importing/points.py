"""Points: places of one kind, from a CSV with coordinates or a GeoJSON of points."""

from __future__ import annotations

import re

import numpy as np

from loopsim.city.importing.areas import read_shapes
from loopsim.city.importing.tables import coordinates, read_table
from loopsim.limits import Refused


def kinds_of(texts: list[str]) -> dict[str, str]:
    """`bars=pubs.csv` as kind and path."""
    found: dict[str, str] = {}
    for text in texts:
        kind, sign, path = text.partition("=")
        if not sign or not path or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", kind):
            raise Refused(f"--points must look like kind=FILE, kind in letters, digits and _, got {text}")
        if kind in found:
            raise Refused(f"--points names {kind} twice")
        found[kind] = path
    return found


def read_points(path: str) -> tuple[np.ndarray, np.ndarray]:
    """Longitudes and latitudes, (m,) degrees each; rows without a place are left out."""
    if path.lower().endswith((".geojson", ".json")):
        shapes = read_shapes(path).geometry
        if not (shapes.geom_type == "Point").all():
            raise Refused(f"{path}: every feature must be a Point")
        return shapes.x.to_numpy(), shapes.y.to_numpy()
    lon, lat = map(np.array, coordinates(read_table(path)))
    placed = np.isfinite(lon) & np.isfinite(lat)
    if not placed.any():
        raise Refused(f"{path}: no row has a location")
    return lon[placed], lat[placed]
