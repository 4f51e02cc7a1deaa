"""The models that others are compared with: count, ewma, kde, legacy, population, uniform."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter
from valve import closed_and_opened

from loopsim.prediction.count import Count
from loopsim.prediction.ewma import Ewma
from loopsim.prediction.kde import Kde
from loopsim.prediction.legacy import Legacy
from loopsim.prediction.population import Population
from loopsim.prediction.uniform import Uniform


def daily(ledger, row, days, n):
    """(days, n) records by day and cell, yesterday last."""
    found = ledger.events(row, ledger.today - days, ledger.today)
    table = np.zeros((days, n))
    np.add.at(table, (found["day"] - ledger.today + days, found["cell"]), 1)
    return table


def test_count_is_the_mean_of_the_days_in_the_window(make_grid, make_ledger, make_now):
    grid = make_grid(4, 5)
    ledger = make_ledger(grid, days=60)
    now = make_now(grid, ledger)
    expected = [daily(ledger, r, 30, 20).mean(axis=0) for r in range(2)]
    np.testing.assert_allclose(Count(window_days=30)(now.evidence, now), expected, rtol=1e-12)
    whole = [daily(ledger, r, 60, 20).mean(axis=0) for r in range(2)]  # fewer days than the window
    np.testing.assert_allclose(Count(window_days=365)(now.evidence, now), whole, rtol=1e-12)


def test_ewma_is_the_recursion_with_its_half_life(make_grid, make_ledger, make_now):
    grid = make_grid(4, 5)
    ledger = make_ledger(grid, days=60)
    now = make_now(grid, ledger)
    alpha, expected = 1 - 0.5 ** (1 / 10), np.zeros((2, 20))
    for r in range(2):
        for today in daily(ledger, r, 60, 20):
            expected[r] = alpha * today + (1 - alpha) * expected[r]
    np.testing.assert_allclose(Ewma(half_life_days=10.0)(now.evidence, now), expected, rtol=1e-9)


def test_kde_is_scipys_filter_over_what_lies_inside(make_grid, make_ledger, make_now):
    grid = make_grid(9, 11, outside=5)
    ledger = make_ledger(grid, days=60)
    now = make_now(grid, ledger)

    def blurred(plane):
        return gaussian_filter(plane.reshape(9, 11), 1.5, mode="constant", truncate=4).ravel()

    part = np.where(grid.inside, blurred(grid.inside * 1.0), 1.0)
    expected = [blurred(daily(ledger, r, 60, 99).mean(axis=0)) * grid.inside / part for r in range(2)]
    np.testing.assert_allclose(Kde(sigma_m=225.0, window_days=60)(now.evidence, now), expected, atol=1e-14)


def test_legacy_is_the_count_of_day_0_for_good(make_grid, make_ledger, make_now):
    grid = make_grid(4, 5)
    ledger = make_ledger(grid, days=60)
    first = make_now(grid, ledger)
    day_0 = Legacy(window_days=30)(first.evidence, first)
    np.testing.assert_array_equal(day_0, Count(window_days=30)(first.evidence, first))
    page = ledger.blank_page(0, 7, 40)
    page.count[:], page.cell[:, :40] = 40, 3
    ledger.add(page)
    later, anew = make_now(grid, ledger, notes=first.notes), make_now(grid, ledger)
    np.testing.assert_array_equal(Legacy(window_days=30)(later.evidence, later), day_0)
    np.testing.assert_array_equal(Legacy(window_days=30)(anew.evidence, anew), day_0)


def test_population_follows_residents_and_uniform_follows_nothing(make_grid, make_ledger, make_now):
    grid = make_grid(4, 5, outside=2)
    now = make_now(grid, make_ledger(grid))
    people = grid.layers["residents"]
    np.testing.assert_allclose(Population()(now.evidence, now), np.tile(people / people.sum(), (2, 1)))
    np.testing.assert_allclose(Uniform()(now.evidence, now), np.tile(grid.inside / 18, (2, 1)))
    grid.layers["residents"][:] = 0.0
    np.testing.assert_allclose(Population()(now.evidence, now), np.tile(grid.inside / 18, (2, 1)))


def test_patrols_records_close_the_loop_of_a_count_and_reports_alone_open_it():
    for model in (Count(window_days=60), Ewma(half_life_days=30.0), Kde(sigma_m=150.0, window_days=60)):
        closed, opened = closed_and_opened(model)
        assert closed > 0.3 and opened == 0
    for model in (Population(), Uniform()):
        assert closed_and_opened(model) == (0, 0)
