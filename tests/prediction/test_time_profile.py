"""Time profile: place times weekday."""

import numpy as np
import pytest
from conftest import write
from valve import closed_and_opened, patrol_writes

from loopsim.prediction.time_profile import TimeProfile, weekday_profile


def time_profile(**other):
    return TimeProfile(**{"window_days": 28, "sigma_m": 100.0} | other)


@pytest.fixture
def saturdays(make_grid, make_ledger, make_now):
    """One record a day in each of nine cells, three on every day number = 5 mod 7."""
    grid = make_grid(3, 3)
    ledger = make_ledger(grid, days=28, page_days=28, counts=np.zeros((2, 9), int))
    day = np.repeat(np.arange(28), np.where(np.arange(-28, 0) % 7 == 5, 27, 9))
    page = ledger.pages[0]
    page.cell, page.day, page.kind, page.patrol = (
        np.zeros((2, day.size), dtype) for dtype in (np.int32, np.int16, np.uint8, np.float32)
    )
    for r in range(2):
        write(page, r, day=day, cell=np.arange(day.size) % 9, kind=0, patrol=0.0)
    return lambda day, days: make_now(grid, ledger, day=day, days=days)


def test_a_busy_weekday_triples_the_risk_of_that_day(saturdays):
    now = saturdays(0, 1)
    assert np.allclose(time_profile()(now.evidence, now), 1.0, rtol=1e-9)
    profile = weekday_profile(now.notes["time_profile"][2], 0)
    assert np.allclose(profile, [[7 / 9] * 5 + [21 / 9] + [7 / 9]] * 2)


def test_a_turn_of_whole_weeks_is_the_density_alone(saturdays):
    for days, expected in ((7, 9 / 7), (14, 9 / 7), (1, 1.0), (6, (5 + 3) / 6)):
        now = saturdays(0, days)
        assert np.allclose(time_profile()(now.evidence, now), expected, rtol=1e-9)


def test_the_daily_totals_slide_as_if_counted_anew(make_grid, make_ledger, make_now):
    grid = make_grid(4, 4)
    ledger = make_ledger(grid)
    notes = {}
    for extra in (3, 0, 8):
        now = make_now(grid, ledger, days=1, notes=notes)
        time_profile()(now.evidence, now)
        patrol_writes(ledger, extra, cell=5)
    kept, anew = make_now(grid, ledger, days=1, notes=notes), make_now(grid, ledger, days=1)
    assert np.array_equal(time_profile()(kept.evidence, kept), time_profile()(anew.evidence, anew))
    assert np.array_equal(notes["time_profile"][2], anew.notes["time_profile"][2])


def test_under_a_week_of_records_has_no_profile_and_the_manifest_says_so(make_grid, make_ledger, make_now):
    grid = make_grid(3, 3)
    now = make_now(grid, make_ledger(grid, days=5, page_days=5))
    assert np.all(weekday_profile(now.evidence.counts(5)[:, :5], 0) == 1)
    time_profile()(now.evidence, now)
    assert now.notes["fallbacks"] == ["time_profile: 5 days known, no weekday profile (day 0)"]


def test_uniform_records_give_a_uniform_risk_and_none_give_zero(make_grid, make_ledger, make_now):
    grid = make_grid(5, 6, outside=3)
    for each in (0, 1):
        now = make_now(grid, make_ledger(grid, counts=np.full((2, 30), each) * grid.inside), days=3)
        risk = time_profile()(now.evidence, now)
        assert np.all(risk[:, grid.inside] == each)


def test_records_made_by_patrol_move_the_map_and_reports_alone_open_the_loop():
    closed, opened = closed_and_opened(time_profile())
    assert closed > 0
    assert opened == 0


@pytest.mark.parametrize(("day", "factor"), [(-3, 7 / 9), (-2, 21 / 9), (-1, 7 / 9)])
def test_it_is_the_busy_weekday_itself_that_is_raised(saturdays, day, factor):
    """Day -2 is 5 mod 7; of the records before it, 3 or 4 days were busy."""
    now = saturdays(day, 1)
    density = now.evidence.counts(28) / (28 + day)
    assert np.allclose(time_profile(sigma_m=1.0)(now.evidence, now), density * factor, rtol=1e-9)
