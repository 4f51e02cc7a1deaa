"""Proxies: what the model makes of statistics about people, and what closes its loop."""

import numpy as np
import pytest
from conftest import a_grid, a_ledger, a_now
from valve import closed_and_opened

from loopsim.limits import Refused
from loopsim.prediction.proxy import Proxy


def proxy(**other):
    values = {
        "outcome": "all",
        "window_days": 60,
        "inputs": ("deprivation",),
        "last_year": True,
        "alpha": 1e-4,
    }
    return Proxy(**values | other)


def a_poor_half(grid):
    """Deprivation 1 in the eastern half, 0 in the western."""
    grid.layers["deprivation"] = (np.arange(grid.n) % grid.cols >= grid.cols // 2) * 1.0
    return grid.layers["deprivation"] > 0


def test_a_statistic_spreads_the_records_of_some_poor_cells_over_all_of_them():
    """Two of 24 poor cells have 12 records a day, all else 1: each poor cell is believed to have 46 / 24."""
    grid = a_grid(6, 8)
    poor = a_poor_half(grid)
    counts = np.ones((2, 48), int)
    counts[:, [4, 13]] = 12
    now = a_now(grid, a_ledger(grid, counts=counts))
    risk = proxy(last_year=False, alpha=1e-9)(now.evidence, now)
    assert np.allclose(risk[:, poor], 46 / 24, rtol=1e-4)
    assert np.allclose(risk[:, ~poor], 1.0, rtol=1e-4)


def test_the_fit_is_that_of_scikit_learn():
    linear = pytest.importorskip("sklearn.linear_model")
    grid = a_grid(7, 9)
    now = a_now(grid, a_ledger(grid, days=120))
    this, before = (now.evidence.counts(60, ago=a) for a in (0, 60))
    model = proxy(outcome="all", inputs=("deprivation", "share:orange"), alpha=0.01)
    crimes = a_now(grid, now.evidence.ledger, weights=now.evidence.kinds.is_crime * 1.0).evidence
    this, before = crimes.counts(60), crimes.counts(60, ago=60)
    statistics = [grid.layers["deprivation"], grid.layers["share:orange"]]
    for r, risk in enumerate(model(now.evidence, now)):
        x, coming = (np.column_stack([*statistics, np.log(0.5 + c[r])]) for c in (before, this))
        mean, scale = x.mean(axis=0), x.std(axis=0)
        theirs = linear.PoissonRegressor(alpha=0.01, tol=1e-10, solver="newton-cholesky")
        expected = theirs.fit((x - mean) / scale, this[r]).predict((coming - mean) / scale)
        assert np.allclose(risk, expected * this[r].sum() / expected.sum() / 60, rtol=1e-7)


@pytest.mark.parametrize(("shape", "each"), [((5, 6), 0), ((5, 6), 2), ((1, 1), 3)])
def test_uniform_records_give_uniform_risk_whoever_lives_where(shape, each):
    grid = a_grid(*shape)
    now = a_now(grid, a_ledger(grid, counts=np.full((2, grid.n), each), days=120))
    assert np.allclose(proxy()(now.evidence, now), each if each else 1 / 60 / grid.n, rtol=1e-6)


def test_without_any_input_the_mean_is_believed_everywhere():
    grid = a_grid(5, 6, outside=2)
    now = a_now(grid, a_ledger(grid))
    risk = proxy(inputs=(), last_year=False)(now.evidence, now)[:, grid.inside]
    assert np.allclose(risk, risk[:, :1])
    assert not proxy(inputs=(), last_year=False)(now.evidence, now)[:, ~grid.inside].any()


def test_a_statistic_that_the_map_does_not_have_is_left_out_and_noted():
    grid = a_grid(5, 6)
    now, other = (a_now(grid, a_ledger(grid)) for _ in range(2))
    risk = proxy(inputs=("deprivation", "schooling"))(now.evidence, now)
    assert np.array_equal(risk, proxy()(other.evidence, other))
    assert now.notes["fallbacks"] == ["proxy: the map has no schooling: left out (day 0)"]


def test_a_statistic_that_is_the_same_everywhere_is_left_out_and_noted():
    grid = a_grid(5, 6)
    grid.layers["schooling"] = np.zeros(grid.n)
    now, other = (a_now(grid, a_ledger(grid)) for _ in range(2))
    risk = proxy(inputs=("deprivation", "schooling"))(now.evidence, now)
    assert np.array_equal(risk, proxy()(other.evidence, other))
    assert now.notes["fallbacks"] == ["proxy: schooling is the same everywhere: left out (day 0)"]


@pytest.mark.parametrize("last_year", [True, False])
def test_patrol_closes_the_loop_and_reports_alone_open_it(last_year):
    closed, opened = closed_and_opened(proxy(last_year=last_year), days=120)
    assert closed > 0.001
    assert opened == 0


def test_patrol_in_one_poor_cell_raises_every_poor_cell_and_last_years_count_its_own():
    grid = a_grid(6, 8)
    poor = a_poor_half(grid)
    quiet, busy = np.ones((2, 48), int), np.ones((2, 48), int)
    busy[:, 4] = 30
    change = {}
    for last_year in (False, True):
        risks = []
        for counts in (quiet, busy):
            now = a_now(grid, a_ledger(grid, counts=counts, days=120))
            risks.append(proxy(last_year=last_year)(now.evidence, now)[0])
        change[last_year] = risks[1] - risks[0]
    assert (change[False][poor] > 0.5).all()
    assert np.abs(change[False][~poor]).max() < 0.01
    assert change[True][4] > 5 * np.median(change[True][poor])


def test_names_that_are_not_on_the_map_are_refused():
    from loopsim.study.compose import compose

    with pytest.raises(Refused, match="got unemployed: did you mean unemployment"):
        compose(["prediction=proxy", "prediction.inputs=[unemployed]"])
    with pytest.raises(Refused, match="prediction.outcome must be offence types, got theft"):
        compose(["prediction=proxy", "prediction.outcome=[theft]"])
