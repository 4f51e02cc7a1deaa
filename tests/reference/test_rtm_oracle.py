"""Risk terrain fits against glum, scikit-learn and statsmodels."""

import numpy as np
import pytest

from loopsim.prediction.risk_terrain import elastic_net
from loopsim.prediction.risk_terrain.elastic_net import Penalty, refit
from loopsim.prediction.risk_terrain.exponential import exponentials
from loopsim.prediction.risk_terrain.negative_binomial import polygammas, rise
from loopsim.prediction.risk_terrain.patterns import Ones, alike, dealt
from loopsim.prediction.risk_terrain.stepwise import Nb1, Poisson, selected, stepwise


def a_terrain(n=600, p=9, seed=1, sigma=0.8):
    """Binary columns, two of them nested, and an overdispersed count that three of them raise."""
    rng = np.random.default_rng(seed)
    columns = rng.random((p, n)) < rng.uniform(0.05, 0.4, p)[:, None]
    columns[1] |= columns[0]
    mean = 0.7 * np.exp(1.1 * columns[1] + 0.8 * columns[4] + 0.6 * columns[7])
    return columns, rng.negative_binomial(mean / sigma, 1 / (1 + sigma)).astype(float)


def grouped(columns, y):
    first, pattern = alike(columns)
    cells = np.bincount(pattern)
    return Ones.of(columns[:, first], cells), np.bincount(pattern, y, first.size)


def test_like_cells_are_added_up_without_loss():
    columns, y = a_terrain()
    ones, sums = grouped(columns, y)
    assert ones.cells.sum() == 600
    assert sums.sum() == y.sum()
    assert np.array_equal(ones.hits(sums), columns @ y)


@pytest.mark.parametrize("positive", [False, True])
@pytest.mark.parametrize(("alpha", "l1_ratio"), [(0.02, 0.5), (0.05, 1.0), (0.002, 0.2)])
def test_the_elastic_net_is_that_of_glum(alpha, l1_ratio, positive):
    glum = pytest.importorskip("glum")
    columns, y = a_terrain()
    limits = {"lower_bounds": np.zeros(9)} if positive else {}
    theirs = glum.GeneralizedLinearRegressor(
        family="poisson", alpha=alpha, l1_ratio=l1_ratio, gradient_tol=1e-9, max_iter=2000, **limits
    ).fit(columns.T.astype(float), y)
    penalty = elastic_net.Penalty(alpha=alpha, l1_ratio=l1_ratio, positive=positive)
    ours, converged = elastic_net.refit(*grouped(columns, y), penalty)
    assert converged
    assert np.allclose(ours, [theirs.intercept_, *theirs.coef_], atol=2e-5)
    assert 0 < np.count_nonzero(ours[1:]) <= 9


@pytest.mark.parametrize("alpha", [1e-3, 1e-5])
def test_a_warm_ridge_refit_is_that_of_scikit_learn(alpha):
    linear = pytest.importorskip("sklearn.linear_model")
    columns, y = a_terrain()
    before = np.roll(y, 1)
    model = linear.PoissonRegressor(alpha=alpha, solver="newton-cholesky", tol=1e-10, max_iter=100)
    theirs = model.fit(columns.T.astype(float), y)
    penalty = elastic_net.Penalty(alpha=alpha, l1_ratio=0.0)
    cold, _ = elastic_net.refit(*grouped(columns, before), penalty)
    warm, converged = elastic_net.refit(*grouped(columns, y), penalty, cold)
    assert converged
    assert np.abs(warm - [theirs.intercept_, *theirs.coef_]).max() < 1e-6


def test_the_penalty_chosen_has_the_least_held_out_deviance():
    """The same folds by hand: fit each penalty of the path with scikit-learn's deviance."""
    metrics = pytest.importorskip("sklearn.metrics")
    columns, y = a_terrain()
    chance = np.random.default_rng(3).random(y.size)
    rules = dict(l1_ratio=0.5, positive=False)
    alpha, _ = elastic_net.cross_validated(columns, y, chance, folds=4, alphas=8, ratio=1e-2, **rules)
    whole, sums = grouped(columns, y)
    grid = elastic_net.strongest(whole, sums, 0.5, False) * np.geomspace(1.0, 1e-2, 8)
    fold = dealt(alike(columns)[1], y, 4, chance)
    lost = np.zeros(8)
    for f in range(4):
        for i, a in enumerate(grid):
            penalty = elastic_net.Penalty(alpha=a, **rules)
            beta, _ = elastic_net.refit(*grouped(columns[:, fold != f], y[fold != f]), penalty)
            mean = np.exp(beta[0] + beta[1:] @ columns[:, fold == f])
            lost[i] += metrics.mean_poisson_deviance(y[fold == f], mean) * (fold == f).sum()
    assert alpha == pytest.approx(grid[np.argmin(lost)])
    assert np.argmin(lost) > 0


def test_folds_are_even_in_size_and_follow_the_chances():
    pattern, y = np.zeros(10, int), np.arange(10.0)
    fold = dealt(pattern, y, 3, np.random.default_rng(1).random(10))
    assert sorted(np.bincount(fold)) == [3, 3, 4]
    assert not np.array_equal(fold, dealt(pattern, y, 3, np.random.default_rng(2).random(10)))


def test_nb1_is_that_of_statsmodels():
    discrete = pytest.importorskip("statsmodels.api")
    columns, y = a_terrain()
    chosen = (1, 4, 7)
    x = discrete.add_constant(columns[list(chosen)].T.astype(float))
    theirs = discrete.NegativeBinomial(y, x, loglike_method="nb1").fit(disp=0, maxiter=500, gtol=1e-9)
    family = Nb1(columns, y)
    ours = family.fit(chosen, family.fit((), None))
    assert np.allclose(ours.beta, theirs.params[:4], atol=1e-5)
    assert np.exp(ours.log_sigma) == pytest.approx(theirs.params[4], rel=1e-4)
    assert ours.bic == pytest.approx(-2 * theirs.llf + 5 * np.log(600), rel=1e-9)


@pytest.mark.parametrize(
    ("r", "y"), [(0.3, 1.0), (2.0, 7.0), (0.01, 64.0), (5.0, 2.5), (1e4, 90.0), (1e-3, 0.4)]
)
def test_rising_gammas_are_those_of_scipy(r, y):
    from scipy.special import gammaln, polygamma

    theirs = [f(y + r) - f(r) for f in (gammaln, lambda v: polygamma(0, v), lambda v: polygamma(1, v))]
    assert np.allclose(rise(r, y), theirs, rtol=1e-9, atol=1e-10)
    assert np.allclose(polygammas(r), [polygamma(0, r), polygamma(1, r)], rtol=1e-12)


def test_poisson_stepwise_is_that_of_statsmodels():
    """Forward and backward by BIC from the null model, fitted by statsmodels' GLM at every try."""
    api = pytest.importorskip("statsmodels.api")
    columns, y = a_terrain(300)

    def bic(chosen):
        x = np.column_stack([np.ones(300), columns[list(chosen)].T])
        return api.GLM(y, x, family=api.families.Poisson()).fit(tol=1e-12).bic_llf

    now, value = (), bic(())
    while True:
        tries = [(*now, j) for j in range(9) if j not in now] + [tuple(k for k in now if k != j) for j in now]
        best = min(tries, key=bic)
        if bic(best) >= value:
            break
        now, value = best, bic(best)
    ours = stepwise(Poisson(columns, y), np.arange(9), positive=False, one_per_factor=False)
    assert ours.chosen == now
    assert ours.bic == pytest.approx(value, rel=1e-12)
    assert len(now) >= 2


def test_an_overdispersed_count_is_nb1_and_a_poisson_count_is_not():
    columns, y = a_terrain(sigma=1.0)
    rules = dict(positive=True, one_per_factor=False)
    model, note = selected(columns, y, np.arange(9), **rules)
    assert (model.family, note) == ("nb1", "")
    assert np.exp(model.log_sigma) == pytest.approx(1.0, rel=0.35)
    even = np.random.default_rng(2).poisson(np.exp(0.5 + 0.9 * columns[4])).astype(float)
    plain, _ = selected(columns, even, np.arange(9), **rules)
    assert plain.family == "poisson"
    assert plain.chosen[0] == 4


def test_two_variables_that_help_alike_are_taken_by_the_lower_number():
    columns, y = a_terrain()
    twice = np.concatenate([columns[[4]], columns[[4]]])
    assert stepwise(Poisson(twice, y), np.arange(2), positive=True, one_per_factor=True).chosen == (0,)


def test_a_column_without_events_neither_breaks_nor_enters_a_positive_model():
    columns, y = a_terrain()
    y[columns[0]] = 0.0
    model, _ = selected(columns, y, np.arange(9), positive=True, one_per_factor=False)
    assert 0 not in model.chosen
    assert np.isfinite(model.beta).all()


def test_the_exponential_is_numpys():
    x = np.append(np.random.default_rng(3).uniform(-40, 40, 4000), [0.0, 700.0, -700.0])
    out = np.empty(x.size)
    exponentials(x, np.empty(x.size, np.int64), out)
    assert np.abs(out / np.exp(x) - 1).max() < 1e-15
    exponentials(np.array([1e5, -1e5]), np.empty(2, np.int64), out[:2])
    assert np.array_equal(out[:2], out[-2:])  # held to 700 either way: no inf, no 0


def test_bands_within_bands_are_fitted_as_they_are():
    """Rings save most of the ones; the coefficients are those of the bands, in any order of columns."""
    rng = np.random.default_rng(5)
    distance = rng.uniform(0, 700, (3, 2000))
    columns = np.array([d <= reach for d in distance for reach in (150, 300, 450, 600)])
    columns = np.vstack([columns, np.zeros(2000, bool), columns[3]])  # an empty one, and a twin
    y = rng.poisson(np.exp(0.4 * columns[1] - 0.3 * columns[6] - 1.0)).astype(float)
    shuffled = rng.permutation(len(columns))
    penalty = Penalty(alpha=1e-3, l1_ratio=0.0)
    (nested, fine), (apart, also) = (refit(Ones.of(c), y, penalty) for c in (columns, columns[shuffled]))
    assert fine and also and Ones.of(columns).rings[4].sum() >= 9
    assert np.allclose(nested[1:][shuffled], apart[1:], atol=1e-9)
    linear = pytest.importorskip("sklearn.linear_model")
    model = linear.PoissonRegressor(alpha=1e-3, solver="newton-cholesky", tol=1e-10).fit(columns.T * 1.0, y)
    assert np.allclose(nested, np.append(model.intercept_, model.coef_), atol=1e-7)


def test_counts_that_no_column_explains_get_no_weak_penalty():
    """Fifteen columns of noise: the weakest penalty would fit it, and is not the one that is chosen."""
    rng = np.random.default_rng(6)
    columns, y = rng.random((15, 300)) < 0.3, rng.poisson(1.0, 300).astype(float)
    rules = dict(l1_ratio=0.5, positive=False)
    alpha, _ = elastic_net.cross_validated(
        columns, y, rng.random(300), folds=5, alphas=20, ratio=1e-4, **rules
    )
    weakest = 1e-4 * elastic_net.strongest(*grouped(columns, y), 0.5, False)
    assert alpha > 100 * weakest
