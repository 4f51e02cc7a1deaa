"""Places: where an offence can happen, on maps small enough to count by hand."""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
import pytest
import yaml

from loopsim.city.city import City
from loopsim.world.acts import Acts
from loopsim.world.places import Places

TABLE = Path(__file__).parents[2] / "configs" / "world" / "acts.yaml"


@pytest.fixture
def places(make_grid):
    """Places on a 3x3 map, ten residents of one group in each cell, with some acts changed."""

    def make(outside=0, **changes):
        grid = make_grid(3, 3, outside=outside, groups=("all",))
        acts = Acts(**{**yaml.safe_load(TABLE.read_text()), **changes})
        return Places(acts, City(grid=grid, groups=("all",), residents=10 * grid.inside[:, None]))

    return make


def test_a_neighbour_across_the_edge_is_not_the_start_of_the_next_row(places):
    assert places().beside(2, 0, 1) is None
    assert places().beside(2, 1, 0) == 5


def test_a_cell_outside_the_city_is_nowhere(places):
    # the one outside cell of make_grid is the north-east corner, cell 2
    assert places(outside=1).beside(1, 0, 1) is None


def test_without_a_journey_everyone_is_at_home(places):
    assert {places().destination(4, Random(i)) for i in range(20)} == {4}
    assert np.array_equal(places().present, np.full((9, 1), 10.0))


def test_those_present_are_residents_spread_by_the_journey(places):
    spread = places(journey_m=100.0)
    homes, chances = spread.origins(4, 0)
    assert sorted(homes) == list(range(9))
    assert spread.present[4, 0] == pytest.approx(sum(chances))
    assert spread.present[4, 0] > spread.present[0, 0]  # nobody comes to a corner from outside


def test_all_offences_happen_at_venues_when_they_pull_everyone(places):
    pulled = places(venue_pull=1.0, venues=["bar"])
    seen = {pulled.destination(0, Random(i)) for i in range(200)}
    assert seen == set(pulled.grid.cells_of(pulled.grid.points["bar"]).tolist())


def test_dose_stays_where_it_is_without_diffusion(places):
    dose = np.arange(9.0)
    assert places().felt(dose) == pytest.approx(dose)


def test_diffused_dose_is_the_mean_of_the_neighbours_that_exist(places):
    dose = np.zeros(9)
    dose[4] = 8.0
    felt = places(diffusion=1.0).felt(dose)
    assert felt[4] == 0
    assert felt[0] == pytest.approx(8 / 3)  # a corner has three neighbours
    assert felt[1] == pytest.approx(8 / 5)  # an edge has five


def test_a_displaced_offence_moves_but_not_further_than_its_radius(places):
    near = places(displacement_m=150.0)
    assert {near.moved(4, Random(i)) for i in range(100)} == {1, 3, 5, 7}
    assert None in {near.moved(0, Random(i)) for i in range(100)}


def test_a_repeat_that_would_leave_the_city_happens_in_the_same_cell(places):
    far = places(near_repeat_spread_m=1e9)
    assert {far.repeated(c, Random(c)) for c in range(9)} == set(range(9))
    close = places(near_repeat_spread_m=0.0)
    assert close.repeated(3, Random(1)) == 3
