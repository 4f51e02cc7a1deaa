"""Tables: comma-separated files, read whole and strictly, refused in one sentence."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from loopsim.limits import Refused


@dataclass(frozen=True, kw_only=True, eq=False)
class Table:
    """Columns of text by name, as in the file.

    Parameters
    ----------
    path : as the user wrote it
    columns : name -> (rows,) text
    lines : (rows,) line of each row in the file, for messages
    """

    path: str
    columns: dict[str, list[str]]
    lines: list[int]

    def find(self, what: str, *names: str, needed: bool = True) -> str | None:
        """The column known by one of these names, whatever its capitals and spaces."""
        known = {simple(column): column for column in self.columns}
        for name in names:
            if name in known:
                return known[name]
        if needed:
            have = ", ".join(self.columns)
            raise Refused(f"{self.path}: no column for {what} (expected {' or '.join(names)}); it has {have}")
        return None


def simple(name: str) -> str:
    """A column name in snake_case: `Crime type` is `crime_type`."""
    return "_".join(name.strip().lower().replace("-", " ").split())


def read_text(path: str) -> str:
    """The text of a file in UTF-8, with or without a byte order mark."""
    file = Path(path)
    if file.is_dir():
        raise Refused(f"{path}: is a directory; name a file")
    if not file.exists():
        raise Refused(f"{path}: no such file")
    data = file.read_bytes()
    if not data.strip():
        raise Refused(f"{path}: is empty")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Refused(f"{path}: line {line} is not UTF-8; save the file as UTF-8") from None


def read_table(path: str) -> Table:
    """A comma-separated file with one header line."""
    text = read_text(path)
    header_line = text.split("\n", 1)[0]
    for mark, word in ((";", "semicolons"), ("\t", "tabs")):
        if header_line.count(mark) > header_line.count(","):
            raise Refused(f"{path}: line 1 separates columns by {word}; save the file with commas")
    reader = csv.reader(io.StringIO(text, newline=""))
    rows, lines = [], []
    try:
        header = [name.strip() for name in next(reader)]
        for row in reader:
            if not row:
                continue
            if len(row) != len(header):
                raise Refused(
                    f"{path}: line {reader.line_num} has {len(row)} columns, the header has {len(header)}"
                )
            rows.append(row)
            lines.append(reader.line_num)
    except csv.Error as error:
        raise Refused(f"{path}: line {reader.line_num} cannot be read: {error}") from None
    if not rows:
        raise Refused(f"{path}: has a header and no rows")
    if len(set(header)) < len(header):
        raise Refused(f"{path}: line 1 names a column twice")
    return Table(path=path, columns=dict(zip(header, map(list, zip(*rows)))), lines=lines)


def numbers(table: Table, column: str, *, blank: float | None = None) -> list[float]:
    """A column as finite numbers; an empty field is `blank`, or refused."""
    out = []
    for line, text in zip(table.lines, table.columns[column]):
        text = text.strip()
        if not text and blank is not None:
            out.append(blank)
            continue
        try:
            value = float(text)
        except ValueError:
            value = float("inf")
        if not abs(value) < float("inf"):
            raise Refused(f"{table.path}: line {line}: {column} must be a number, got {text or 'nothing'}")
        out.append(value)
    return out


def coordinates(table: Table) -> tuple[list[float], list[float]]:
    """Longitudes and latitudes in degrees; NaN where a row has none."""
    names = (("longitude", "lon", "lng", "long"), ("latitude", "lat"))
    lon_name, lat_name = (table.find(n[0], *n) for n in names)
    nowhere = float("nan")
    lon, lat = (numbers(table, name, blank=nowhere) for name in (lon_name, lat_name))
    for line, x, y in zip(table.lines, lon, lat):
        if abs(x) > 180 or abs(y) > 90:
            raise Refused(
                f"{table.path}: line {line}: {lat_name} must be -90 to 90 and {lon_name} -180 to 180, "
                f"got {y:g} and {x:g}; are they swapped?"
            )
    return lon, lat
