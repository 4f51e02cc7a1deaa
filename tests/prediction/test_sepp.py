"""SEPP: contagion to the neighbours, and nothing where there is none."""

import numpy as np
import pytest
from conftest import write
from valve import closed_and_opened, patrol_writes

from loopsim.prediction.sepp import Sepp, fit_of
from loopsim.prediction.spacetime import gaussian, width

SETTINGS = {
    "window_days": 80, "relearn_days": 180, "reach_cells": 2, "background_m": 3000.0, "iterations": 60,
    "tolerance": 1e-5, "start_theta": 0.3, "start_omega": 1.0, "start_sigma_m": 200.0, "least_theta": 0.02,
}  # fmt: skip


def sepp(**other):
    return Sepp(**SETTINGS | other)


@pytest.fixture
def contagious(make_grid, make_ledger):
    """Each record sets off 0.5 more, some days later, spread by one cell each way on average."""
    rng = np.random.default_rng(7)
    grid = make_grid(24, 24)
    ledger = make_ledger(grid, days=80, page_days=80, counts=np.zeros((2, 576), int))
    records = [tuple(rng.integers((80, 24, 24))) for _ in range(300)]
    for day, row, col in records:
        for _ in range(rng.poisson(0.5)):
            at = day + 1 + int(rng.exponential(3)), *np.rint((row, col) + rng.normal(0, 0.8, 2)).astype(int)
            if at[0] < 80 and min(at[1:]) >= 0 and max(at[1:]) < 24:
                records.append(at)
    page = ledger.pages[0]
    page.cell, page.day, page.kind, page.patrol = (
        np.zeros((2, len(records)), dtype) for dtype in (np.int32, np.int16, np.uint8, np.float32)
    )
    day, row, col = np.array(records).T
    for r in range(2):
        write(page, r, day=day, cell=row * 24 + col, kind=0, patrol=0.0)
    return grid, ledger


def test_contagion_is_found_with_its_lag_and_its_spread(contagious, make_now):
    now = make_now(*contagious, days=1)
    sepp()(now.evidence, now)
    fit = now.notes["sepp"]["fits"][0]
    assert 0.3 < fit["theta"] < 0.7  # truth 0.5, less what left the city
    assert 0.1 < fit["omega"] < 0.45  # truth about 1 / 3.5; chance neighbours lengthen it
    assert 0.6 < fit["sigma"] < 1.1  # truth 0.8 cells
    assert "fallbacks" not in now.notes


def test_a_new_record_lifts_its_neighbours_and_not_the_far_side(contagious, make_now):
    grid, ledger = contagious
    now = make_now(grid, ledger, days=1)
    model = sepp()
    model(now.evidence, now)
    quiet, busy = ({**now.notes, "sepp": dict(now.notes["sepp"])} for _ in range(2))
    for notes in (quiet, busy):
        notes["sepp"]["fits"] = [dict(fit) for fit in notes["sepp"]["fits"]]
    one, other = ledger.fork(), ledger.fork()
    patrol_writes(one, 0)
    patrol_writes(other, 20, cell=300)
    risks = []
    for past, notes in ((one, quiet), (other, busy)):
        now = make_now(grid, past, days=1, notes=notes)
        risks.append(model(now.evidence, now)[0])
    lift = risks[1] - risks[0]
    assert lift[300] > lift[301] > lift[302] > 0
    assert lift[301] == pytest.approx(lift[299]) == pytest.approx(lift[276])
    assert np.abs(lift[[0, 575]]).max() < 1e-15


def test_reach_zero_leaves_each_cell_by_itself(contagious, make_now):
    grid, ledger = contagious
    now = make_now(grid, ledger, days=1)
    model = sepp(reach_cells=0, least_theta=0.0)
    model(now.evidence, now)
    fit = now.notes["sepp"]["fits"][0]
    risk = model(now.evidence, now)[0]
    alone = fit["mu"] + fit["theta"] * (1 - np.exp(-fit["omega"])) * fit["E"]
    assert np.allclose(risk, alone)


def test_the_width_is_the_one_whose_gaussian_has_that_spread():
    span = np.arange(-3, 4)
    square = span[:, None] ** 2 + span**2
    bell = gaussian(0.9, 3)
    assert width((bell * square).sum() / bell.sum(), 3) == pytest.approx(0.9, rel=1e-6)


@pytest.mark.parametrize("days", [1, 5])
def test_uniform_records_give_a_uniform_risk(make_grid, make_ledger, make_now, days):
    grid = make_grid(7, 8, outside=4)
    now = make_now(grid, make_ledger(grid, days=80, counts=np.ones((2, 56), int) * grid.inside), days=days)
    risk = sepp()(now.evidence, now)[:, grid.inside]
    assert np.ptp(risk) < 1e-12
    assert risk.min() > 0.8


def test_without_records_the_risk_is_even_and_the_manifest_says_so(make_grid, make_ledger, make_now):
    grid = make_grid(4, 5)
    now = make_now(grid, make_ledger(grid, days=80, counts=np.zeros((2, 20), int)))
    assert np.allclose(sepp()(now.evidence, now), 1 / (80 * 20))
    assert now.notes["fallbacks"] == ["sepp: no records: risk spread evenly (day 0)"]


def test_records_of_one_day_are_no_contagion_and_the_manifest_says_so(make_grid, make_ledger, make_now):
    grid = make_grid(3, 3)
    ledger = make_ledger(grid, counts=np.zeros((2, 9), int))
    patrol_writes(ledger, 50, cell=4)
    now = make_now(grid, ledger)
    risk = sepp()(now.evidence, now)
    assert np.isfinite(risk).all()
    assert now.notes["sepp"]["fits"][0]["theta"] == 0
    assert "no contagion" in now.notes["fallbacks"][0]


def test_records_made_by_patrol_move_the_map_and_reports_alone_open_the_loop():
    closed, opened = closed_and_opened(sepp())
    assert closed > 0
    assert opened == 0


def test_contagion_alike_everywhere_stays_alike_up_to_the_border(make_grid, make_now):
    """The bell is divided by what of it lies inside, so the border excites no less."""
    grid = make_grid(7, 8, outside=4)
    now, model, inside = make_now(grid, days=5), sepp(), grid.inside * 1.0
    fit = fit_of(0.2 * inside, 0.5, 0.3, 1.2, 2.0 * inside, model._mass(1.2, grid))
    risk = model._expect(fit, now)
    assert np.ptp(risk[grid.inside]) < 1e-12 and risk[grid.inside].min() > 0.3
    assert not risk[~grid.inside].any()


def test_learning_is_forced_after_its_days(contagious, make_now):
    grid, ledger = contagious
    notes, learnt = {}, []
    model = sepp(relearn_days=2, iterations=2)
    for _ in range(5):
        now = make_now(grid, ledger, days=1, notes=notes)
        model(now.evidence, now)
        learnt.append(notes["sepp"]["learnt"])
        patrol_writes(ledger, 3)
    assert learnt == [0, 0, 2, 2, 4]
