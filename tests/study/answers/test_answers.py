"""Are differences between arms paired, and answers written whole?"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from loopsim.limits import Refused
from loopsim.study.answers import answers
from loopsim.study.observer.tables import Estimates


def a_result(path=None):
    rng = np.random.default_rng(4)
    shared, small = rng.normal(0, 10, 30), rng.normal(1, 0.1, 30)
    key, none = [(7, "stop_rate", "all")], np.zeros((1, 1))
    values = {"loop": shared[None], "ban": (shared - small)[None]}
    found = {arm: Estimates(key, none, none, v) for arm, v in values.items()}
    numbered = {arm: SimpleNamespace(replicates=np.arange(30)) for arm in values}
    summary = [("loop", 7, "stop_rate", "all", 1.0, 0.5, 1.5, 30)]
    return SimpleNamespace(
        arms=["loop", "ban"], estimates=found, observed=numbered, summary_rows=summary, path=path
    )


def test_a_difference_between_arms_is_as_narrow_as_the_paired_differences():
    mean, lo, hi, size = answers.difference(a_result(), "stop_rate", "all", arm="ban", against="loop", day=7)
    assert size == 30
    assert mean == pytest.approx(-1, abs=0.1)
    assert hi - lo < 0.2


def test_an_arm_that_is_not_there_is_refused_with_the_nearest_name():
    with pytest.raises(Refused, match="ban"):
        answers.difference(a_result(), "stop_rate", "all", arm="bann", against="loop", day=7)


def test_a_measure_without_values_is_refused():
    with pytest.raises(Refused, match="no replicate"):
        answers.difference(a_result(), "stop_rate", "all", arm="ban", against="loop", day=8)


def test_answers_are_read_as_they_were_written(tmp_path):
    rows = [("ban", 7, "half_life_after", "x/y", 3.5, float("nan"), 4.25, 30)]
    answers.write(a_result(tmp_path), rows)
    read = answers.read(tmp_path)
    assert read[0][:5] == rows[0][:5]
    assert np.isnan(read[0][5])
    assert [p.name for p in tmp_path.iterdir()] == ["answers.csv"]
