"""Areas: boundaries of small areas, cut into square cells of metres."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np

from loopsim.city.importing.tables import Table, read_text
from loopsim.limits import Refused

_BRITAIN = (-9.0, 49.8, 2.1, 61.0)  # degrees; where the British National Grid is the map
_MOST_CELLS = 4_000_000


@dataclass(frozen=True, kw_only=True, eq=False)
class Areas:
    """Areas in metres and their overlap with cells.

    Parameters
    ----------
    codes : (a,) text
    shapes : (a,) shapely geometries, metres
    crs : name of the metric map
    west, north : metres, the north-west corner of the grid
    rows, cols : of the grid
    cell_m : metres
    pair_area, pair_cell : (p,) int; pair_m2 : (p,) float, overlap of an area with a cell
    decile : (a,) float, deprivation decile (1 most deprived), NaN unknown; None = no such column
    """

    codes: list[str]
    shapes: np.ndarray
    crs: str
    west: float
    north: float
    rows: int
    cols: int
    cell_m: float
    pair_area: np.ndarray
    pair_cell: np.ndarray
    pair_m2: np.ndarray
    decile: np.ndarray | None

    def metres(self, lon, lat) -> np.ndarray:
        """(m, 2) metres east and south of the north-west corner."""
        from pyproj import Transformer

        x, y = Transformer.from_crs("EPSG:4326", self.crs, always_xy=True).transform(lon, lat)
        return np.column_stack([np.asarray(x) - self.west, self.north - np.asarray(y)])

    def of(self, points: np.ndarray) -> np.ndarray:
        """(m,) int: the area that holds each point (metres, as from `metres`), -1 none."""
        import shapely

        placed = shapely.points(points[:, 0] + self.west, self.north - points[:, 1])
        hit, area = shapely.STRtree(self.shapes).query(placed, predicate="intersects")
        found = np.full(len(points), -1)
        found[hit] = area
        return found


def read_shapes(path: str):
    """Boundaries as a GeoDataFrame in degrees."""
    try:
        import geopandas
    except ImportError:
        raise Refused("loopsim city import needs geopandas; pip install 'loopsim[geo]'") from None
    text = read_text(path)
    try:
        features = json.loads(text)["features"]
    except json.JSONDecodeError as error:
        raise Refused(f"{path}: line {error.lineno} is not JSON ({error.msg}); is the file whole?") from None
    except (KeyError, TypeError):
        raise Refused(f"{path}: is JSON but not GeoJSON: it has no features") from None
    if not features:
        raise Refused(f"{path}: has no features")
    try:
        frame = geopandas.read_file(path)
    except Exception as error:  # GDAL raises many kinds for one cause: the file
        raise Refused(f"{path}: cannot be read as GeoJSON: {str(error).splitlines()[0]}") from None
    return frame.set_crs("EPSG:4326") if frame.crs is None else frame.to_crs("EPSG:4326")


def matching_columns(table: Table, frame, path: str) -> tuple[str, str]:
    """The people column and the boundary property that hold the same area codes."""
    held = {name: {t.strip() for t in column} for name, column in table.columns.items()}
    best = (0, "", "")
    for name in frame.columns.drop("geometry"):
        codes = set(frame[name].dropna().astype(str).str.strip())
        if len(codes) < len(frame):
            continue
        for column, values in held.items():
            best = max(best, (len(codes & values), column, name))
    if not best[0]:
        raise Refused(
            f"{table.path}: no column holds an area code of {path}; both files must name areas by the same codes"
        )
    return best[1], best[2]


def cut(frame, code: str, cell_m: float, path: str) -> Areas:
    """The areas on the grid that covers them."""
    import shapely

    bounds = frame.total_bounds
    if not np.all(np.isfinite(bounds)) or not set(frame.geom_type) <= {"Polygon", "MultiPolygon"}:
        raise Refused(f"{path}: every feature must be a Polygon or MultiPolygon")
    if abs(bounds[[0, 2]]).max() > 180 or abs(bounds[[1, 3]]).max() > 90:
        raise Refused(f"{path}: latitudes must be -90 to 90 degrees; are longitude and latitude swapped?")
    inside = (
        bounds[0] > _BRITAIN[0]
        and bounds[1] > _BRITAIN[1]
        and bounds[2] < _BRITAIN[2]
        and bounds[3] < _BRITAIN[3]
    )
    crs = "EPSG:27700" if inside else frame.estimate_utm_crs().to_string()
    shapes = shapely.make_valid(frame.to_crs(crs).geometry.to_numpy())
    west, south, east, north = shapely.total_bounds(shapes)
    west, north = np.floor(west / cell_m) * cell_m, np.ceil(north / cell_m) * cell_m
    rows, cols = (int(np.ceil(side / cell_m)) for side in (north - south, east - west))
    if rows * cols > _MOST_CELLS:
        raise Refused(
            f"--cell {cell_m:g} makes {rows}x{cols} cells of {path}, at most {_MOST_CELLS}; set --cell larger"
        )
    area, cell, m2 = _overlaps(shapes, west, north, rows, cols, cell_m)
    return Areas(
        codes=frame[code].astype(str).str.strip().tolist(),
        shapes=shapes,
        crs=crs,
        west=float(west),
        north=float(north),
        rows=rows,
        cols=cols,
        cell_m=cell_m,
        pair_area=area,
        pair_cell=cell,
        pair_m2=m2,
        decile=_decile(frame, path),
    )


def _overlaps(shapes, west, north, rows, cols, cell_m):
    """Area, cell and square metres of every overlap, by area and cell."""
    import shapely

    row, col = np.divmod(np.arange(rows * cols), cols)
    x, y = west + col * cell_m, north - row * cell_m
    boxes = shapely.box(x, y - cell_m, x + cell_m, y)
    area, cell = shapely.STRtree(boxes).query(shapes, predicate="intersects")
    m2 = shapely.area(shapely.intersection(shapes[area], boxes[cell]))
    kept = m2 > 1e-6 * cell_m**2
    area, cell, m2 = area[kept], cell[kept], m2[kept]
    order = np.lexsort((cell, area))
    return area[order], cell[order], m2[order]


def _decile(frame, path: str) -> np.ndarray | None:
    """The newest deprivation decile among the properties."""
    import pandas

    named = sorted(name for name in frame.columns if "decile" in str(name).lower())
    if not named:
        return None
    values = pandas.to_numeric(frame[named[-1]], errors="coerce").to_numpy(float)
    if ((values < 1) | (values > 10)).any():
        raise Refused(f"{path}: property {named[-1]} must be a decile, 1 to 10")
    return values
