"""Intervals and the regime rule on truths that are known: do 95 % intervals hold it 93-97 % of the time?

Every trial invents an ensemble, sends it through the tables as a run does, and asks whether the
interval holds the truth. 2,400 trials: one standard error of a coverage of 95 % is 0.44 %.
"""

from __future__ import annotations

import numpy as np
import pytest

from loopsim.measures import compounding, intervals
from loopsim.measures.disparity import log_ratio
from loopsim.study.observer.observations import Observations
from loopsim.study.observer.tables import estimate, extend

TRIALS = 2400
LOW, HIGH = 0.93, 0.97


def held(draws, truth, replicates):
    """Share of (B, S) columns whose interval holds the truth."""
    low, high = intervals.limits(draws, replicates)
    return np.mean((low <= truth) & (truth <= high))


@pytest.mark.parametrize("replicates", [8, 16, 32, 64])
def test_the_interval_of_a_mean_holds_it(replicates):
    x = np.random.default_rng(replicates).normal(3.0, 2.0, (replicates, TRIALS))
    draws = intervals.resample(intervals.weights(replicates), x) / replicates
    assert LOW <= held(draws, 3.0, replicates) <= HIGH


@pytest.mark.parametrize("replicates", [16, 32])
def test_the_interval_of_a_disparity_holds_the_ratio_of_means(replicates):
    """Exposures of two groups, correlated and skewed like patrol; truth: log of the ratio of means."""
    rng = np.random.default_rng(replicates)
    common = rng.normal(0, 0.1, (replicates, TRIALS))
    a, b = (m * np.exp(common + rng.normal(0, 0.25, common.shape) - 0.03125) for m in (3.0, 1.5))
    w = intervals.weights(replicates)
    draws = log_ratio(intervals.resample(w, a), intervals.resample(w, b), 0.0)
    assert LOW <= held(draws, np.log(2.0), replicates) <= HIGH


@pytest.mark.parametrize("replicates", [16, 32])
def test_the_interval_of_a_paired_difference_holds_it_and_is_narrower(replicates):
    rng = np.random.default_rng(100 + replicates)
    city = rng.normal(0, 1.0, (replicates, TRIALS))
    one, two = (level + city + rng.normal(0, 0.3, city.shape) for level in (1.2, 1.0))
    w = intervals.weights(replicates)
    draws = [intervals.resample(w, x) / replicates for x in (one, two)]
    assert LOW <= held(draws[0] - draws[1], 0.2, replicates) <= HIGH
    widths = [
        np.diff(intervals.limits(d, replicates), axis=0).mean() for d in (draws[0] - draws[1], draws[0])
    ]
    assert widths[0] < 0.6 * widths[1]


def an_ensemble(path, replicates, rng, cells=50.0, apart=0.0):
    """Observations of a patrol disparity whose mean follows `path`, and of the cells patrolled.

    Every other replicate lies above the path by `apart` throughout, and the rest as far below.
    """
    path = np.asarray(path, float)
    cells = np.broadcast_to(cells, path.shape)
    walk = rng.normal(0, 0.05, (path.size, replicates)).cumsum(axis=0) / np.sqrt(path.size)
    walk += np.resize([apart, -apart], replicates)
    keys, a, b, pseudo = [], [], [], []
    for t, level in enumerate(path):
        keys += [(7 * t, "patrol_disparity", "x/y"), (7 * t, "effective_cells", "all")]
        a += [np.exp(level + walk[t]), np.full(replicates, cells[t])]
        b += [np.ones(replicates)] * 2
        pseudo += [np.zeros(replicates), np.full(replicates, np.nan)]
    a, b, pseudo = (np.array(x) for x in (a, b, pseudo))
    return Observations(
        replicates=np.arange(replicates), keys=keys, a=a, b=b, pseudo=pseudo, refit_days=7,
        refits={7 * t: t for t in range(path.size)}, total_maps={}, ranks=np.arange(1), curves={}, frames={},
        frame_days=[],
    )  # fmt: skip


def the_regime(path, *, replicates=32, seed=1, cells=50.0, apart=0.0):
    observed = an_ensemble(path, replicates, np.random.default_rng(seed), cells, apart)
    return extend(estimate(observed), observed, {})["x/y"]["regime"]


@pytest.mark.parametrize(
    ("path", "cells", "regime"),
    [
        (np.linspace(1.0, 0.2, 30), 50.0, "fades"),
        (np.full(30, 0.7), 50.0, "locks in"),
        (np.linspace(0.5, 1.2, 30), 50.0, "compounds"),
        (np.linspace(0.5, 4.0, 30), np.linspace(50, 1, 30), "runs away"),
        (np.linspace(-0.5, -1.2, 30), 50.0, "compounds"),  # of a bias the other way
        (np.linspace(-1.0, -0.1, 30), 50.0, "fades"),
        (np.zeros(30), 50.0, "no disparity"),
        (np.zeros(30), np.linspace(50, 1, 30), "runs away"),
        (np.linspace(0.1, 0.9, 30), 50.0, "compounds"),  # of next to nothing
        (np.linspace(0.8, 0.0, 30), 50.0, "fades"),  # to nothing
        (np.full(30, 0.05), 50.0, "locks in"),  # small, and there
    ],
)
def test_constructed_series_get_the_regime_they_were_made_for(path, cells, regime):
    assert the_regime(path, cells=cells) == regime


@pytest.mark.parametrize("end", [0.8, -0.8])
@pytest.mark.parametrize("first", [0.0, 0.002, -0.002])
def test_a_disparity_that_grows_out_of_parity_compounds_whichever_way_chance_leans_at_the_first_plan(
    end, first
):
    found = [the_regime(np.linspace(first, end, 30), seed=s) for s in range(4)]
    assert found == ["compounds"] * 4
    assert the_regime(np.linspace(first, end, 30), cells=np.linspace(50, 1, 30)) == "runs away"


def test_growth_out_of_parity_is_told_to_the_side_of_the_last_plan_in_every_measure_of_it():
    observed = an_ensemble(np.linspace(0.0, -0.8, 30), 32, np.random.default_rng(1))
    for sums in (observed.a, observed.b):
        sums[0] = 1.0  # even at the first plan, exactly
    found = estimate(observed)
    verdict = extend(found, observed, {})["x/y"]
    assert verdict["compounding"][1] > 0.7
    assert found.of("amplification", "x/y").point[-1] > 2 and found.of("compounding_rate", "x/y").point[0] > 0


@pytest.mark.parametrize(
    ("first", "last", "regime"),
    [
        (0.8, -0.3, "fades"),  # to the other side, and nearer to parity
        (-0.8, 0.3, "fades"),
        (0.5, -0.5, "undetermined"),  # as far off on the other side
        (0.3, -0.8, "compounds"),  # further off, on the other side
        (-0.3, 0.8, "compounds"),
    ],
)
def test_a_disparity_that_changes_sides_is_judged_by_which_plan_is_the_nearer_to_parity(first, last, regime):
    assert [the_regime(np.linspace(first, last, 30), seed=s) for s in range(4)] == [regime] * 4


def test_a_side_that_is_chance_at_both_plans_neither_fades_nor_compounds():
    """From 0.1 to -0.1 and back, of replicates so far apart that neither plan is clear of parity."""
    for first in (0.1, -0.1):
        path = np.linspace(first, -1.2 * first, 30)
        found = [the_regime(path, replicates=16, seed=s, apart=0.45) for s in range(8)]
        assert found == ["undetermined"] * 8


def test_replicates_that_lock_in_to_either_side_are_not_without_disparity():
    """Half of them at 1.6 times and half at 1 / 1.6: the mean is 1, narrowly, of 200 replicates."""
    assert the_regime(np.zeros(8), replicates=200, apart=0.0) == "no disparity"
    assert the_regime(np.zeros(8), replicates=200, apart=0.45) == "locks in"


def test_few_replicates_that_hold_parity_by_being_wide_do_not_show_that_there_is_none():
    assert the_regime(np.zeros(8), replicates=6, apart=0.09) != "no disparity"


def test_one_replicate_is_undetermined():
    assert the_regime(np.zeros(30), replicates=1) == "undetermined"
    assert the_regime(np.linspace(0.5, 1.2, 30), replicates=1) == "undetermined"


def test_growth_that_ends_at_the_edge_of_the_band_is_undetermined_nineteen_times_in_twenty():
    edge = 0.5 + np.array([0, compounding.BAND])
    found = [the_regime(edge, replicates=8, seed=s) for s in range(200)]
    assert 178 <= found.count("undetermined") < 200


def test_a_disparity_that_does_not_change_is_seldom_called_growth():
    """100 ensembles that are locked in by construction: no more than a few are called anything else."""
    found = [the_regime(np.full(6, 0.7), replicates=16, seed=s) for s in range(100)]
    assert found.count("locks in") + found.count("undetermined") >= 97
    assert found.count("locks in") > 60
