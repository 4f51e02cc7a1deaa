"""Assemble: police files, a census table and boundaries become one city, and a report."""

from __future__ import annotations

import numpy as np

from loopsim.city import fields
from loopsim.city.city import City, RealRecords
from loopsim.city.grid import Grid
from loopsim.city.importing.areas import Areas, cut, matching_columns, read_shapes
from loopsim.city.importing.crimes import Crimes, month_days, month_name, read_crimes
from loopsim.city.importing.exposure import exposure_said, place_in_areas
from loopsim.city.importing.people import People, group_columns, read_people
from loopsim.city.importing.points import read_points
from loopsim.city.importing.tables import read_table
from loopsim.limits import Refused


def assemble(*, crimes, people, boundaries, groups, points, cell_m: float) -> tuple[City, list[str]]:
    """The city of these files, and what was dropped and why, a line each.

    Parameters
    ----------
    crimes : paths of street-level CSVs; none makes a city without records
    people : path of a CSV of residents by area
    boundaries : path of a GeoJSON of the areas
    groups : texts `Name=Column+Column`; the largest group becomes the first, the reference
    points : kind -> path of a CSV or GeoJSON of places
    cell_m : metres
    """
    wanted = group_columns(groups)
    table, frame = read_table(people), read_shapes(boundaries)
    people_code, shape_code = matching_columns(table, frame, boundaries)
    areas = cut(frame, shape_code, cell_m, boundaries)
    counts = read_people(table, people_code, wanted, set(areas.codes))
    records, said = None, ["crimes: none given, the city has no records"]
    if crimes:
        records, said = _records(areas, read_crimes(crimes), crimes, boundaries, counts)
    venues, venues_said = _venues(areas, points)
    said = [*said, *_people_said(areas, counts, len(table.lines)), *venues_said]
    residents = spread(areas, counts)
    source = {
        "city": "imported",
        "files": [*crimes, people, boundaries, *points.values()],
        "groups": {name: "+".join(columns) for name, columns in wanted.items()},
        "crs": areas.crs,
        "west": areas.west,
        "north": areas.north,
        "report": said,
    }
    grid = _grid(areas, residents, counts.groups, venues)
    return City(grid=grid, groups=counts.groups, residents=residents, records=records, source=source), said


def spread(areas: Areas, people: People) -> np.ndarray:
    """(n, G) int residents: each area's people over its cells by the area they share.

    Special cases
    -------------
    Sums over cells are the counts of the file, group by group and area by area.
    """
    residents = np.zeros((areas.rows * areas.cols, len(people.groups)), np.int64)
    edges = np.searchsorted(areas.pair_area, np.arange(len(areas.codes) + 1))
    place = {code: i for i, code in enumerate(areas.codes)}
    rng = fields.generator(0, fields.TIES)
    for code, counts in zip(people.codes, people.count):
        here = slice(edges[place[code]], edges[place[code] + 1])
        cells, m2 = areas.pair_cell[here], areas.pair_m2[here]
        for g, count in enumerate(counts):
            # cells wholly inside an area tie: a fresh key a group, or all would crowd the same ones
            residents[cells, g] += fields.whole(m2, int(count), ties=rng.random(cells.size))
    return residents


def _grid(areas: Areas, residents: np.ndarray, groups: tuple[str, ...], venues: dict) -> Grid:
    n = areas.rows * areas.cols
    people = residents.sum(axis=1)
    share = np.divide(residents, people[:, None], out=np.zeros(residents.shape), where=people[:, None] > 0)
    order = np.argsort(areas.pair_m2, kind="stable")
    district = np.full(n, -1)
    district[areas.pair_cell[order]] = areas.pair_area[order]  # the largest overlap is written last
    layers = {"residents": people.astype(float), "deprivation": _deprivation(areas, n)}
    return Grid(
        rows=areas.rows,
        cols=areas.cols,
        cell_m=areas.cell_m,
        inside=district >= 0,
        layers=layers | {f"share:{g}": share[:, i] for i, g in enumerate(groups)},
        points=venues,
        district=district,
        districts=tuple(areas.codes),
    )


def _deprivation(areas: Areas, n: int) -> np.ndarray:
    """(n,) float, 1 in the most deprived decile .. 0 in the least, weighted by area."""
    if areas.decile is None:
        return np.zeros(n)
    known = np.isfinite(areas.decile[areas.pair_area])
    cell, m2 = areas.pair_cell[known], areas.pair_m2[known]
    value = (10 - areas.decile[areas.pair_area[known]]) / 9
    weight = np.bincount(cell, m2, minlength=n)
    return np.divide(np.bincount(cell, m2 * value, minlength=n), weight, out=np.zeros(n), where=weight > 0)


def _records(
    areas: Areas, police: Crimes, paths, boundaries, people: People
) -> tuple[RealRecords, list[str]]:
    """The crimes inside the areas, and what became of the others."""
    where = areas.metres(police.lon, police.lat)
    area = areas.of(where)
    held = area >= 0
    if not held.any():
        swapped = np.abs(police.lon) <= 90
        turned = areas.metres(police.lat[swapped], police.lon[swapped])
        if np.isfinite(turned).all() and (areas.of(turned) >= 0).any():
            raise Refused(
                f"{paths[0]}: longitude and latitude are swapped: only so do they lie in {boundaries}"
            )
        raise Refused(f"{paths[0]}: no crime lies inside {boundaries}; are they of the same place?")
    month, last = police.month, int(police.month.max())
    types, kind = np.unique(police.crime_type[held].astype(str), return_inverse=True)
    col, row = (where[held] // areas.cell_m).astype(np.int64).T
    cell = row.clip(0, areas.rows - 1) * areas.cols + col.clip(0, areas.cols - 1)
    days = month_days(last, last - int(month.min()) + 1)
    records = RealRecords(
        month=last - month[held] + 1,
        cell=cell,
        crime_type=kind,
        crime_types=tuple(types.tolist()),
        month_days=days,
    )
    told = place_in_areas(areas, police.area[held], area[held])
    span = f"{month_name(int(month.min()))} to {month_name(last)}"
    return records, [
        f"crimes: {police.rows} rows, {int(held.sum())} kept ({span})",
        f"crimes dropped, no location: {police.nowhere}",
        f"crimes dropped, outside the boundaries: {int((~held).sum())}",
        *exposure_said(areas, people, told, kind, records.crime_types),
    ]


def _people_said(areas: Areas, people: People, rows: int) -> list[str]:
    lines = [f"people: {int(people.count.sum())} residents of {len(people.codes)} areas"]
    lines.append(f"reference of every ratio: {people.groups[0]}, the largest group")
    if "Other" in people.groups:
        left = int(people.count[:, people.groups.index("Other")].sum())
        lines.append(f"people in group Other, which holds all that no group named: {left}")
    lines.append(f"areas of the people file outside the boundaries: {rows - len(people.codes)}")
    missing = len(areas.codes) - len(people.codes)
    lines.append(f"areas of the boundaries unknown to the people file, left empty: {missing}")
    if areas.decile is None:
        lines.append("deprivation: the boundaries have no decile, it is 0 everywhere")
    return lines


def _venues(areas: Areas, points: dict[str, str]) -> tuple[dict, list[str]]:
    venues, said = {}, []
    for kind, path in points.items():
        lon, lat = read_points(path)
        where = areas.metres(lon, lat)
        held = areas.of(where) >= 0
        venues[kind] = where[held]
        said.append(f"{kind}: {int(held.sum())} kept, {int((~held).sum())} outside the boundaries dropped")
    return venues, said
