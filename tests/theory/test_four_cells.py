"""Four places, unequal rates, records from discovery alone: which correction finds the truth?

Only stages of the loop: the ledger, a remedy, `count` and `proportional`. A place of rate l that
gets a share p of patrol yields Poisson(FINDS l p) records in a turn, so without a correction
shares grow as l p (the busiest takes all), with 1/p as l, and with 1 - p as l p (1 - p).
"""

from __future__ import annotations

import numpy as np
import pytest

from loopsim.allocation.proportional import Proportional
from loopsim.loop import Loop
from loopsim.prediction.count import Count
from loopsim.remedy.ensign_2018 import Ensign2018
from loopsim.remedy.inverse_exposure import InverseExposure
from loopsim.remedy.nothing import Nothing

pytestmark = pytest.mark.theory
FINDS, TURNS, REPLICATES, BUDGET = 40, 500, 8, 24.0
FOUR, FOUR_START = np.array([8.0, 4, 2, 1]), (40, 30, 20, 10)
TWO, TWO_START = np.array([3.0, 1]), (10, 30)


class Discovers:
    """A world in which patrol finds what there is, and nobody reports anything."""

    def __init__(self, rates, kind):
        self.rates, self.kind, self.rng = rates, kind, np.random.default_rng(4)

    def page_capacity(self, days):
        return int(FINDS * self.rates.max() * 3)

    def __call__(self, plan, now, page):
        share = plan[:, 0] / now.budget
        found = self.rng.poisson(FINDS * self.rates * share)
        for r, counts in enumerate(found):
            m = counts.sum()
            cell = np.repeat(np.arange(counts.size), counts)
            page.count[r], page.day[r, :m], page.cell[r, :m], page.kind[r, :m] = m, 0, cell, self.kind
            page.times[r, :m], page.patrol[r, :m] = 1, plan[r, 0, cell]


def final_shares(make_grid, make_ledger, make_now, remedy, rates, start):
    """(cells,) mean share of risk at the end."""
    grid = make_grid(1, rates.size)
    ledger = make_ledger(
        grid, replicates=REPLICATES, days=1, page_days=1, counts=[[0] * rates.size] * REPLICATES
    )
    kind = ledger.kinds.index("discovery", "burglary")
    now = make_now(grid, ledger, budget=BUDGET)
    first = ledger.blank_page(0, 1, sum(start))
    cell = np.repeat(np.arange(rates.size), start)
    first.count[:], first.day[:], first.cell[:], first.kind[:] = cell.size, 0, cell, kind
    first.patrol[:] = BUDGET / rates.size  # the past was policed evenly
    ledger.add(first)
    loop = Loop(
        grid=grid, ledger=ledger, remedy=remedy, predictor=Count(window_days=10_000), refit_days=1,
        allocator=Proportional(budget=BUDGET, gamma=1.0), world=Discovers(rates, kind), budget=BUDGET,
        weights=np.ones(len(ledger.kinds)), dice=now.dice,
    )  # fmt: skip
    for day in range(1, TURNS):
        risk = loop.turn(day, 1).risk
    return (risk / risk.sum(axis=1, keepdims=True)).mean(axis=0)


@pytest.fixture
def after(make_grid, make_ledger, make_now):
    return lambda *given: final_shares(make_grid, make_ledger, make_now, *given)


@pytest.mark.parametrize(("rates", "start"), [(FOUR, FOUR_START), (TWO, TWO_START)])
def test_one_over_p_finds_the_true_shares_of_any_number_of_cells(after, rates, start):
    assert np.allclose(after(InverseExposure(floor=0.001), rates, start), rates / rates.sum(), atol=0.01)


def test_one_minus_p_finds_the_truth_of_two_cells(after):
    assert np.allclose(after(Ensign2018(), TWO, TWO_START), TWO / TWO.sum(), atol=0.02)


def test_one_minus_p_starves_the_quiet_ones_of_four_cells(after):
    found, truth = after(Ensign2018(), FOUR, FOUR_START), FOUR / FOUR.sum()
    # published: .662, .316, .020, .002 after 20,000 visits; the limit is 2/3, 1/3, 0, 0
    assert np.allclose(found, [2 / 3, 1 / 3, 0, 0], atol=0.05)
    assert found[3] < truth[3] / 4 and found[0] > truth[0] + 0.08


def test_without_a_correction_the_busiest_cell_runs_away(after):
    found = after(Nothing(), FOUR, FOUR_START)
    assert found[0] > 0.9 and found[3] < 0.01
