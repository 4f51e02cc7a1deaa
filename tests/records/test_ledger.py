"""The ledger against a list of all records that were ever written."""

from __future__ import annotations

import numpy as np
import pytest

from loopsim.records.evidence import Evidence
from loopsim.records.ledger import COMPLEMENT, INVERSE, PLAIN, Ledger

R, N = 3, 11
RNG = np.random.default_rng


def write_turns(ledger, lengths, *, first=0, seed=5):
    """Write random pages; return every record as (row, day, cell, kind, patrol)."""
    everything = []
    for t, days in enumerate(lengths):
        rng = RNG([seed, t])
        page = ledger.blank_page(first, days, 40)
        for r in range(ledger.replicates):
            m = int(rng.integers(0, 40))
            page.count[r] = m
            page.day[r, :m] = rng.integers(0, days, m)
            page.cell[r, :m] = rng.integers(0, ledger.n, m)
            page.kind[r, :m] = rng.integers(0, len(ledger.kinds), m)
            page.patrol[r, :m] = np.where(rng.random(m) < 0.3, 0, rng.exponential(1, m))
            if ledger.persons:
                page.person[r, :m] = rng.integers(0, 99, m)
            columns = page.day[r, :m] + first, page.cell[r, :m], page.kind[r, :m], page.patrol[r, :m]
            everything += [(r, *map(float, row)) for row in zip(*columns, strict=True)]
        ledger.add(page)
        first += days
        yield first, np.array(everything).reshape(-1, 5)


def counted(records, weights, first, end, rule=PLAIN, floor=0.5, mean=1.0):
    """The slow answer."""
    out = np.zeros((R, N))
    for r, day, cell, kind, patrol in records:
        if first <= day < end:
            factor = {PLAIN: 1, INVERSE: 1 / max(patrol / mean, floor), COMPLEMENT: 1 - min(patrol / mean, 1)}
            out[int(r), int(cell)] += weights[int(kind)] * factor[rule]
    return out


@pytest.fixture
def ledger(kinds):
    return Ledger(kinds, N, R, memory_days=40)


@pytest.mark.parametrize(("window", "ago"), [(1, 0), (3, 0), (14, 0), (30, 7), (10, 25), (400, 0)])
def test_a_sliding_count_is_the_count_from_scratch(kinds, window, ago):
    ledger = Ledger(kinds, N, R, memory_days=max(40, window))
    weights = np.round(RNG(0).random(len(kinds)) * 1024) / 1024
    for today, records in write_turns(ledger, [7, 1, 5, 7, 7, 2, 7, 7, 7, 7, 7, 7], first=-20):
        first, end = today - ago - window, today - ago
        want = counted(records, weights, first, end)
        np.testing.assert_array_equal(ledger.counts(weights, first, end), want)
        np.testing.assert_array_equal(ledger.counts(weights, first, end), want)  # asking changes nothing


def test_a_lent_raster_says_what_a_copy_says_and_a_copy_is_one_s_own(ledger):
    weights = np.ones(len(ledger.kinds))
    for today, records in write_turns(ledger, [7] * 8):
        ledger.counts(weights, today - 15, today)[:] = -1
        lent = ledger.counts(weights, today - 15, today, lent=True)
        np.testing.assert_array_equal(lent, counted(records, weights, today - 15, today))


@pytest.mark.parametrize("rule", [INVERSE, COMPLEMENT])
def test_weights_that_depend_on_patrol_slide_too(ledger, rule):
    weights = np.ones(len(ledger.kinds))
    for today, records in write_turns(ledger, [7] * 8):
        got = ledger.counts(weights, today - 15, today, rule=rule, floor=0.5, mean=1.3)
        np.testing.assert_allclose(
            got, counted(records, weights, today - 15, today, rule, 0.5, 1.3), atol=0.02
        )


def test_the_same_window_at_two_lags_keeps_two_counts(ledger):
    weights = np.ones(len(ledger.kinds))
    for today, records in write_turns(ledger, [7] * 8):
        for ago in (0, 7, 14):
            got = ledger.counts(weights, today - ago - 7, today - ago)
            np.testing.assert_array_equal(got, counted(records, weights, today - ago - 7, today - ago))


def test_a_model_that_asks_rarely_is_not_shown_what_is_forgotten(kinds):
    ledger = Ledger(kinds, N, R, memory_days=10)
    weights = np.ones(len(kinds))
    for turn, (today, records) in enumerate(write_turns(ledger, [5] * 12)):
        if turn % 5 == 0:
            got = ledger.counts(weights, today - 10, today)
            np.testing.assert_array_equal(got, counted(records, weights, today - 10, today))


def test_rasters_that_nobody_asks_for_again_are_dropped(ledger):
    list(write_turns(ledger, [7]))
    for days in range(200):
        ledger.counts(np.ones(len(ledger.kinds)), 0, days)
    assert len(ledger._rasters) <= 64


def test_pages_past_the_memory_are_reused_and_the_memory_is_whole(ledger):
    seen = set()
    for today, _ in write_turns(ledger, [7] * 20):
        seen.add(id(ledger.pages[-1].cell))
        assert ledger.start <= max(0, today - 40)
        assert ledger.today == today
    assert len(seen) < 12


def test_a_gap_between_pages_is_refused(ledger):
    list(write_turns(ledger, [7]))
    page = ledger.blank_page(9, 1, 5)
    with pytest.raises(ValueError, match="must start on day 7, got 9"):
        ledger.add(page)


def test_ewma_follows_its_recursion(ledger):
    weights, alpha = RNG(1).random(len(ledger.kinds)), 0.2
    s, done = np.zeros((R, N)), 0
    for today, records in write_turns(ledger, [7, 3, 1, 7, 7, 7, 7, 7]):
        for day in range(done, today):
            s = alpha * counted(records, weights, day, day + 1) + (1 - alpha) * s
        done = today
        np.testing.assert_allclose(ledger.ewma(weights, alpha, today), s, rtol=1e-12, atol=1e-15)


def test_a_late_ewma_sees_what_is_remembered(kinds):
    ledger, weights = Ledger(kinds, N, R), np.ones(len(kinds))
    for today, records in write_turns(ledger, [9, 4], first=-13):  # noqa: B007
        pass
    want = sum(0.5**a * 0.5 * counted(records, weights, -1 - a, -a) for a in range(13))
    np.testing.assert_allclose(ledger.ewma(weights, 0.5, today), want, rtol=1e-12)


def test_a_fork_has_the_same_past_and_its_own_future(ledger):
    list(write_turns(ledger, [7] * 3, first=-21))
    weights = np.ones(len(ledger.kinds))
    before = ledger.counts(weights, -21, 0)
    one, two = ledger.fork(), ledger.fork(memory_days=100)
    list(write_turns(one, [7] * 12, seed=8))
    list(write_turns(ledger, [7] * 12, seed=9))
    assert (one.today, ledger.today, two.today) == (84, 84, 0)
    np.testing.assert_array_equal(two.counts(weights, -21, 0), before)
    assert not np.array_equal(one.counts(weights, 40, 84), ledger.counts(weights, 40, 84))


def test_a_fork_of_some_rows_holds_those_rows(ledger):
    list(write_turns(ledger, [7] * 3))
    weights = np.ones(len(ledger.kinds))
    part = ledger.fork(slice(1, 3))
    assert part.replicates == 2
    np.testing.assert_array_equal(part.counts(weights, 0, 21), ledger.counts(weights, 0, 21)[1:3])


@pytest.mark.parametrize("persons", [False, True])
def test_events_are_the_records_of_a_row_in_day_order(kinds, persons):
    ledger = Ledger(kinds, N, R, persons=persons)
    for _, records in write_turns(ledger, [7, 2, 7], first=-9):  # noqa: B007
        pass
    for row in range(R):
        got = ledger.events(row, -5, 4)
        want = [tuple(x[1:]) for x in records if x[0] == row and -5 <= x[1] < 4]
        assert (np.diff(got["day"]) >= 0).all()
        assert sorted(zip(got["day"], got["cell"], got["kind"], got["patrol"], strict=True)) == sorted(want)
        assert ("person" in got) is persons


def test_an_empty_ledger_counts_nothing(kinds):
    ledger = Ledger(kinds, N, R)
    assert ledger.counts(np.ones(len(kinds)), -10, 0).sum() == 0
    assert ledger.ewma(np.ones(len(kinds)), 0.1, 0).sum() == 0
    assert ledger.events(0, -10, 0)["day"].size == 0


def test_evidence_shows_nothing_of_today(make_grid, make_ledger, make_now):
    grid = make_grid(3, 4)
    ledger = make_ledger(grid, days=20)
    now = make_now(grid, ledger, day=-5)
    later = ledger.counts(np.ones(len(ledger.kinds)), -5, 0).sum()
    assert now.evidence.counts(20).sum() == ledger.counts(np.ones(len(ledger.kinds)), -25, -5).sum()
    assert later > 0


def test_evidence_without_channels_leaves_those_records_out(make_grid, make_ledger, make_now):
    grid = make_grid(3, 4)
    evidence = make_now(grid, make_ledger(grid)).evidence
    parts = [evidence.counts(60) - evidence.without(c).counts(60) for c in
             ("report", "discovery", "search", "stop", "intelligence")]  # fmt: skip
    np.testing.assert_allclose(sum(parts), evidence.counts(60))
    np.testing.assert_allclose(evidence.only_reports().counts(60), parts[0])
    assert all(part.sum() > 0 for part in parts)


def test_events_of_evidence_add_up_to_its_counts(make_grid, make_ledger, make_now):
    grid = make_grid(3, 4)
    ledger = make_ledger(grid)
    weights = np.arange(len(ledger.kinds)) / 4
    evidence = Evidence(ledger=ledger, today=0, weights=weights, budget=10.0)
    for row in range(2):
        got = evidence.events(row, 30)
        assert got["day"].max() <= -1
        assert got["day"].min() >= -30
        np.testing.assert_allclose(np.bincount(got["cell"], got["weight"], grid.n), evidence.counts(30)[row])
