"""Sweeps small enough for tests, and what a sweep says when it refuses.

from swept import TINY, swept, refusal
"""

from __future__ import annotations

import pytest

import loopsim
from loopsim.limits import Refused

TINY = [
    "city.rows=8", "city.cols=8", "city.residents=1200", "days=28", "history_days=28", "measure_days=14",
    "prediction.window_days=28", "allocation.budget=20", "replicates=5", "arms=[loop,frozen]",
    "allocation=proportional",
]  # fmt: skip
SWEPT = ["bias.level=1,2", "allocation.gamma=range(0.5,2,0.5)"]
TABLES = ("summary.csv", "metrics.csv")


def swept(out, *lines, **wishes):
    return loopsim.sweep([*TINY, f"out={out}", *(lines or SWEPT)], say=lambda _: None, **wishes)


def tables(out):
    return [(out / name).read_bytes() for name in TABLES]


def refusal(*lines, **wishes):
    with pytest.raises(Refused) as refused:
        swept(wishes.pop("out", "never"), *lines, **wishes)
    return refused.value.lines
