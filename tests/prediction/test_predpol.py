"""PredPol: learning, the daily state, the horizon and what happens when there is nothing to learn."""

import numpy as np
import pytest
from conftest import write
from valve import closed_and_opened, patrol_writes

from loopsim.limits import Refused
from loopsim.prediction.predpol import Predpol, horizon

SETTINGS = {
    "window_days": 60, "rewindow_days": 180, "background": "cell", "edge_correction": True, "iterations": 50,
    "tolerance": 1e-6, "start_theta": 0.5, "start_omega": 1.0, "least_theta": 0.001,
}  # fmt: skip


def predpol(**other):
    return Predpol(**SETTINGS | other)


def a_bursting_past(make_grid, make_ledger, seed=1, rows=6, cols=6, days=60):
    """Records of which each sets off 0.6 more, a few days later in its own cell."""
    rng = np.random.default_rng(seed)
    grid = make_grid(rows, cols)
    ledger = make_ledger(grid, days=days, page_days=days, counts=np.zeros((2, grid.n), int))
    records = [(rng.integers(days), rng.integers(grid.n)) for _ in range(300)]
    for day, cell in records:
        later = day + 1 + rng.geometric(0.4, rng.poisson(0.6))
        records.extend((d, cell) for d in later if d < days)
    page = ledger.pages[0]
    page.cell, page.day, page.kind, page.patrol = (
        np.zeros((2, len(records)), dtype) for dtype in (np.int32, np.int16, np.uint8, np.float32)
    )
    day, cell = np.array(records).T
    for r in range(2):
        write(page, r, day=day, cell=cell, kind=0, patrol=0.0)
    return grid, ledger


def test_bursts_are_learnt_as_contagion_and_the_last_days_weigh_most(make_grid, make_ledger, make_now):
    grid, ledger = a_bursting_past(make_grid, make_ledger)
    now = make_now(grid, ledger, days=1)
    risk = predpol()(now.evidence, now)
    have = now.notes["predpol"]
    assert np.all((have["theta"] > 0.3) & (have["theta"] < 0.9))
    fresh = now.evidence.counts(2) > 0
    assert np.all(risk[fresh] > have["mu"][fresh])
    assert "fallbacks" not in now.notes


def test_the_daily_state_is_the_sum_over_all_records_at_their_middays(make_grid, make_ledger, make_now):
    grid, ledger = a_bursting_past(make_grid, make_ledger)
    now = make_now(grid, ledger, days=1)
    model = predpol()
    model(now.evidence, now)
    for _ in range(3):
        patrol_writes(ledger, 5)
        now = make_now(grid, ledger, days=1, notes=now.notes)
        model(now.evidence, now)
    have = now.notes["predpol"]
    assert have["learnt"] == 0
    assert have["day"] == 3
    found = now.evidence.events(0, 63)
    weight = found["weight"] * np.exp(have["omega"][0] * (found["day"] + 0.5))
    assert np.allclose(have["E"][0], np.bincount(found["cell"], weight, grid.n), rtol=1e-12, atol=0)


def test_a_week_without_a_morning_catches_up_day_by_day(make_grid, make_ledger, make_now):
    grid, ledger = a_bursting_past(make_grid, make_ledger)
    daily, weekly = (make_now(grid, ledger).notes for _ in range(2))
    for notes in (daily, weekly):
        now = make_now(grid, ledger, days=7, notes=notes)
        predpol()(now.evidence, now)
    for day in range(1, 8):
        patrol_writes(ledger, day)
        now = make_now(grid, ledger, days=7, notes=daily)
        risk = predpol()(now.evidence, now)
    now = make_now(grid, ledger, days=7, notes=weekly)
    assert np.allclose(predpol()(now.evidence, now), risk, rtol=1e-12)


def test_learning_is_forced_after_its_days_and_when_the_evidence_changes_its_rules(
    make_grid, make_ledger, make_now
):
    grid, ledger = a_bursting_past(make_grid, make_ledger)
    notes = {}
    model = predpol(rewindow_days=2)
    learnt = []
    for _ in range(5):
        now = make_now(grid, ledger, days=1, notes=notes)
        model(now.evidence, now)
        learnt.append(notes["predpol"]["learnt"])
        patrol_writes(ledger, 3)
    assert learnt == [0, 0, 2, 2, 4]
    now = make_now(grid, ledger, days=1, notes=notes)
    model(now.evidence.only_reports(), now)
    assert notes["predpol"]["learnt"] == 5


def test_uniform_records_give_a_uniform_risk(make_grid, make_ledger, make_now):
    grid = make_grid(5, 6, outside=3)
    for background in ("cell", "common"):
        now = make_now(grid, make_ledger(grid, counts=np.ones((2, 30), int) * grid.inside))
        risk = predpol(background=background)(now.evidence, now)
        assert np.ptp(risk[:, grid.inside], axis=1).max() == 0
        assert np.all(risk[:, grid.inside] > 0.8)
        assert np.all(risk[:, ~grid.inside] == 0)


def test_without_records_the_risk_is_even_and_the_manifest_says_so(make_grid, make_ledger, make_now):
    grid = make_grid(4, 5, outside=2)
    now = make_now(grid, make_ledger(grid, counts=np.zeros((2, 20), int)))
    risk = predpol()(now.evidence, now)
    assert np.allclose(risk[:, grid.inside], 1 / (60 * 18), rtol=1e-15)
    assert now.notes["fallbacks"] == ["predpol: no records: risk spread evenly (day 0)"]


def test_records_of_one_day_set_off_none_of_each_other(make_grid, make_ledger, make_now):
    grid = make_grid(3, 3)
    ledger = make_ledger(grid, counts=np.zeros((2, 9), int))
    patrol_writes(ledger, 50, cell=4)
    now = make_now(grid, ledger)
    risk = predpol()(now.evidence, now)
    assert risk[0, 4] == pytest.approx(50 / 60)
    assert now.notes["predpol"]["theta"][0] == 0
    assert now.notes["fallbacks"] == [
        "predpol: no contagion in the records: theta = 0, risk is the mean count (day 1)"
    ]


def test_one_cell_is_its_own_process(make_grid, make_ledger, make_now):
    grid = make_grid(1, 1)
    now = make_now(grid, make_ledger(grid, counts=np.full((2, 1), 2)))
    assert np.isfinite(predpol()(now.evidence, now)).all()


def test_a_horizon_of_nothing_is_the_intensity_and_without_offspring_it_is_the_background():
    weigh_mu, weigh_E = horizon(np.array([0.4]), np.array([0.3]), 1e-9)
    assert weigh_mu == pytest.approx(1.0)
    assert weigh_E == pytest.approx(0.4 * 0.3)
    assert horizon(np.array([0.0]), np.array([0.3]), 28.0) == (1.0, 0.0)


def test_a_replicate_learns_from_its_own_records_alone(make_grid, make_ledger, make_now):
    grid = make_grid(5, 5)
    two, three = (make_ledger(grid, replicates=r) for r in (2, 3))
    risks = [predpol()(now.evidence, now) for now in (make_now(grid, two), make_now(grid, three))]
    assert np.array_equal(risks[0], risks[1][:2])


def test_records_made_by_patrol_move_the_map_and_reports_alone_open_the_loop():
    closed, opened = closed_and_opened(predpol(least_theta=0.0))
    assert closed > 0
    assert opened == 0


def test_a_start_at_the_critical_point_is_refused():
    with pytest.raises(Refused, match="prediction.start_theta must be > 0 and < 1 offspring per record"):
        predpol(start_theta=1.0)
