"""Crimes: police street-level files, as month, place and type."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass

import numpy as np

from loopsim.city.importing.tables import Table, coordinates, read_table, simple
from loopsim.limits import Refused

_DATES = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})(?!\d)"),
    re.compile(r"(?P<m>\d{1,2})/(?:\d{1,2})/(?P<y>\d{4})(?!\d)"),
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Crimes:
    """Rows of police files that have a place.

    Parameters
    ----------
    month : (m,) int, months since year 0
    lon, lat : (m,) float, degrees
    crime_type : (m,) text
    area : (m,) text, the area code that the police gave; "" where they gave none
    rows : rows read
    nowhere : rows without a location
    """

    month: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    crime_type: np.ndarray
    area: np.ndarray
    rows: int
    nowhere: int


def read_crimes(paths: list[str]) -> Crimes:
    """Street-level CSVs of data.police.uk (either header), or a US city's with dates."""
    parts = [_read(path) for path in paths]
    month, lon, lat, kind, area = (np.concatenate(column) for column in zip(*parts))
    placed = np.isfinite(lon) & np.isfinite(lat)
    if not placed.any():
        raise Refused(f"{paths[0]}: no row has a location")
    return Crimes(
        month=month[placed],
        lon=lon[placed],
        lat=lat[placed],
        crime_type=kind[placed],
        area=area[placed],
        rows=placed.size,
        nowhere=int((~placed).sum()),
    )


def month_days(last: int, count: int) -> np.ndarray:
    """(count,) int days of the months from `last` (months since year 0) backwards."""
    return np.array([calendar.monthrange(m // 12, m % 12 + 1)[1] for m in range(last, last - count, -1)])


def month_name(month: int) -> str:
    """2018-03 for a number of months since year 0."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def _read(path: str):
    table = read_table(path)
    when = table.find("the month", "month", "date")
    what = table.find("the type of crime", "crime_type", "primary_type", "type")
    lon, lat = coordinates(table)
    known: dict[str, int] = {}
    for line, text in zip(table.lines, table.columns[when]):
        if text not in known:
            known[text] = _month(table, line, when, text)
    month = np.array([known[text] for text in table.columns[when]])
    kind = np.array([text.strip() or "unknown" for text in table.columns[what]], dtype=object)
    codes = next((c for name, c in table.columns.items() if simple(name) == "lsoa_code"), [""] * kind.size)
    area = np.array([text.strip() for text in codes], dtype=object)
    return month, np.array(lon), np.array(lat), kind, area


def _month(table: Table, line: int, column: str, text: str) -> int:
    for pattern in _DATES:
        found = pattern.match(text.strip())
        if found and 1 <= int(found["m"]) <= 12 and int(found["y"]) >= 1900:
            return int(found["y"]) * 12 + int(found["m"]) - 1
    raise Refused(
        f"{table.path}: line {line}: {column} must look like 2018-03 or 03/27/2018, got {text or 'nothing'}"
    )
