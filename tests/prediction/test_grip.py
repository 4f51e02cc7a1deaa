"""Grip: peaks of harm, apart from each other."""

import numpy as np
import pytest
from conftest import a_table_of_kinds
from valve import closed_and_opened

from loopsim.prediction.grip import Grip


def grip(**other):
    settings = {"window_days": 60, "sigma_m": 150.0, "kernel": "gaussian", "spots": 5, "apart_m": 150.0}
    return Grip(**settings | other)


@pytest.fixture
def city(make_grid, make_ledger, make_now):
    grid = make_grid(12, 12, outside=5)
    return grid, make_now(grid, make_ledger(grid))


@pytest.mark.parametrize("kernel", ["gaussian", "quartic"])
def test_exactly_the_spots_have_risk_and_none_is_within_150_m_of_another(city, kernel):
    grid, now = city
    risk = grip(kernel=kernel)(now.evidence, now)
    for r in range(2):
        spots = np.flatnonzero(risk[r])
        at = grid.centres()[spots]
        apart = np.hypot(*(at[:, None] - at).transpose(2, 0, 1)) + 1e9 * np.eye(5)
        assert spots.size == 5
        assert apart.min() > 150
        assert np.all(grid.inside[spots])
        # no cell outside the spots' surroundings is higher than the lowest spot
        density = grip(spots=144, apart_m=0.0, kernel=kernel)(now.evidence, now)[r]
        struck = (np.hypot(*(grid.centres()[:, None] - at).transpose(2, 0, 1)) <= 150).any(axis=1)
        assert density[~struck].max() <= density[spots].min()
        assert density[spots].max() == density.max()


def test_harm_weights_choose_other_spots_than_counts(city, make_now):
    grid, now = city
    kinds = a_table_of_kinds()
    harm = np.array([kinds.harm.get(name, 0.0) for _, name, _ in kinds.table])
    by_harm = make_now(grid, now.evidence.ledger, weights=harm)
    chosen = [set(np.flatnonzero(grip()(n.evidence, n)[0])) for n in (now, by_harm)]
    assert chosen[0] != chosen[1]


def test_a_flat_density_has_no_peaks_and_stays_flat(make_grid, make_ledger, make_now):
    grid = make_grid(6, 6, outside=3)
    for each in (0, 2):
        now = make_now(grid, make_ledger(grid, counts=np.full((2, 36), each) * grid.inside))
        risk = grip()(now.evidence, now)
        assert np.all(risk[:, grid.inside] == each)
        assert np.all(risk[:, ~grid.inside] == 0)


def test_too_little_room_gives_fewer_spots_and_the_manifest_says_so(make_grid, make_ledger, make_now):
    grid = make_grid(3, 3)
    now = make_now(grid, make_ledger(grid))
    risk = grip(spots=8, apart_m=300.0)(now.evidence, now)
    assert np.all((risk > 0).sum(axis=1) <= 4)
    (line,) = now.notes["fallbacks"]
    assert "of 8 spots in a replicate (day 0)" in line


def test_equal_peaks_are_drawn_not_taken_from_the_top_left(make_grid, make_ledger, make_now):
    grid = make_grid(9, 9)
    counts = np.zeros((20, 81), int)
    counts[:, [10, 16, 64, 70]] = 1  # four equal peaks, one to be chosen
    ledger = make_ledger(grid, replicates=20, counts=counts)
    now = make_now(grid, ledger)
    chosen = grip(spots=1)(now.evidence, now).argmax(axis=1)
    assert set(chosen) <= {10, 16, 64, 70}
    assert len(set(chosen)) > 1


def test_discovered_harm_moves_the_spots_and_reports_alone_open_the_loop():
    closed, opened = closed_and_opened(grip())
    assert closed > 0
    assert opened == 0


def test_without_proactive_types_drug_finds_and_stops_move_nothing():
    kinds = a_table_of_kinds()
    harm = np.array([kinds.harm.get(name, 0.0) for _, name, _ in kinds.table])
    assert closed_and_opened(grip(), weights=harm)[0] > 0
    assert closed_and_opened(grip(), weights=np.where(kinds.is_proactive, 0.0, harm))[0] == 0
