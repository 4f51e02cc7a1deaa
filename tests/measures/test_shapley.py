"""Shapley: the axioms, the closed forms of small games, and a game played in every order."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from loopsim.measures.shapley import coalitions, shapley
from loopsim.records.kinds import CHANNELS

GAME = np.random.default_rng(1).normal(size=(32, 7))


def column(values):
    """The contributions in a game with one outcome."""
    return shapley(np.array(values)[:, None])[:, 0]


def test_the_parts_sum_to_the_total():
    np.testing.assert_allclose(shapley(GAME).sum(axis=0), GAME[-1] - GAME[0])


def test_it_is_the_mean_over_every_order_of_arrival():
    found = np.zeros((5, 7))
    orders = list(permutations(range(5)))
    for order in orders:
        row = 0
        for i in order:
            found[i] += GAME[row | 1 << i] - GAME[row]
            row |= 1 << i
    np.testing.assert_allclose(shapley(GAME), found / len(orders))


def test_rows_are_coalitions_by_their_bits():
    assert coalitions(("a", "b")) == [(), ("a",), ("b",), ("a", "b")]
    assert len(coalitions(CHANNELS)) == 32 and coalitions(CHANNELS)[-1] == CHANNELS


def test_values_that_add_up_give_each_channel_its_own():
    worth = np.array([3.0, -1, 0, 2, 5])
    values = [sum(worth[CHANNELS.index(c)] for c in s) for s in coalitions(CHANNELS)]
    np.testing.assert_allclose(column(values), worth, atol=1e-12)


def test_a_channel_that_changes_nothing_gets_nothing_and_twins_get_the_same():
    values = [len({"stop", "search"} & set(s)) ** 2 for s in coalitions(CHANNELS)]
    found = dict(zip(CHANNELS, column(values), strict=True))
    assert found["report"] == 0 and found["stop"] == found["search"] == pytest.approx(2)


def test_the_glove_game():
    # one left glove, two right ones: a pair is worth 1
    values = [float("l" in s and len(s) > 1) for s in coalitions(("l", "r", "q"))]
    np.testing.assert_allclose(column(values), [2 / 3, 1 / 6, 1 / 6])


def test_missing_coalitions_are_refused():
    with pytest.raises(ValueError, match="2\\*\\*n rows"):
        shapley(np.zeros((17, 1)))
