"""What every predictor promises: a rate per cell, from the records it is shown and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from loopsim.records.ledger import Ledger
from loopsim.study.config import catalogue

# Declared traits. A predictor that is not named here has none of them, and a test proves
# each declaration: a trait that has gone must be taken off the list.
NOT_A_RATE = {
    "gi_star": "a z score",
    "grid_forecast": "the rate of recorded crime: stops and intelligence are inputs, no outcome",
    "grip": "the rate at its spots, nothing elsewhere",
    "laser": "the rate inside its zones, nothing elsewhere",
    "population": "one record a day, whatever the records say",
    "proxy": "the rate of recorded crime, in which stops and intelligence do not count",
    "rtm": "the rate of recorded crime: stops and intelligence are no outcome",
    "uniform": "one record a day, whatever the records say",
}
READS_THE_MAP = {"population": "residents"}
READS_NO_RECORDS = {"population", "uniform"}
LEARNS_BY_ITERATION = 1e-6  # relative: sums in another order move the stopping point of EM


@pytest.fixture
def believe(make_stage, morning):
    """A function: name, grid, ledger -> the risk of today, the stage fresh from its config."""

    def ask(name, grid, ledger, **more):
        now = morning(grid, ledger, **more)
        return make_stage("prediction", name)(now.evidence, now)

    return ask


def test_risk_is_a_finite_number_for_every_cell_and_none_is_negative(predictor, life):
    for turn in life(f"prediction={predictor}"):
        assert turn.risk.shape == (3, 80)
        assert turn.risk.dtype == np.float64
        assert np.isfinite(turn.risk).all() and (turn.risk >= 0).all()
        assert turn.risk.sum() > 0


def test_nothing_is_predicted_outside_the_city(predictor, believe, place, past):
    assert (believe(predictor, place, past(place))[:, ~place.inside] == 0).all()


def test_the_risk_of_all_cells_is_about_the_records_of_a_day(predictor, believe, place, past):
    ledger = past(place, days=120)
    a_day = np.array([ledger.events(r, -120, 0)["day"].size for r in range(3)]) / 120
    ratio = believe(predictor, place, ledger).sum(axis=1) / a_day
    if predictor in NOT_A_RATE:
        assert ((ratio < 0.8) | (ratio > 1.25)).all(), f"{predictor} is a rate: take it off NOT_A_RATE"
    else:
        assert ((ratio > 0.8) & (ratio < 1.25)).all(), f"declare in NOT_A_RATE what {predictor} predicts"


def test_the_same_seed_gives_the_same_risk_to_the_last_bit(predictor, believe, place, past):
    one, two = (believe(predictor, place, past(place)) for _ in range(2))
    np.testing.assert_array_equal(one, two)


def test_a_replicate_gets_the_same_risk_alone_and_in_company(predictor, life):
    company, alone = life(f"prediction={predictor}"), life(f"prediction={predictor}", replicates=(1,))
    for together, single in zip(company, alone, strict=True):
        np.testing.assert_array_equal(together.risk[1], single.risk[0])
        np.testing.assert_array_equal(together.plan[1], single.plan[0])


def test_uniform_records_on_a_featureless_map_give_a_uniform_risk(predictor, believe, flat_place, past):
    ledger = past(flat_place, days=60, counts=flat_place.inside)
    risk = believe(predictor, flat_place, ledger)[:, flat_place.inside]
    np.testing.assert_allclose(risk, np.broadcast_to(risk[:, :1], risk.shape), rtol=1e-5)


def test_uniform_records_give_a_uniform_risk_unless_the_model_reads_the_map(predictor, believe, place, past):
    risk = believe(predictor, place, past(place, days=60, counts=place.inside))[:, place.inside]
    uneven = np.ptp(risk, axis=1).max() > 1e-5 * risk.max()
    if predictor in READS_THE_MAP:
        assert uneven, f"{predictor} reads no map: take it off READS_THE_MAP"
    else:
        assert not uneven, f"declare in READS_THE_MAP what {predictor} reads"


def test_a_turned_city_has_the_turned_risk(predictor, believe, place, past, turned):
    ledger = past(place)
    straight = believe(predictor, place, ledger)
    other = believe(predictor, turned.grid(place), turned.ledger(ledger, place))
    scale = straight.max()
    np.testing.assert_allclose(
        other, turned(straight, place), rtol=LEARNS_BY_ITERATION, atol=LEARNS_BY_ITERATION * scale
    )


@pytest.mark.parametrize("records", [0, 1, 500])
def test_a_lonely_cell_gives_no_nan_and_no_cell_is_above_it(predictor, believe, place, setup, records):
    cell = 33
    risk = believe(predictor, place, written_in(cell, records, place, setup().world.kinds))
    assert np.isfinite(risk).all() and (risk >= 0).all()
    if records and predictor not in READS_NO_RECORDS:
        assert (risk[:, cell] > 0).all()
        np.testing.assert_allclose(risk[:, cell], risk.max(axis=1), rtol=1e-9)


def written_in(cell, records, grid, kinds):
    """A ledger of 60 days in which some reports were made, yesterday, all in one cell."""
    ledger = Ledger(kinds, grid.n, 3)
    for first, days, count in ((-60, 59, 0), (-1, 1, records)):
        page = ledger.blank_page(first, days, max(count, 1))
        page.count[:], page.day[:], page.cell[:], page.kind[:], page.patrol[:] = count, 0, cell, 0, 1.0
        ledger.add(page)
    return ledger


def test_a_ledger_that_never_began_gives_no_nan(predictor, believe, place, past):
    risk = believe(predictor, place, past(place, days=0))
    assert np.isfinite(risk).all() and (risk >= 0).all()


def test_the_model_leaves_the_records_as_they_were(predictor, believe, place, past):
    ledger = past(place)
    before = [(p.first, p.days, p.cell.copy(), p.kind.copy(), p.count.copy()) for p in ledger.pages]
    believe(predictor, place, ledger)
    for page, (first, days, *columns) in zip(ledger.pages, before, strict=True):
        assert (page.first, page.days) == (first, days)
        for now, then in zip((page.cell, page.kind, page.count), columns, strict=True):
            np.testing.assert_array_equal(now, then)


def test_hidden_records_are_not_read(predictor, make_stage, morning, place, past):
    """With every weight 0 the model has no records at all: as an empty ledger."""
    full, none = past(place, days=60), past(place, days=60, counts=np.zeros(place.n))
    risks = []
    for ledger in (full, none):
        now = morning(place, ledger, weights=np.zeros(len(ledger.kinds)))
        risks.append(make_stage("prediction", predictor)(now.evidence, now))
    np.testing.assert_array_equal(*risks)


@pytest.mark.parametrize("trait", [NOT_A_RATE, READS_THE_MAP, READS_NO_RECORDS])
def test_declared_traits_are_those_of_predictors_that_exist(trait):
    assert set(trait) <= set(catalogue.options("prediction", catalogue.folders()))
