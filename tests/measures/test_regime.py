"""The regime rule on numbers written down, and the words that every room has for a regime."""

from __future__ import annotations

import numpy as np
import pytest

from loopsim.charts.paper.words import REGIMES
from loopsim.charts.regimes import MARKS, letters
from loopsim.measures import compounding
from loopsim.measures.glossary import MEASURES
from loopsim.report.words import GROWTH
from loopsim.study.words import MEANING


@pytest.mark.parametrize(
    "interval, expected",
    [
        ((0.2, 0.9), "compounds"), ((-0.9, -0.2), "fades"), ((-0.05, 0.05), "locks in"),
        ((0.05, 0.3), "undetermined"), ((np.nan, np.nan), "undetermined"),
    ],
)  # fmt: skip
def test_the_regime_follows_from_the_interval_and_the_band(interval, expected):
    assert compounding.regime(*interval, 20.0, 20.0) == expected


@pytest.mark.parametrize(
    ("clear", "expected"), [(True, ("compounds", "fades")), (False, ("undetermined",) * 2)]
)
def test_growth_and_fall_count_only_if_it_is_clear_which_plan_is_the_nearer_to_parity(clear, expected):
    found = [compounding.regime(*interval, clear=clear) for interval in ((0.2, 0.9), (-0.9, -0.2))]
    assert tuple(found) == expected
    assert compounding.regime(-0.05, 0.05, clear=clear) == "locks in"


@pytest.mark.parametrize(
    ("first", "last", "side"),
    [(0.3, 0.8, 1.0), (-0.3, -0.1, -1.0), (0.8, -0.3, 1.0), (0.01, -0.8, -1.0), (-0.01, 0.8, 1.0)],
)
def test_growth_is_to_the_side_of_the_plan_that_is_further_from_parity(first, last, side):
    both = first + last
    assert compounding.direction(first, both - 0.1, both + 0.1) == (side, True)
    grown = compounding.compounding(np.array([[first], [last]]), side)[-1, 0]
    assert np.sign(grown) == np.sign(abs(last) - abs(first))


@pytest.mark.parametrize(
    ("low", "high"), [(-0.1, 0.3), (-0.3, 0.1), (0.0, 0.0), (1e-16, 1e-16), (np.nan, np.nan)]
)
def test_growth_is_to_the_side_of_the_first_plan_where_that_is_not_clear(low, high):
    assert compounding.direction(0.02, low, high) == (1.0, False)
    assert compounding.direction(-0.02, low, high) == (-1.0, False)


def test_patrol_that_ends_on_a_vanishing_number_of_cells_runs_away():
    assert compounding.regime(-1.0, 1.0, 40.0, 2.0) == "runs away"
    assert compounding.regime(0.2, 1.0, 1.0, 1.0) == "compounds"


@pytest.mark.parametrize(
    ("low", "high", "spread", "expected"),
    [
        (-0.02, 0.03, 0.05, True), ([-0.02, -0.05], [0.03, 0.01], [0.0, 0.05], True),
        (1e-16, 1e-16, 0.0, True),  # parity, as far as numbers are exact
        (0.01, 0.03, 0.05, False), (-0.02, 0.3, 0.05, False), (-0.02, 0.03, 0.5, False),
        ([-0.02, 0.2], [0.03, 0.5], [0.0, 0.0], False), (np.nan, np.nan, 0.0, False),
    ],
)  # fmt: skip
def test_no_disparity_is_parity_within_the_band_on_average_and_in_single_replicates(
    low, high, spread, expected
):
    assert compounding.even(low, high, spread) is expected


def test_every_list_of_regimes_has_each_of_them_in_the_same_order():
    lists = MEANING, REGIMES, GROWTH, MARKS
    assert [tuple(names) for names in lists] == [compounding.REGIMES] * len(lists)
    assert len(set(MARKS.values())) == len(MARKS)
    assert all(name in MEASURES["regime"][0] for name in compounding.REGIMES)


def test_letters_are_explained_where_they_stand_and_in_one_order():
    assert (
        letters(["no disparity", "fades", "undetermined", "fades"])
        == "F fades, N no disparity, ? not settled"
    )
    assert letters([""]) == "no verdict"
