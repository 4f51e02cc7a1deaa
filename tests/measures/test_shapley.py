"""Does every cause get what it adds, and do all of them together get all?"""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopsim.measures.shapley import coalitions, shapley


def by_orders(values):
    """The definition: the mean over all orders of what a cause adds when it arrives."""
    n = len(values).bit_length() - 1
    total = np.zeros(n)
    orders = list(permutations(range(n)))
    for order in orders:
        seen = 0
        for i in order:
            total[i] += values[seen | 1 << i] - values[seen]
            seen |= 1 << i
    return total / len(orders)


def test_a_gloves_game_by_hand():
    # causes: left glove, right glove, another right glove; a pair is worth 1
    values = [1.0 if m & 1 and m & 6 else 0.0 for m in range(8)]
    np.testing.assert_allclose(shapley(np.array(values)[:, None])[:, 0], [2 / 3, 1 / 6, 1 / 6])


@given(st.lists(st.floats(-5, 5), min_size=16, max_size=16))
def test_the_weights_are_those_of_all_orders_and_the_parts_sum_to_the_whole(values):
    found = shapley(np.array(values)[:, None])[:, 0]
    np.testing.assert_allclose(found, by_orders(values), atol=1e-12)
    assert found.sum() == pytest.approx(values[-1] - values[0], abs=1e-12)


def test_a_cause_that_changes_nothing_contributes_nothing():
    values = np.array([[float(m & 1)] for m in range(8)])
    np.testing.assert_array_equal(shapley(values)[:, 0], [1, 0, 0])


def test_coalitions_stand_at_their_bits():
    sets = coalitions(("a", "b"))
    assert sets == [(), ("a",), ("b",), ("a", "b")]


def test_a_table_that_is_no_power_of_two_is_refused():
    with pytest.raises(ValueError, match="2"):
        shapley(np.zeros((6, 1)))
