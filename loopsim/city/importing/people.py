"""People: residents of small areas by group, from a census table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loopsim.city.importing.tables import Table, numbers, simple
from loopsim.limits import Refused, nearest

_TOTALS = ("persons", "total", "all_persons", "all", "population", "total_population", "all_usual_residents")


@dataclass(frozen=True, kw_only=True, eq=False)
class People:
    """Residents by area and group.

    Parameters
    ----------
    codes : (a,) text, area codes
    groups : names, the largest first: the reference of every ratio
    count : (a, G) int
    """

    codes: list[str]
    groups: tuple[str, ...]
    count: np.ndarray


def group_columns(texts: list[str]) -> dict[str, list[str]]:
    """`Black=BlkAfrican+BlkCaribbean` as a name and its columns."""
    groups: dict[str, list[str]] = {}
    for text in texts:
        name, sign, columns = text.partition("=")
        parts = [part.strip() for part in columns.split("+")]
        if not sign or not name.strip() or not all(parts):
            raise Refused(f"--groups must look like Name=Column+Column, got {text}")
        if name.strip() in groups:
            raise Refused(f"--groups names {name.strip()} twice")
        groups[name.strip()] = parts
    taken = [column for parts in groups.values() for column in parts]
    twice = sorted({column for column in taken if taken.count(column) > 1})
    if twice:
        raise Refused(f"--groups counts column {twice[0]} twice; a resident belongs to one group")
    return groups


def read_people(table: Table, code_column: str, wanted: dict[str, list[str]], areas: set[str]) -> People:
    """Counts of the wanted groups in the wanted areas; who is in none of them is `Other`."""
    rows = [i for i, code in enumerate(table.columns[code_column]) if code.strip() in areas]
    codes = [table.columns[code_column][i].strip() for i in rows]
    seen: set[str] = set()
    for i, code in zip(rows, codes):
        if code in seen:
            raise Refused(f"{table.path}: line {table.lines[i]}: area {code} is there twice")
        seen.add(code)
    some = Table(
        path=table.path,
        columns={name: [column[i] for i in rows] for name, column in table.columns.items()},
        lines=[table.lines[i] for i in rows],
    )
    count = np.column_stack([sum(_whole(some, c) for c in columns) for columns in wanted.values()])
    groups = tuple(wanted)
    left = _left_over(some, codes, count)
    if left is not None and left.any():
        if "Other" in groups:
            raise Refused(
                f"{table.path}: {int(left.sum())} residents are in no group; add their columns to --groups"
            )
        groups, count = (*groups, "Other"), np.column_stack([count, left])
    if len(groups) < 2:
        raise Refused("--groups must leave at least two groups; name another")
    if not count.sum(axis=0).all():
        empty = groups[int(np.argmin(count.sum(axis=0)))]
        raise Refused(f"{table.path}: nobody of group {empty} lives in these areas; leave it out of --groups")
    order = np.argsort(-count.sum(axis=0), kind="stable")
    order = [order[0], *sorted(order[1:])]
    return People(codes=codes, groups=tuple(groups[i] for i in order), count=count[:, order])


def _whole(table: Table, column: str) -> np.ndarray:
    if column not in table.columns:
        raise Refused(
            f"{table.path}: no column {column} ({nearest(column, table.columns)}); correct --groups"
        )
    values = np.array(numbers(table, column))
    bad = np.flatnonzero((values < 0) | (values != np.floor(values)))
    if bad.size:
        line, text = table.lines[bad[0]], table.columns[column][bad[0]]
        raise Refused(f"{table.path}: line {line}: {column} must be a whole number of people, got {text}")
    return values.astype(np.int64)


def _left_over(table: Table, codes: list[str], count: np.ndarray) -> np.ndarray | None:
    """(a,) people in no wanted group, where the table has a total."""
    totals = [name for name in table.columns if simple(name) in _TOTALS]
    if not totals:
        return None
    left = _whole(table, totals[0]) - count.sum(axis=1)
    if (left < 0).any():
        worst = int(np.argmin(left))
        raise Refused(
            f"{table.path}: line {table.lines[worst]}: the groups of {codes[worst]} have more people "
            f"than its {totals[0]}; check --groups"
        )
    return left
