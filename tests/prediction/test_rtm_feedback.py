"""What closes the loop of a risk terrain: venues keep the map, layers that the police make move it."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import a_grid, a_ledger, a_now, write
from terrain import NEAR_BARS, VENUES, rtm
from valve import closed_and_opened


def with_offence(grid, channel, type_, cell, *, person=-1, home=None):
    """A past of one report a day in every cell, then five records of a kind in one cell."""
    ledger = a_ledger(grid, counts=np.ones((1, grid.n), int), replicates=1, days=30)
    ledger.home, ledger.persons = home, home is not None
    if home is not None:
        for page in ledger.pages:
            page.person = np.full(page.cell.shape, -1, np.int32)
    page = ledger.blank_page(0, 1, 5)
    kind = np.full(5, ledger.kinds.index(channel, type_))
    write(page, 0, day=np.zeros(5, int), cell=np.full(5, cell), kind=kind, patrol=np.ones(5), person=person)
    ledger.add(page)
    return a_now(grid, ledger)


def test_a_find_makes_the_cells_within_reach_risky_and_no_others():
    grid = a_grid(9, 9)
    table = {"drug_calls": {"rrv": 4.519, "how": "proximity", "reach_m": 300}}
    now = with_offence(grid, "search", "drugs", 40)
    risk = rtm(table=table)(now.evidence, now)[0]
    near = np.hypot(*(grid.centres() - grid.centres()[40]).T) <= 300
    assert np.allclose(risk[near] / risk[~near][0], 4.519)
    assert np.allclose(risk[~near], risk[~near][0])


def test_venues_with_published_weights_leave_the_loop_open():
    closed, opened = closed_and_opened(rtm(table=NEAR_BARS, outcome=["burglary"]))
    assert closed == opened == 0


@pytest.mark.parametrize("factor", ["drug_calls", "stops"])
def test_a_police_made_layer_closes_the_loop_and_reports_alone_open_it(factor):
    row = {"rrv": 3.0, "how": "density", "reach_m": 150}
    closed, opened = closed_and_opened(rtm(table={factor: row}))
    assert closed > 0.1
    assert opened == 0


def test_fitted_weights_close_the_loop_even_with_venues_alone():
    model = rtm(factors={"bar": "proximity", "station": "proximity"})
    closed, opened = closed_and_opened(model)
    assert closed > 0
    assert opened == 0


def test_an_offenders_home_is_where_the_person_lives_once_each():
    grid = a_grid(9, 9)
    table = {"homes": {"rrv": 2.0, "how": "proximity", "reach_m": 10}}
    home = np.array([7, 7, 60], np.int32)
    now = with_offence(grid, "search", "drugs", 40, person=2, home=home)
    risk = rtm(table=table)(now.evidence, now)[0]
    assert np.flatnonzero(risk > risk.min() * 1.5).tolist() == [60]
    known = np.ones(len(now.evidence.kinds), bool)
    assert now.evidence.homes(0, 60, known)[[40, 60]].tolist() == [0, 1]
    unknown = with_offence(grid, "search", "drugs", 40, person=-1, home=home)
    assert not unknown.evidence.homes(0, 60, known).any()


def test_without_addresses_in_the_ledger_an_offenders_home_is_the_cell_of_the_record():
    grid = a_grid(9, 9)
    now = with_offence(grid, "search", "drugs", 40)
    risk = rtm(table={"homes": {"rrv": 2.0, "how": "proximity", "reach_m": 10}})(now.evidence, now)[0]
    assert np.flatnonzero(risk > risk.min() * 1.5).tolist() == [40]
    assert any("no addresses in the ledger" in line for line in now.notes["fallbacks"])


def test_only_a_model_that_uses_homes_asks_for_addresses():
    assert rtm(factors=VENUES | {"homes": "both"}).needs_addresses
    assert not rtm(factors=VENUES | {"homes": "none"}).needs_addresses
    assert not rtm(factors={"homes": "both"}, table=NEAR_BARS).needs_addresses
