"""Legacy: how biased the past was, as the groups lived it."""

import numpy as np
import pytest

from loopsim.city.city import City
from loopsim.records.legacy import Bias, legacy_plan
from loopsim.study.compose import compose
from loopsim.study.result import log_bias
from loopsim.study.run import make_start

SMALL = [
    "city.rows=12",
    "city.cols=12",
    "city.residents=20000",
    "history_days=14",
    "prediction.window_days=14",
]
SMALL += ["allocation.k=5", "days=7", "arms=[loop]"]


def a_bias(level, how="patrol"):
    return Bias(level=level, how=how, where="orange", days=None, crime_types={})


@pytest.fixture
def two_cells(make_grid):
    """Residents of two cells: blue and orange."""
    return lambda residents: City(
        grid=make_grid(1, 2), groups=("blue", "orange"), residents=np.array(residents)
    )


def test_the_bias_is_the_level_where_groups_live_wholly_apart(two_cells):
    city = two_cells([[100, 0], [0, 50]])
    for level in (0.5, 2.0, 3.0):
        assert log_bias(a_bias(level), city)["orange/blue"] == pytest.approx(np.log(level))


def test_groups_that_share_cells_share_patrols_so_the_bias_is_smaller_than_the_level(two_cells):
    # per head 1.1 where a tenth is orange, 1.9 where nine tenths are;
    # orange: .1 x 1.1 + .9 x 1.9 = 1.82, blue: .9 x 1.1 + .1 x 1.9 = 1.18
    city = two_cells([[90, 10], [10, 90]])
    found = log_bias(a_bias(2.0), city)["orange/blue"]
    assert found == pytest.approx(np.log(1.82 / 1.18))
    plan = legacy_plan(city, a_bias(2.0).factor(city), 8.0)
    lived = plan @ (city.residents / city.residents.sum(axis=0))
    assert np.log(lived[1] / lived[0]) == pytest.approx(found)


def test_without_bias_it_is_nothing_to_the_last_digit(two_cells):
    for residents in ([[90, 10], [10, 90]], [[7, 3], [13, 29]]):
        assert log_bias(a_bias(1.0), two_cells(residents)) == {"orange/blue": 0.0}
    assert log_bias(a_bias(2.0, how="real"), two_cells([[9, 1], [1, 9]])) == {}


@pytest.mark.parametrize("how", ["patrol", "records"])
def test_the_dose_is_told_however_the_bias_came_about(how):
    """Where records are multiplied patrols are even, and the dose is not that of patrols."""
    setup = compose([*SMALL, f"bias.how={how}", "bias.level=3"]).setups["loop"]
    city = setup.city.build(1)
    start = make_start(setup, city, [0])
    lived = start.legacy @ (city.residents / city.residents.sum(axis=0))
    assert lived[1] / lived[0] == pytest.approx(np.exp(log_bias(setup.bias, city)["orange/blue"]), rel=0.02)
    assert lived[1] / lived[0] > 1.2
