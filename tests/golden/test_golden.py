"""Did results move? Small runs against tables that were kept; see renew.py for how to renew them."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

_spec = importlib.util.spec_from_file_location("golden_renew", Path(__file__).with_name("renew.py"))
golden = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(golden)


@pytest.mark.parametrize("name", golden.TABLES)
def test_a_small_run_gives_the_numbers_it_always_gave(name, tmp_path):
    """To 1e-9; new measures may join, none may go or move."""
    now, then = golden.made(name, tmp_path / "run"), golden.kept(name)
    gone = [key for key in then if key not in now]
    assert not gone, f"{len(gone)} rows are gone, the first is {gone[0]}"
    moved = [
        f"{' '.join(map(str, key))}: {then[key]} is now {now[key]}"
        for key in then
        if not np.allclose(now[key], then[key], rtol=1e-9, atol=1e-9, equal_nan=True)
    ]
    assert not moved, (
        f"{len(moved)} of {len(then)} rows moved; the first: {moved[:3]}; see tests/golden/renew.py"
    )


@pytest.mark.parametrize("name", golden.TABLES)
def test_a_golden_table_holds_all_arms_and_is_not_empty(name):
    then = golden.kept(name)
    assert {arm for arm, *_ in then} == {"loop", "clean_start", "frozen", "no_model"}
    assert len({measure for _, _, measure, _ in then}) > 30
    finite = np.isfinite(np.array(list(then.values()))).mean()
    assert finite > 0.8
