"""Maps and film: what is written reads back, small, and by block in a large city."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from loopsim.city.city import City
from loopsim.study.observer.film import Blocks
from loopsim.study.observer.maps import CLIP, Maps, write_maps
from loopsim.study.observer.observations import Observations

RNG = np.random.default_rng(5)
F, ROWS, COLS = 6, 8, 9


@pytest.fixture
def city(make_grid):
    residents = RNG.integers(0, 30, (ROWS * COLS, 2))
    return City(grid=make_grid(ROWS, COLS), groups=("blue/green", "orange & red"), residents=residents)


def an_arm(offences, risk):
    patrol = np.zeros((F, ROWS, COLS), np.float32)
    patrol[:, 2, 3] = 16.0
    totals = {k: np.full(ROWS * COLS, 2048) for k in ("offences", "recorded", "patrol", "patrolled_days")}
    return Observations(
        replicates=np.arange(4), keys=[], a=None, b=None, pseudo=None, refits={}, refit_days=7,
        total_maps=totals, ranks=np.array([1, 2, 72]), curves={"patrol_curve": RNG.random((4, 3))},
        frames={"offences": offences, "recorded": offences // 2, "patrol": patrol, "risk": risk},
        frame_days=[7 * (i + 1) for i in range(F)],
    )  # fmt: skip


@pytest.fixture
def written(city, tmp_path):
    """Arms a and b of the same crimes; a's risk changes weekly, b's never."""
    offences = (RNG.random((F, ROWS, COLS)) < 0.1).astype(np.float32) * RNG.integers(1, 9, (F, ROWS, COLS))
    changing = RNG.gamma(2.0, 0.01, (F, ROWS, COLS)).astype(np.float32)
    arms = {"a": an_arm(offences, changing), "b": an_arm(offences, np.repeat(changing[:1], F, axis=0))}
    write_maps(str(tmp_path / "maps.nc"), city, arms)
    return SimpleNamespace(path=tmp_path / "maps.nc", arms=arms, city=city)


def test_counts_and_constant_patrol_read_back_exactly(written):
    maps = Maps(written.path)
    for arm, observed in written.arms.items():
        for layer in ("offences", "recorded", "patrol"):
            np.testing.assert_allclose(maps[f"{arm}_frame_{layer}"], observed.frames[layer], rtol=1e-6)
    assert maps["a_patrol"][0, 0] == pytest.approx(2048 / 1024 / 4)
    np.testing.assert_array_equal(maps["residents_orange & red"].ravel(), written.city.residents[:, 1])


def test_a_changing_prediction_reads_back_to_half_a_level(written):
    maps, risk = Maps(written.path), written.arms["a"].frames["risk"]
    assert np.abs(maps["a_frame_risk"] - risk).max() <= 0.51 * risk.max() / 255
    still = written.arms["b"].frames["risk"]
    assert np.abs(maps["b_frame_risk"] - still).max() <= still.max() / 32767


def test_a_prediction_beyond_the_clip_is_shown_at_the_clip(city, tmp_path):
    risk = RNG.random((F, ROWS, COLS)).astype(np.float32)
    risk[1, 1, 1] = 1e6
    write_maps(str(tmp_path / "m.nc"), city, {"a": an_arm(np.zeros_like(risk), risk)})
    top = Maps(tmp_path / "m.nc")["a_frame_risk"][1, 1, 1]
    assert top == pytest.approx(CLIP * risk.mean(), rel=1e-4)


def test_offences_that_are_the_same_in_all_arms_are_written_once(written):
    maps = Maps(written.path)
    assert "a_frame_offences" in set(maps) and "b_frame_offences" not in set(maps)
    np.testing.assert_array_equal(maps["b_offences"], maps["a_offences"])


def test_arms_with_other_offences_keep_their_own(city, tmp_path):
    risk = np.ones((F, ROWS, COLS), np.float32)
    arms = {"a": an_arm(risk, risk), "b": an_arm(2 * risk, risk)}
    write_maps(str(tmp_path / "m.nc"), city, arms)
    assert Maps(tmp_path / "m.nc")["b_frame_offences"].max() == 2


def test_other_programs_can_read_the_file(written):
    """xarray and netCDF4 apply the scale by themselves."""
    xarray = pytest.importorskip("xarray")
    with xarray.open_dataset(written.path, engine="scipy") as data:
        shown, risk = data["a_frame_risk"].values, written.arms["a"].frames["risk"]
        assert np.abs(shown - risk).max() <= 0.51 * risk.max() / 255
        assert data["a_frame_offences_at"].attrs["compress"] == "a_frame a_frame_row a_frame_col"


@pytest.mark.parametrize(("rows", "side", "blocks"), [(5, 1, 5), (100, 1, 100), (101, 2, 51), (400, 4, 100)])
def test_a_large_city_is_filmed_in_blocks_that_keep_every_count(rows, side, blocks):
    shown = Blocks(rows, rows)
    assert (shown.side, shown.rows, shown.cols) == (side, blocks, blocks)
    counts = np.arange(rows * rows) % 7
    sums = shown.sums(counts)
    assert sums.sum() == counts.sum()
    corner = counts.reshape(rows, rows)[:side, :side].sum()
    assert sums[0] == corner
