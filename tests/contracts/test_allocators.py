"""What every allocator promises: the whole budget, every day, inside the city, without favour."""

from __future__ import annotations

import numpy as np
import pytest

BUDGET, DAYS = 48.0, 7
# Declared traits, each proved below; an allocator that is not named has none of them.
READS_THE_MAP = {"parity": "who lives where, to even out patrol per head"}
MANY = 600  # replicates, where a draw decides


@pytest.fixture
def send(make_stage, morning, past):
    """A function: name, risk, grid -> the plan of the first turn."""

    def ask(name, risk, grid, *, ledger=None, seed=3, replicates=None):
        rows = len(risk)
        ledger = past(grid, days=14, replicates=rows, rate=0.02) if ledger is None else ledger
        replicates = np.arange(rows) if replicates is None else replicates
        now = morning(grid, ledger, budget=BUDGET, days=DAYS, seed=seed, replicates=replicates)
        return make_stage("allocation", name)(risk, now)

    return ask


def some_risk(grid, rows=3, seed=8):
    """Distinct risks, so that no tie needs a draw."""
    risk = np.random.default_rng(seed).gamma(0.5, 1.0, (rows, grid.n)) + 1e-4
    return risk * grid.inside


def risks(grid):
    """Risks that a model may come to hold, by name."""
    rows = np.ones((3, 1))
    return {
        "ordinary": some_risk(grid),
        "none": 0.0 * rows * grid.inside,
        "flat": 0.5 * rows * grid.inside,
        "one hot cell": rows * (np.arange(grid.n) == 33),
        "vanishing": 1e-250 * some_risk(grid),
        "enormous": 1e60 * some_risk(grid),
    }


@pytest.mark.parametrize("which", ["ordinary", "none", "flat", "one hot cell", "vanishing", "enormous"])
def test_each_day_sums_to_the_budget_and_nobody_patrols_outside(allocator, send, place, which):
    plan = send(allocator, risks(place)[which], place)
    assert plan.shape == (3, DAYS, place.n)
    assert np.isfinite(plan).all() and (plan >= 0).all()
    np.testing.assert_allclose(plan.sum(axis=2), BUDGET, rtol=1e-9)
    assert (plan[:, :, ~place.inside] == 0).all()


def test_the_budget_is_spent_every_day_of_a_run(allocator, life):
    for turn in life(f"allocation={allocator}"):
        assert (turn.plan >= 0).all()
        np.testing.assert_allclose(turn.plan.sum(axis=2), BUDGET, rtol=1e-9)


def test_the_same_seed_gives_the_same_plan_to_the_last_bit(allocator, send, place):
    one, two = (send(allocator, some_risk(place), place) for _ in range(2))
    np.testing.assert_array_equal(one, two)


def test_a_replicate_gets_the_same_plan_alone_and_in_company(allocator, life):
    company, alone = life(f"allocation={allocator}"), life(f"allocation={allocator}", replicates=(2,))
    for together, single in zip(company, alone, strict=True):
        np.testing.assert_array_equal(together.plan[2], single.plan[0])


def test_a_flat_risk_favours_no_cell(allocator, send, place, flat_place):
    """Where ties or patrols are drawn, on average over replicates."""
    grid = flat_place if allocator in READS_THE_MAP else place
    plan = send(allocator, np.ones((MANY, 1)) * grid.inside, grid).mean(axis=1)[:, grid.inside]
    assert_alike(plan, np.full(plan.shape, BUDGET / plan.shape[1]))


@pytest.mark.parametrize("name", READS_THE_MAP)
def test_an_allocator_that_reads_the_map_is_not_blind_to_it(name, send, place, flat_place):
    flat, uneven = (send(name, np.ones((2, 1)) * g.inside, g) for g in (flat_place, place))
    assert np.abs(flat - uneven).max() > 1e-6


def test_a_turned_city_has_the_turned_plan(allocator, send, place, turned, past):
    """To the last cell where nothing is drawn, else on average."""
    risk = np.repeat(some_risk(place, rows=1), MANY, axis=0)
    ledger = past(place, days=14, replicates=1, rate=0.02)
    ledger = fanned(ledger, MANY)
    straight = send(allocator, risk, place, ledger=ledger)
    grid = turned.grid(place)
    other = send(allocator, turned(risk, place), grid, ledger=turned.ledger(ledger, place), seed=4)
    assert_alike(other.mean(axis=1), turned(straight, place).mean(axis=1))


def fanned(ledger, rows):
    """The one row of a ledger, many times over."""
    wide = ledger.fork()
    wide.replicates = rows
    for page in wide.pages:
        for name in ("count", "day", "cell", "kind", "times", "patrol", "person"):
            setattr(page, name, np.repeat(getattr(page, name), rows, axis=0))
    return wide


def assert_alike(one, two):
    """(rows, n) draws of two plans with the same mean, within chance over all cells."""
    gap = one.mean(axis=0) - two.mean(axis=0)
    error = np.sqrt((one.var(axis=0) + two.var(axis=0)) / len(one))
    assert (np.abs(gap) <= 5.0 * error + 1e-6 * BUDGET).all()


def test_the_risk_it_is_given_is_left_as_it_was(allocator, send, place):
    risk = some_risk(place)
    before = risk.copy()
    send(allocator, risk, place)
    np.testing.assert_array_equal(risk, before)


def test_more_risk_never_means_less_patrol(allocator, send, place):
    """The riskier half of the cells gets at least its share, whatever is drawn."""
    risk = np.repeat(some_risk(place, rows=1), MANY, axis=0)
    plan = send(allocator, risk, place).mean(axis=(0, 1))
    upper = risk[0] > np.median(risk[0, place.inside])
    assert plan[upper].sum() >= BUDGET * upper.sum() / place.inside.sum() - 1e-9
