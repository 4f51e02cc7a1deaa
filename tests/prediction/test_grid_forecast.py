"""Four weeks ahead: what the inputs are, that the fit is a ridge Poisson, what closes the loop."""

import numpy as np
import pytest
from conftest import a_grid, a_ledger, a_now
from valve import closed_and_opened

from loopsim.limits import Refused
from loopsim.prediction.grid_forecast import GridForecast
from loopsim.prediction.poisson import ridge
from loopsim.prediction.poisson.columns import standardised
from loopsim.prediction.poisson.lags import Lags, slope
from loopsim.prediction.poisson.penalty import chosen
from loopsim.prediction.poisson.ridge import ridge_poisson, slopes, start
from loopsim.prediction.poisson.weeks import Weeks

PAST = 728


def forecast(**other):
    values = {
        "outcome": "all", "window_days": PAST, "horizon_days": 28, "stops": True, "intelligence": True,
        "trend_years": 20, "alphas": (0.001, 0.1),
    }  # fmt: skip
    return GridForecast(**values | other)


def test_the_inputs_of_a_forecast_are_sums_over_the_weeks_before_it():
    """Week w (0 = newest) has w + 1 records: the last four before origin 4 have 5 + 6 + 7 + 8 = 26."""
    lags = Lags({"crimes": np.arange(1.0, 105.0)[:, None], "stops": np.full((104, 1), 2.0)})
    four, thirteen, mean, last_year, stops = np.exp(lags.inputs(4, 4)[0]) - 0.5
    assert four == pytest.approx(26)
    assert thirteen == pytest.approx(sum(range(5, 18)))
    assert mean == pytest.approx(sum(range(5, 105)) / 25)
    assert last_year == pytest.approx(53 + 54 + 55 + 56)  # the target, weeks 0 to 3, a year before
    assert stops == pytest.approx(26)


def test_weeks_are_read_once_and_are_those_of_the_ledger():
    grid = a_grid(4, 4)
    ledger = a_ledger(grid, days=70)
    kept = {}
    first = Weeks(kept).read(a_now(grid, ledger).evidence, 5)
    assert np.array_equal(first.sum(axis=0), a_now(grid, ledger).evidence.counts(35))
    page = ledger.blank_page(0, 7, 1)
    ledger.add(page)
    later = a_now(grid, ledger).evidence
    read = []
    object.__setattr__(later, "counts", lambda days, ago=0: read.append(ago) or np.zeros((2, 16)))
    second = Weeks(kept).read(later, 5)
    assert read == [0]
    assert np.array_equal(second[1:], first[:-1])
    assert not second[0].any()


@pytest.mark.parametrize("rate", [0.0, 0.004, -0.01])
def test_the_trend_is_the_growth_of_the_totals(rate):
    totals = 200.0 * np.exp(-rate * np.arange(104))
    assert slope(totals, 4) == pytest.approx(rate, abs=1e-6)
    assert slope(totals[:40], 4) == 0.0
    assert slope(np.zeros(104), 4) == 0.0


def test_a_ridge_poisson_fit_is_that_of_scikit_learn():
    linear = pytest.importorskip("sklearn.linear_model")
    rng = np.random.default_rng(1)
    x = rng.normal(size=(400, 5))
    y = rng.poisson(np.exp(0.3 + x @ [0.5, -0.3, 0.0, 0.2, 0.1])).astype(float)
    theirs = linear.PoissonRegressor(alpha=0.03, tol=1e-10, solver="newton-cholesky").fit(x, y)
    beta = start(y, np.zeros(400), 5)
    assert ridge_poisson(x, y, np.zeros(400), 0.03, beta)
    assert np.allclose(beta, [theirs.intercept_, *theirs.coef_], atol=1e-8)


def test_a_fit_ends_where_rounding_hides_what_is_left_to_gain(monkeypatch):
    # 130,000 rows of few kinds, as weekly counts of a city are: their losses add up with an error
    # larger than the last gains, along which a search would halve its steps without end
    rng = np.random.default_rng(1)
    (x,) = standardised(np.log(0.5 + rng.poisson([0.03, 0.09, 0.7], (130_000, 3))))
    y, offset = rng.poisson(0.027, 130_000).astype(float), np.repeat(np.linspace(0.002, 0.026, 13), 10_000)
    best = start(y, offset, 3)
    assert ridge_poisson(x, y, offset, 1.0, best)
    looks = []
    monkeypatch.setattr(ridge, "slopes", lambda *given: looks.append(1) or slopes(*given))
    for off in np.geomspace(1e-5, 1e-3, 30):
        beta = best + [off, 0.0, 0.0, 0.0]
        assert ridge_poisson.py_func(x, y, offset, 1.0, beta)
        assert np.allclose(beta, best, rtol=0, atol=1e-7)
    assert len(looks) <= 4 * 30


def test_an_offset_is_that_of_statsmodels():
    api = pytest.importorskip("statsmodels.api")
    rng = np.random.default_rng(2)
    x, offset = rng.normal(size=(300, 2)), rng.normal(size=300)
    y = rng.poisson(np.exp(0.2 + x @ [0.4, -0.2] + offset)).astype(float)
    theirs = api.GLM(y, api.add_constant(x), family=api.families.Poisson(), offset=offset).fit(tol=1e-12)
    beta = start(y, offset, 2)
    assert ridge_poisson(x, y, offset, 0.0, beta)
    assert np.allclose(beta, theirs.params, atol=1e-7)


def test_the_penalty_is_strong_where_the_inputs_are_noise_and_weak_where_they_are_not():
    rng = np.random.default_rng(3)
    x, block, none = rng.normal(size=(400, 4)), np.arange(400) % 4, np.zeros(400)
    noise = rng.poisson(1.0, 400).astype(float)
    signal = rng.poisson(np.exp(x @ [1.0, 0.5, -0.5, 0.2])).astype(float)
    assert chosen(x, noise, none, block, (10.0, 1e-4)) == 10.0
    assert chosen(x, signal, none, block, (10.0, 1e-4)) == 1e-4


def test_a_constant_column_is_left_out():
    x, other = standardised(np.array([[1.0, 5.0], [3.0, 5.0]]), np.array([[2.0, 7.0]]))
    assert x.tolist() == [[-1.0], [1.0]]
    assert other.tolist() == [[0.0]]


@pytest.mark.parametrize(("shape", "each"), [((3, 4), 0), ((3, 4), 2), ((1, 1), 3)])
def test_uniform_records_give_a_uniform_forecast(shape, each):
    grid = a_grid(*shape)
    now = a_now(grid, a_ledger(grid, counts=np.full((2, grid.n), each), days=PAST, page_days=28))
    risk = forecast()(now.evidence, now)
    assert np.allclose(risk, each if each else 1 / PAST / grid.n, rtol=1e-6)


def test_a_city_that_stays_as_it_is_is_forecast_as_it_is():
    grid = a_grid(5, 6, outside=3)
    counts = np.tile(np.where(grid.inside, np.arange(30) % 3, 0), (2, 1))
    now = a_now(grid, a_ledger(grid, counts=counts, days=PAST, page_days=28))
    risk = forecast(alphas=(1e-6,))(now.evidence, now)
    assert np.allclose(risk, counts, atol=0.02)
    assert not risk[:, ~grid.inside].any()


def test_with_less_than_two_years_of_data_the_forecast_is_finite():
    grid = a_grid(4, 5)
    now = a_now(grid, a_ledger(grid, days=60))
    risk = forecast()(now.evidence, now)
    assert np.isfinite(risk).all() and (risk >= 0).all() and risk.sum() > 0


def test_a_later_forecast_starts_at_the_last_one_and_is_the_same_as_from_scratch():
    grid, notes = a_grid(5, 5), {}
    ledger = a_ledger(grid, days=PAST, page_days=28)
    first = a_now(grid, ledger, notes=notes)
    forecast()(first.evidence, first)
    alphas = {r: row["alpha"] for r, row in notes["grid_forecast"]["rows"].items()}
    ledger.add(ledger.blank_page(0, 7, 1))
    second, afresh = a_now(grid, ledger, notes=notes), a_now(grid, ledger)
    risk = forecast()(second.evidence, second)
    from_scratch = forecast(alphas=tuple(set(alphas.values())))(afresh.evidence, afresh)
    assert {r: row["alpha"] for r, row in notes["grid_forecast"]["rows"].items()} == alphas
    if len(set(alphas.values())) == 1:
        assert np.allclose(risk, from_scratch, rtol=1e-6)


# Feedback


def test_patrol_closes_the_loop_and_reports_alone_open_it():
    closed, opened = closed_and_opened(forecast(), days=PAST)
    assert closed > 0.01
    assert opened == 0


@pytest.mark.parametrize("name", ["stops", "intelligence"])
def test_an_input_of_police_records_that_are_no_crime_closes_the_loop_and_its_switch_opens_it(name):
    """The outcome is burglary, which the extra patrol did not find."""
    off = dict(stops=False, intelligence=False, outcome=["burglary"])
    weights = np.ones(10)
    assert closed_and_opened(forecast(**off), PAST, weights) == (0, 0)
    closed, opened = closed_and_opened(forecast(**off | {name: True}), PAST, weights)
    assert closed > 0 and opened == 0


@pytest.mark.parametrize(("name", "channel"), [("stops", "stop"), ("intelligence", "intelligence")])
def test_an_input_that_the_evidence_does_not_have_is_noted(name, channel):
    grid = a_grid(4, 5)
    now = a_now(grid, a_ledger(grid, days=PAST))
    now.evidence = now.evidence.without(channel)
    forecast()(now.evidence, now)
    assert now.notes["fallbacks"] == [f"grid_forecast: no {name} in the evidence: not an input (day 0)"]


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        ({"horizon_days": 30}, "prediction.horizon_days must be whole weeks, got 30"),
        ({"window_days": 364}, "prediction.window_days must be a whole number >= 728"),
        ({"alphas": ()}, "prediction.alphas must be numbers > 0"),
        ({"alphas": (0.1, -1)}, "prediction.alphas must be numbers > 0"),
        ({"outcome": "knives"}, "prediction.outcome must be all or a list"),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_line(wrong, line):
    with pytest.raises(Refused, match=line):
        forecast(**wrong)


def test_a_horizon_longer_than_the_run_is_refused():
    from loopsim.study.compose import compose

    with pytest.raises(Refused, match="prediction.horizon_days must be <= days \\(21\\), got 28"):
        compose(["prediction=grid_forecast", "history_days=728", "days=21", "measure_days=21"])


@pytest.mark.parametrize("rate", [0.01, -0.01])
def test_the_trend_carries_the_force_on_to_the_weeks_ahead(rate):
    """All inputs penalised away, only the level and the trend are left: the next four weeks of the growth."""
    weeks = np.repeat(20.0 * np.exp(-rate * np.arange(104))[:, None], 6, axis=1)
    found = forecast(alphas=(9e5,))._forecast(Lags({"crimes": weeks * np.linspace(1, 2, 6)}), rate, {}, None)
    ahead = 20.0 * np.exp(rate * np.arange(1, 5)).sum()
    assert found.mean() == pytest.approx(1.5 * ahead, rel=0.01)


def test_the_penalty_is_chosen_once_a_year():
    grid, notes, learnt = a_grid(3, 4), {}, []
    ledger = a_ledger(grid, days=PAST, page_days=28)
    for _ in range(4):
        now = a_now(grid, ledger, notes=notes)
        forecast()(now.evidence, now)
        learnt.append(notes["grid_forecast"]["learnt"])
        ledger.add(ledger.blank_page(now.day, 182, 1))
    assert learnt == [0, 0, 364, 364]
