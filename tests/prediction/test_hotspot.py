"""Retrospective hotspot on cities whose answer fits in a comment."""

import numpy as np
import pytest
from valve import closed_and_opened

from loopsim.limits import Refused
from loopsim.prediction.hotspot import Hotspot


def hotspot(**other):
    return Hotspot(**{"window_days": 60, "reach_m": 200.0, "kernel": "quartic"} | other)


def one_record_in_the_middle(rows=3, cols=3, each=1):
    counts = np.zeros((2, rows * cols), int)
    counts[:, rows * cols // 2] = each
    return counts


@pytest.mark.parametrize(
    ("kernel", "beside"), [("quartic", (1 - 0.75**2) ** 2), ("gaussian", np.exp(-0.5 * 2.25**2))]
)
def test_a_record_raises_its_own_cell_and_its_side_neighbours(
    make_grid, make_ledger, make_now, kernel, beside
):
    grid = make_grid(5, 5)
    now = make_now(grid, make_ledger(grid, counts=one_record_in_the_middle(5, 5)))
    risk = hotspot(kernel=kernel)(now.evidence, now)[0].reshape(5, 5)
    # 150 m <= h = 200 m < 212 m: the four side neighbours see it, the diagonal ones do not
    assert risk[2, 2] == pytest.approx(1 / (1 + 4 * beside), rel=1e-11)
    assert risk[1, 2] == risk[2, 1] == pytest.approx(beside / (1 + 4 * beside), rel=1e-11)
    assert risk[1, 1] == 0


def test_uniform_records_give_a_uniform_risk_up_to_the_border(make_grid, make_ledger, make_now):
    grid = make_grid(6, 7, outside=4)
    now = make_now(grid, make_ledger(grid, counts=np.ones((2, 42), int) * grid.inside))
    for kernel in ("quartic", "gaussian"):
        risk = hotspot(kernel=kernel, reach_m=500.0)(now.evidence, now)
        assert np.all(risk[:, grid.inside] == 1.0)
        assert np.all(risk[:, ~grid.inside] == 0.0)


def test_a_reach_below_one_cell_is_the_count(make_grid, make_ledger, make_now):
    grid = make_grid(6, 7)
    now = make_now(grid, make_ledger(grid))
    risk = hotspot(reach_m=100.0)(now.evidence, now)
    assert np.allclose(risk, now.evidence.counts(60) / 60, rtol=1e-11, atol=0)


def test_no_records_give_zero_and_one_cell_its_own_rate(make_grid, make_ledger, make_now):
    grid = make_grid(4, 4)
    now = make_now(grid, make_ledger(grid, counts=np.zeros((2, 16), int)))
    assert np.all(hotspot()(now.evidence, now) == 0)
    grid = make_grid(1, 1)
    now = make_now(grid, make_ledger(grid, counts=np.full((2, 1), 3)))
    assert np.all(hotspot()(now.evidence, now) == 3)


def test_records_made_by_patrol_move_the_map_and_reports_alone_open_the_loop():
    closed, opened = closed_and_opened(hotspot())
    assert closed > 0
    assert opened == 0


def test_an_impossible_reach_is_refused_in_one_line():
    with pytest.raises(Refused, match=r"prediction.reach_m must be > 0 m, got nan; set prediction.reach_m"):
        hotspot(reach_m=float("nan"))
