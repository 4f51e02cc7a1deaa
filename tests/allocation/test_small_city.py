"""A city with fewer cells than an allocator is told to patrol: all of them share the whole budget."""

from __future__ import annotations

import numpy as np
import pytest

from loopsim.study.compose import compose
from loopsim.study.config import catalogue
from loopsim.study.config.schema import hints, stage_class

NAMES = sorted(catalogue.options("allocation", catalogue.folders()))
COUNTED = [name for name in NAMES if "k" in hints(stage_class("allocation", name))]


@pytest.mark.parametrize("name", COUNTED)
def test_where_most_of_the_map_is_outside_the_whole_budget_is_still_spent(
    name, make_grid, make_ledger, make_now
):
    """k counts cells of the map; four of its 48 are inside."""
    grid = make_grid(6, 8, outside=44)
    now = make_now(grid, make_ledger(grid), budget=48.0)
    setup = compose([f"allocation={name}", "allocation.k=10", "arms=[loop]"]).setups["loop"]
    plan = setup.allocator(np.random.default_rng(1).random((2, grid.n)) * grid.inside, now)
    np.testing.assert_allclose(plan.sum(axis=2), 48.0, rtol=1e-12)
    assert (plan[:, :, ~grid.inside] == 0).all()
    assert "the city has 4 cells for 10 places: each is one (day 0)" in now.notes["fallbacks"]
