"""Answers words: rows of answers.csv as the sentences and tables of docs/answers.md.

Nothing here knows what an experiment found: every number and every judgement is worked out
from the rows. An interval that holds the number of no effect is told as not settled.
"""

from __future__ import annotations

import math

NONE = "–"


def number(value: float, digits: int = 2) -> str:
    """A plain number, with a proper minus."""
    return f"{round(value, digits) + 0.0:,.{digits}f}".replace("-", "−")


def plain(row, digits: int = 2, scale: float = 1.0) -> str:
    """`0.47 [0.38, 0.57]`; a dash where there is no such row or no number."""
    if row is None or row.mean != row.mean:
        return NONE
    ends = (
        ""
        if row.lo != row.lo and row.hi != row.hi
        else f" [{_end(row.lo, digits, scale)}, {_end(row.hi, digits, scale)}]"
    )
    return number(scale * row.mean, digits) + ends


def times(row, digits: int = 2) -> str:
    """A log-ratio as `1.60× [1.45, 1.76]`."""
    if row is None or row.mean != row.mean:
        return NONE
    as_ratio = row._replace(**{k: math.exp(getattr(row, k)) for k in ("mean", "lo", "hi")})
    head, bracket, tail = plain(as_ratio, digits).partition(" [")
    return f"{head}×{bracket}{tail}"


def _end(value: float, digits: int, scale: float) -> str:
    return "no limit" if value != value else number(scale * value, digits)


def side(row, of: float = 0.0) -> str:
    """`above`, `below` or `not settled`: where the interval lies beside a number."""
    if row is None or not (row.lo == row.lo and row.hi == row.hi):
        return "not settled"
    return "above" if row.lo > of else "below" if row.hi < of else "not settled"


def pick(rows, **wanted):
    """The rows that have these fields; a field of `at` is named by its key."""
    return [
        r for r in rows if all(r.at[k] == v if k in r.at else getattr(r, k) == v for k, v in wanted.items())
    ]


def first(rows, **wanted):
    """The row of the earliest day that has these fields, or None."""
    return min(pick(rows, **wanted), key=lambda r: r.day, default=None)


def last(rows, **wanted):
    """The row of the latest day that has these fields, or None."""
    return max(pick(rows, **wanted), key=lambda r: r.day, default=None)


def each(rows, field: str) -> list:
    """The different values of a field, in order."""
    return list(dict.fromkeys(getattr(r, field) for r in rows))


def table(head, rows) -> list[str]:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(str(cell) for cell in line) + " |" for line in lines]


def arm(name: str) -> str:
    """An arm as code."""
    return f"`{name}`"


def listed(parts) -> str:
    """`a, b and c`; `none` of nothing."""
    parts = list(parts)
    return (
        "none" if not parts else parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    )


def counted(words) -> str:
    """`3 above, 2 not settled`, in order of appearance."""
    words = list(words)
    return ", ".join(f"{words.count(w)} {w}" for w in dict.fromkeys(words))
