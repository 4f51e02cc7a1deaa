"""Fields: what the maps of a synthetic city are made with."""

import numpy as np
import pytest
from scipy.stats import rankdata

from loopsim.city.fields import ranked


def test_ranks_run_from_0_to_1_and_equal_values_share_one():
    # 5 < 7 = 7 < 9: ranks 1, 2.5, 2.5, 4, from which (rank - 1) / 3
    assert ranked(np.array([7.0, 5.0, 9.0, 7.0])) == pytest.approx([0.5, 0.0, 1.0, 0.5])
    assert ranked(np.ones(1)).tolist() == [0.0]


def test_ranks_are_those_of_scipy():
    values = np.random.default_rng(1).integers(0, 50, 400).astype(float)
    assert np.array_equal(ranked(values), (rankdata(values) - 1) / 399)
