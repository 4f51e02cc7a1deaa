"""Lock-in and winner-take-all, from the stages of the loop and nothing else.

Equal rates, records from discovery alone. A cell's records in a turn are Poisson with mean
proportional to its patrol, so with proportional patrol the shares are a martingale
(Pemantle 2007, section 2); above exponent 1 they run to one cell.
"""

from __future__ import annotations

import numpy as np
import pytest

from loopsim.allocation.proportional import Proportional

PRIOR, RATE, TURNS, REPLICATES = np.array([60.0, 40.0]), 3.0, 600, 400


def final_shares(make_grid, make_now, gamma):
    """Share of cell 0 at the end: count predictor without memory limit, `proportional`, discovery only."""
    grid = make_grid(1, 2)
    now = make_now(grid, replicates=range(REPLICATES), budget=1.0)
    patrol = Proportional(budget=1.0, gamma=gamma)
    counts, rng = np.tile(PRIOR, (REPLICATES, 1)), np.random.default_rng(5)
    for _ in range(TURNS):
        counts += rng.poisson(RATE * patrol(counts, now)[:, 0])
    return counts[:, 0] / counts.sum(axis=1)


@pytest.mark.theory
def test_proportional_patrol_locks_the_initial_share_in_on_average(make_grid, make_now):
    share = final_shares(make_grid, make_now, 1.0)
    assert abs(share.mean() - 0.6) < 4 * share.std() / np.sqrt(REPLICATES)
    assert share.std() > 0.02  # history, not truth, decides: the spread does not vanish


@pytest.mark.theory
def test_above_exponent_one_the_leader_takes_all(make_grid, make_now):
    share = final_shares(make_grid, make_now, 3.0)
    assert np.mean((share > 0.9) | (share < 0.1)) > 0.8
    assert share.mean() > 0.8


@pytest.mark.theory
def test_below_exponent_one_the_bias_fades(make_grid, make_now):
    share = final_shares(make_grid, make_now, 0.25)
    assert abs(share.mean() - 0.5) < 0.05
