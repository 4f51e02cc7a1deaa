"""What every remedy promises: other evidence or another plan, never another ledger."""

from __future__ import annotations

import numpy as np
import pytest

from loopsim.records.evidence import Evidence

BUDGET = 48.0
MANY = 400  # replicates, where a draw decides


@pytest.fixture
def show(make_stage, morning):
    """A function: name, grid, ledger -> (what the model is shown instead, now)."""

    def ask(name, grid, ledger, **more):
        now = morning(grid, ledger, budget=BUDGET, **more)
        return make_stage("remedy", name)(now.evidence, now), now

    return ask


def some_plan(grid, rows=3, days=7):
    risk = np.random.default_rng(8).gamma(0.5, 1.0, (1, 1, grid.n)) * grid.inside
    return np.broadcast_to(BUDGET * risk / risk.sum(), (rows, days, grid.n))


@pytest.mark.parametrize("days", [0, 60])
def test_what_is_shown_is_evidence_with_no_negative_number(remedy, show, place, past, days):
    shown, _ = show(remedy, place, past(place, days=days))
    assert isinstance(shown, Evidence)
    assert shown.today == days * 0 and shown.shape == (3, place.n)
    for counts in (shown.counts(60), shown.counts(7, ago=7), shown.ewma(0.1)):
        assert counts.shape == (3, place.n)
        assert np.isfinite(counts).all() and (counts >= 0).all()
    weight = shown.events(1, 60)["weight"]
    assert np.isfinite(weight).all() and (weight > 0).all()


def test_counts_and_events_tell_the_same_story(remedy, show, place, past):
    shown, _ = show(remedy, place, past(place, days=60))
    for row in range(3):
        events = shown.events(row, 60)
        told = np.bincount(events["cell"], events["weight"], place.n)
        np.testing.assert_allclose(told, shown.counts(60)[row], atol=0.02, rtol=1e-6)


def test_the_ledger_is_left_as_it_was(remedy, show, place, past):
    ledger = past(place, days=60)
    columns = ("count", "day", "cell", "kind", "patrol", "person")
    before = [[getattr(page, c).copy() for c in columns] for page in ledger.pages]
    shown, _ = show(remedy, place, ledger)
    shown.counts(60), shown.ewma(0.1), shown.events(0, 60)
    for page, then in zip(ledger.pages, before, strict=True):
        for column, values in zip(columns, then, strict=True):
            np.testing.assert_array_equal(getattr(page, column), values)


def test_the_same_seed_gives_the_same_run_to_the_last_bit(remedy, life, open_loop, setup):
    again = open_loop(setup(f"remedy={remedy}"))
    for then, now in zip(life(f"remedy={remedy}"), again.run(21), strict=True):
        np.testing.assert_array_equal(then.risk, now.risk)
        np.testing.assert_array_equal(then.plan, now.plan)


def test_a_replicate_is_treated_the_same_alone_and_in_company(remedy, life):
    company, alone = life(f"remedy={remedy}"), life(f"remedy={remedy}", replicates=(2,))
    for together, single in zip(company, alone, strict=True):
        np.testing.assert_array_equal(together.risk[2], single.risk[0])
        np.testing.assert_array_equal(together.plan[2], single.plan[0])


def test_a_changed_plan_still_spends_the_budget_inside_the_city(remedy, make_stage, morning, place, past):
    stage, plan = make_stage("remedy", remedy), some_plan(place)
    if not hasattr(stage, "adjust"):
        return  # acts on the evidence alone; the tests above are about it
    for day in (0, 360, 400):
        changed = stage.adjust(plan, morning(place, past(place, days=14), day=day, budget=BUDGET))
        assert changed.shape == plan.shape
        assert np.isfinite(changed).all() and (changed >= 0).all()
        np.testing.assert_allclose(changed.sum(axis=2), BUDGET, rtol=1e-9)
        assert (changed[:, :, ~place.inside] == 0).all()


def test_a_turned_city_has_the_turned_evidence(remedy, show, place, past, turned):
    ledger = past(place, days=60)
    straight, _ = show(remedy, place, ledger)
    other, _ = show(remedy, turned.grid(place), turned.ledger(ledger, place))
    np.testing.assert_allclose(other.counts(60), turned(straight.counts(60), place), rtol=1e-9)
    np.testing.assert_allclose(other.ewma(0.1), turned(straight.ewma(0.1), place), rtol=1e-9)


def test_a_turned_city_has_the_turned_plan(remedy, make_stage, morning, place, turned):
    stage, plan = make_stage("remedy", remedy), some_plan(place, rows=MANY)
    if not hasattr(stage, "adjust"):
        return  # acts on the evidence alone; the tests above are about it
    here, there = (
        morning(g, day=400, budget=BUDGET, replicates=np.arange(MANY)) for g in (place, turned.grid(place))
    )
    one = turned(stage.adjust(plan, here), place).mean(axis=1)
    two = stage.adjust(turned(plan, place), there).mean(axis=1)
    error = np.sqrt((one.var(axis=0) + two.var(axis=0)) / MANY)
    assert (np.abs(one.mean(axis=0) - two.mean(axis=0)) <= 5 * error + 1e-9 * BUDGET).all()
