"""ProMap: a record, its neighbours and its weeks."""

from types import SimpleNamespace

import numpy as np
import pytest
from conftest import write
from valve import closed_and_opened

from loopsim.limits import Refused
from loopsim.prediction.promap import Promap


def promap(**other):
    return Promap(**{"reach_cells": 3, "weeks": 8, "distance": "chebyshev", "variant": "2004"} | other)


@pytest.fixture
def with_records(make_grid, make_ledger, make_now):
    """A city whose records are the given (days ago, cell)."""

    def build(records, rows=7, cols=7):
        grid = make_grid(rows, cols)
        ledger = make_ledger(grid, days=70, page_days=70, counts=np.zeros((2, grid.n), int))
        first = ledger.pages[0]
        first.cell, first.day, first.kind, first.patrol = (
            np.zeros((2, 9), dtype) for dtype in (np.int32, np.int16, np.uint8, np.float32)
        )
        for r in range(2):
            ago, cell = np.array(records).reshape(-1, 2).T
            write(first, r, day=70 - ago, cell=cell, kind=0, patrol=0.0)
        return grid, make_now(grid, ledger)

    return build


@pytest.mark.parametrize(
    ("distance", "diagonal"), [("chebyshev", 1 / 2), ("manhattan", 1 / 3), ("euclid", 1 / (1 + 2**0.5))]
)
def test_the_weight_falls_with_the_chosen_distance(with_records, distance, diagonal):
    grid, now = with_records([(2, 24)])  # the middle of 7 x 7
    risk = promap(distance=distance)(now.evidence, now)[0].reshape(7, 7)
    assert risk[2, 3] / risk[3, 3] == pytest.approx(1 / 2, rel=1e-10)
    assert risk[2, 2] / risk[3, 3] == pytest.approx(diagonal, rel=1e-10)
    assert risk[0, 3] == 0  # d = 3 is cut off


@pytest.mark.parametrize(("ago", "weight"), [(1, 1), (7, 1), (8, 1 / 2), (56, 1 / 8), (57, 0)])
def test_a_record_ages_by_whole_weeks(with_records, ago, weight):
    grid, now = with_records([(ago, 24)])
    total = sum(1 / (1 + np.arange(8)))
    raw = promap(reach_cells=1)(now.evidence, now)[0]
    assert raw[24] == pytest.approx(weight / (7 * total), rel=1e-10)


def test_the_2007_variant_doubles_the_same_cell_and_treats_the_first_two_weeks_alike(with_records):
    grid, now = with_records([(1, 24)])
    fresh = promap(variant="2007")(now.evidence, now)[0]
    assert fresh[24] / fresh[25] == pytest.approx(2 / 1.5, rel=1e-10)
    grid, now = with_records([(8, 24)])
    assert np.allclose(promap(variant="2007")(now.evidence, now)[0], fresh)


def test_the_max_variant_keeps_the_largest_contribution_alone(with_records):
    grid, now = with_records([(1, 24), (1, 24), (8, 25)])
    risk = promap(variant="max")(now.evidence, now)[0]
    assert risk[24] == 1.0  # not 2 + 1/4
    assert risk[25] == 0.5  # its own record of last week and its fresh neighbour: 1/2 each
    assert risk[26] == pytest.approx(1 / 3)  # the fresh record two cells away, not 1/4


def test_one_cell_and_one_week_is_the_count_of_the_last_week(make_grid, make_ledger, make_now):
    grid = make_grid(5, 6)
    now = make_now(grid, make_ledger(grid))
    risk = promap(reach_cells=1, weeks=1)(now.evidence, now)
    assert np.allclose(risk, now.evidence.counts(7) / 7, rtol=1e-11, atol=0)


@pytest.mark.parametrize("variant", ["2004", "2007", "max"])
@pytest.mark.parametrize("distance", ["chebyshev", "manhattan", "euclid"])
def test_uniform_records_give_a_uniform_risk_and_none_give_zero(
    make_grid, make_ledger, make_now, variant, distance
):
    grid = make_grid(6, 9, outside=4)
    predictor = promap(variant=variant, distance=distance)
    for each in (0, 1):
        now = make_now(grid, make_ledger(grid, counts=np.full((2, 54), each) * grid.inside))
        risk = predictor(now.evidence, now)
        assert np.all(risk[:, grid.inside] == each)
        assert np.all(risk[:, ~grid.inside] == 0)


def test_records_made_by_patrol_move_the_map_and_reports_alone_open_the_loop():
    closed, opened = closed_and_opened(promap())
    assert closed > 0
    assert opened == 0


def test_an_unknown_distance_is_refused():
    with pytest.raises(Refused, match="prediction.distance must be one of chebyshev, manhattan, euclid"):
        promap(distance="miles")


def test_more_weeks_than_the_history_are_refused_with_what_to_set():
    setup = SimpleNamespace(run=SimpleNamespace(history_days=50))
    (line,) = promap(weeks=8).check(setup)
    assert (
        line
        == "prediction.weeks must be <= 7 weeks (history_days 50), got 8; set prediction.weeks or history_days"
    )
    assert not list(promap(weeks=7).check(setup))
