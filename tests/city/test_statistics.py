"""Public statistics: the correlation that was asked for, and nothing else of the other map."""

import numpy as np
import pytest

from loopsim.city.statistics import faults, layers_of, statistic


@pytest.mark.parametrize("correlation", [-1.0, -0.8, 0.0, 0.6, 1.0])
def test_the_correlation_is_met_exactly_over_inhabited_cells(correlation):
    rng = np.random.default_rng(1)
    follows, own, here = rng.random(200), rng.normal(size=200), rng.random(200) < 0.9
    value = statistic(follows, own, correlation, here)
    assert np.corrcoef(value[here], follows[here])[0, 1] == pytest.approx(correlation, abs=1e-9)
    assert value[here].min() == 0
    assert value[here].max() == 1
    assert ((value >= 0) & (value <= 1)).all()


def test_a_map_that_is_the_same_everywhere_cannot_be_followed():
    own = np.random.default_rng(2).normal(size=50)
    value = statistic(np.ones(50), own, 0.8, np.ones(50, bool))
    assert np.corrcoef(value, own)[0, 1] == pytest.approx(1)


def test_one_cell_has_an_index_of_nought():
    assert statistic(np.ones(1), np.ones(1), 0.8, np.ones(1, bool)).tolist() == [0.0]


def test_a_statistic_follows_deprivation_or_the_last_groups_homes():
    rng = np.random.default_rng(3)
    layers = {"residents": np.ones(90), "deprivation": rng.random(90), "share:orange": rng.random(90)}
    wanted = {
        "poor": {"follows": "deprivation", "correlation": 0.9},
        "new": {"follows": "last_group", "correlation": 0.5},
    }
    made = layers_of(wanted, layers, "orange", lambda name: np.random.default_rng(len(name)).normal(size=90))
    assert np.corrcoef(made["poor"], layers["deprivation"])[0, 1] == pytest.approx(0.9)
    assert np.corrcoef(made["new"], layers["share:orange"])[0, 1] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        (7, "city.statistics must map names"),
        ({"residents": {"follows": "deprivation", "correlation": 0}}, "must be named"),
        ({"a": {"follows": "deprivation"}}, "city.statistics.a must have follows, correlation"),
        ({"a": {"follows": "rain", "correlation": 0}}, "must be one of deprivation, last_group, got rain"),
        ({"a": {"follows": "deprivation", "correlation": 2}}, "correlation must be >= -1 and <= 1, got 2"),
    ],
)
def test_what_cannot_be_used_is_said_in_a_line(wrong, line):
    assert line in faults(wrong)[0]
    assert faults({"a": {"follows": "deprivation", "correlation": 0.3}}) == []
