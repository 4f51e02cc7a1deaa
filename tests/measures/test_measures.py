"""Measures on cities small enough for the answer to fit in a comment, and against PySAL."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from loopsim.measures import (
    accuracy,
    compounding,
    concentration,
    dark_figure,
    disparity,
    divergence,
    intervals,
    predictability,
    rates,
    spatial,
)  # fmt: skip

PEOPLE = np.array([[10, 0], [10, 0], [0, 5], [10, 0], [5, 5], [0, 10], [5, 0], [0, 0], [0, 5]])  # 40 and 25


def test_exposure_is_the_patrol_in_the_cell_of_the_mean_resident():
    head, mix = disparity.group_weights(PEOPLE)
    plan = np.zeros((1, 9))
    plan[0, 4], plan[0, 5] = 8.0, 4.0
    # blue: 8 * 5 / 40; orange: 8 * 5 / 25 + 4 * 10 / 25
    np.testing.assert_allclose(disparity.patrol_exposure(plan, head), [[1.0, 3.2]])
    np.testing.assert_allclose(disparity.patrol_exposure(plan, mix), [[4.0, 8.0]])


def test_an_even_spread_gives_every_group_the_same_exposure():
    exposure = disparity.patrol_exposure(np.full((2, 9), 3.0), disparity.group_weights(PEOPLE)[0])
    np.testing.assert_allclose(exposure, 3.0)


def test_k_equal_cells_are_k_effective_cells():
    plan = np.zeros((2, 9))
    plan[0, :3] = 7.0
    np.testing.assert_allclose(disparity.effective_cells(plan), [3.0, 0.0])


def test_a_zero_denominator_never_gives_an_infinite_ratio():
    pseudo = disparity.pseudo_exposure(12.0, np.array([3.0]), 9)  # 0.5 * 4 / 9
    np.testing.assert_allclose(pseudo, 2 / 9)
    assert disparity.log_ratio(4.0, 0.0, pseudo)[0] == pytest.approx(np.log((4 + 2 / 9) / (2 / 9)))
    assert np.isnan(disparity.log_ratio(0.0, 0.0, 0.0)) and np.isnan(disparity.log_ratio(1.0, 0.0, 0.0))


def test_rates_of_nothing_are_nan():
    assert rates.per_1000(5, 1000, 365) == 5.0
    assert rates.nfa_rate(3, 1) == 0.75 and rates.find_rate(3, 1) == 0.25
    assert np.isnan(rates.nfa_rate(0, 0)) and np.isnan(rates.per_1000(1, 0, 365))
    assert dark_figure.dark_figure(8, 2) == 0.75 and np.isnan(dark_figure.dark_figure(0, 0))


def test_thirds_hold_a_third_of_the_residents_each():
    residents = np.array([10, 10, 10, 0])
    np.testing.assert_array_equal(
        dark_figure.thirds(np.array([0.9, 0.1, 0.5, 0.0]), residents), [2, 0, 1, -1]
    )


def test_gini_top_share_and_jaccard_of_a_few_equal_cells():
    plan = np.zeros(20)
    plan[:5] = 2.0
    assert concentration.gini(plan) == pytest.approx(0.75) and concentration.gini(
        np.ones(4)
    ) == pytest.approx(0)
    assert concentration.top_share(plan) == pytest.approx(0.2)
    assert np.isnan(concentration.gini(np.zeros(3))) and np.isnan(concentration.top_share(np.zeros(3)))
    flagged = concentration.patrolled(plan[None], 20)
    assert flagged.sum() == 5 and concentration.patrolled(np.ones((1, 9)), 9).all()
    assert concentration.jaccard(flagged, np.roll(flagged, 1)) == pytest.approx(4 / 6)


def test_divergence_is_0_for_equal_maps_1_for_disjoint_ones_and_symmetric():
    p, q = np.array([[1.0, 0, 0]]), np.array([[0, 2.0, 0]])
    assert divergence.jensen_shannon(p, 3 * p)[0] == 0 and divergence.jensen_shannon(p, q)[0] == 1
    half = np.array([[1.0, 1.0, 0]])
    assert divergence.jensen_shannon(p, half)[0] == divergence.jensen_shannon(half, p)[0]
    assert np.isnan(divergence.jensen_shannon(p, 0 * p)[0])


def test_pai_and_pei_have_the_golden_values_of_ptools():
    found, efficiency = accuracy.index_curve([6, 7, 3, 2, 1, 0], [8, 4, 4, 2, 1, 0])
    np.testing.assert_allclose(found, [1.8947, 1.4211, 1.6842, 1.4211, 1.2, 1], atol=5e-5)
    np.testing.assert_allclose(efficiency, [0.8571, 0.6923, 1, 1, 1, 1], atol=5e-5)


def test_the_best_hits_are_those_of_the_fullest_cells():
    np.testing.assert_array_equal(accuracy.best_hits(np.array([[6, 7, 3], [0, 1, 0]]), [2, 1]), [13, 1])
    assert accuracy.precision(np.array([1, 0, 2]), np.array([True, True, False])) == 0.5
    assert np.isnan(accuracy.hit_rate(0, 0)) and accuracy.self_confirmation(0.6, 0.2) == pytest.approx(0.4)


def test_compounding_is_zero_when_locked_in_and_follows_the_sign_of_the_first_disparity():
    falling = np.array([[-1.0], [-1.5], [-2.0]])
    c = compounding.compounding(falling, -1.0)
    np.testing.assert_allclose(c[:, 0], [0, 0.5, 1.0])
    np.testing.assert_allclose(compounding.amplification(c)[-1], np.e)
    np.testing.assert_allclose(compounding.compounding_rate(c, [0, 1, 2]), 0.5)
    assert np.isnan(compounding.compounding_rate(c[:1], [0]))[0]


def test_leverage_without_an_initial_bias_is_undefined():
    assert compounding.leverage(1.0, np.log(2)) == pytest.approx(1 / np.log(2))
    assert np.isnan(compounding.leverage(1.0, 0.0)) and np.isnan(compounding.leverage(1.0, np.nan))


def test_half_life_and_doubling_time_are_defined_on_their_own_side_only():
    assert compounding.half_life(-0.1, 1.0, 7) == pytest.approx(35) and np.isinf(
        compounding.half_life(0.1, 1.0, 7)
    )
    assert compounding.doubling_time(0.1, 7) == pytest.approx(70 * np.log(2))
    assert np.isinf(compounding.doubling_time(0.0, 7))


def test_moran_and_dissimilarity_equal_pysal():
    rng = np.random.default_rng(3)
    people = rng.integers(0, 40, (42, 2))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        esda, weights = pytest.importorskip("esda"), pytest.importorskip("libpysal").weights
        w = weights.lat2W(6, 7, rook=False)
        w.transform = "r"
        expected = esda.Moran(people[:, 0].astype(float), w, permutations=0).I
    assert spatial.moran(people[:, 0], 6, 7) == pytest.approx(expected, abs=1e-12)
    assert np.isnan(spatial.moran(np.ones(4), 2, 2))


def test_dissimilarity_equals_pysal():
    single = pytest.importorskip("segregation.singlegroup")
    import geopandas
    from shapely.geometry import Point

    people = np.random.default_rng(4).integers(0, 40, (30, 2))
    frame = geopandas.GeoDataFrame(
        {"one": people[:, 0], "all": people.sum(axis=1)}, geometry=[Point(i, 0) for i in range(30)], crs=27700
    )
    expected = single.Dissim(frame, group_pop_var="one", total_pop_var="all").statistic
    assert spatial.dissimilarity(people[:, 0], people[:, 1]) == pytest.approx(expected, abs=1e-12)
    assert spatial.dissimilarity([1, 0], [0, 9]) == 1.0


def test_weighted_correlation_is_pearsons():
    x, y = np.random.default_rng(5).random((2, 20))
    assert spatial.correlation(x, y, np.ones(20)) == pytest.approx(np.corrcoef(x, y)[0, 1])
    assert np.isnan(spatial.correlation(np.ones(3), y[:3], np.ones(3)))


def test_the_same_patrol_again_is_predictable_and_an_even_spread_needs_no_explaining():
    plan = np.zeros((1, 100))
    plan[0, :4] = 1.0
    assert predictability.explained(plan, plan, 100)[0] > 0.95
    assert predictability.explained(plan, np.ones((1, 100)), 100)[0] == pytest.approx(0, abs=1e-12)
    assert np.isnan(predictability.explained(np.ones((1, 100)), plan, 100)[0])


def test_every_draw_takes_as_many_replicates_as_there_are_and_is_the_same_every_time():
    w = intervals.weights(7)
    assert w.shape == (2000, 7) and (w.sum(axis=1) == 7).all()
    np.testing.assert_array_equal(w, intervals.weights(7))
    x = np.random.default_rng(0).random((7, 3))
    np.testing.assert_allclose(intervals.resample(w, x), w @ x)


def test_one_replicate_has_no_interval_and_an_infinite_limit_is_no_limit():
    assert np.isnan(intervals.limits(np.ones((10, 2)), 1)).all()
    draws = np.array([[1.0], [2.0], [np.inf], [np.nan]])
    low, high = intervals.limits(draws, 8)
    assert np.isfinite(low[0]) and np.isnan(high[0])


def test_the_interval_covers_the_mean_about_as_often_as_it_says():
    rng = np.random.default_rng(11)
    x = rng.exponential(size=(16, 400))
    draws = intervals.resample(intervals.weights(16, 1000), x) / 16
    low, high = intervals.limits(draws, 16)
    covered = ((low <= 1) & (high >= 1)).mean()
    plain = np.quantile(draws, [0.025, 0.975], axis=0)
    assert 0.89 <= covered <= 0.98
    assert covered > ((plain[0] <= 1) & (plain[1] >= 1)).mean()


def test_half_of_a_disparity_that_falls_on_a_line_is_gone_half_way():
    from loopsim.measures.after import halving_time, what_is_left

    days = np.array([100, 107, 114, 121])
    falling = np.array([[0.8], [0.6], [0.4], [0.2]])
    left = what_is_left(falling)
    np.testing.assert_allclose(left[:, 0], [1, 0.75, 0.5, 0.25])
    np.testing.assert_allclose(halving_time(left, days), [14.0])
    np.testing.assert_allclose(halving_time(what_is_left(np.array([[1.0], [1.0], [0.0]])), days[:3]), [10.5])


def test_a_disparity_that_stays_has_no_halving_time_and_none_has_no_share():
    from loopsim.measures.after import halving_time, what_is_left

    days = np.array([0, 7])
    assert np.isinf(halving_time(what_is_left(np.array([[0.5], [0.4]])), days))[0]
    assert np.isnan(halving_time(what_is_left(np.zeros((2, 1))), days))[0]
