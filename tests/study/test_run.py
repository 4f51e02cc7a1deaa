"""A whole study: the same bytes for any number of threads, the same crimes in every arm."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from loopsim.study import run as runner
from loopsim.study.compose import compose

SMALL = [
    "city.rows=12", "city.cols=12", "city.residents=3000", "days=56", "history_days=56", "measure_days=28",
    "prediction.window_days=56", "allocation.k=6", "allocation.budget=40", "world.stop_rate=0.5", "replicates=6",
]  # fmt: skip
CSV = ("summary.csv", "metrics.csv", "config.yaml", "maps.nc")


def study(out, *lines):
    return compose([*SMALL, f"out={out}", *lines])


def tables(out):
    return [(out / name).read_bytes() for name in CSV]


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    """One small run on one thread, and where it is."""
    out = tmp_path_factory.mktemp("once") / "run"
    return runner.run(study(out, "threads=1")), out


@pytest.mark.parametrize(("threads", "chunk"), [(2, 4), (4, 1), (1, 6)])
def test_results_are_the_same_bytes_for_any_threads_and_chunks(once, tmp_path, monkeypatch, threads, chunk):
    monkeypatch.setattr(runner, "CHUNK", chunk)
    runner.run(study(tmp_path / "run", f"threads={threads}"))
    assert tables(tmp_path / "run") == tables(once[1])


def test_another_seed_gives_other_results(once, tmp_path):
    runner.run(study(tmp_path / "run", "seed=2", "arms=[loop]"))
    assert (tmp_path / "run" / "summary.csv").read_bytes() != (once[1] / "summary.csv").read_bytes()


def test_every_arm_has_the_same_offences(once):
    table = once[0].metrics()
    true = table[table.measure == "true_rate"].pivot_table(
        index=["replicate", "day", "group"], columns="arm", values="value"
    )
    assert set(true.columns) == {"loop", "clean_start", "frozen", "no_model"}
    assert (true.nunique(axis=1) == 1).all()


def test_the_groups_offend_alike_within_chance(once):
    table = once[0].metrics()
    loop = table[(table.arm == "loop") & (table.measure == "true_rate") & (table.day == 56)]
    by_group = loop.groupby("group").value.mean()
    people = {"blue": 2250, "orange": 750}
    spread = {g: np.sqrt(300 / 1000 * 28 / 365 / (n * 6)) * 1000 * 365 / 28 for g, n in people.items()}
    gap = abs(by_group["blue"] - by_group["orange"])
    assert gap < 4 * np.hypot(spread["blue"], spread["orange"])


def test_where_density_is_even_patrol_by_population_is_equal(once):
    summary = once[0].summary()
    rows = summary[(summary.arm == "no_model") & (summary.measure == "patrol_disparity")]
    assert np.abs(rows["mean"]).max() < 0.02


def test_a_frozen_model_keeps_its_first_plan(once):
    summary = once[0].summary()
    rows = summary[
        (summary.arm == "frozen") & (summary.measure == "patrol_share") & (summary.group == "orange")
    ]
    assert len(rows) > 3
    assert rows["mean"].nunique() == 1


def test_frozen_and_loop_begin_with_the_same_plan(once):
    summary = once[0].summary()
    first = summary[(summary.measure == "patrol_disparity") & (summary.day == 0)].set_index("arm")["mean"]
    assert first["loop"] == first["frozen"] != first["no_model"]


def test_what_was_finished_when_the_user_stops_is_kept(tmp_path, monkeypatch):
    """The third chunk is interrupted: the first two make the result."""
    real, seen, lock = runner.observe_chunk, [], threading.Lock()

    def interrupted(study, cities, replicates, stop, done):
        with lock:
            seen.append(replicates[0])
            if len(seen) == 3:
                raise KeyboardInterrupt
        return real(study, cities, replicates, stop, done)

    monkeypatch.setattr(runner, "CHUNK", 2)
    monkeypatch.setattr(runner, "observe_chunk", interrupted)
    result = runner.run(study(tmp_path / "run", "threads=1"))
    assert result.manifest["interrupted"]
    assert result.manifest["replicates"] == 4
    assert (tmp_path / "run" / "manifest.json").is_file()


def test_stopping_before_anything_is_finished_writes_nothing(tmp_path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(runner, "observe_chunk", interrupted)
    with pytest.raises(KeyboardInterrupt):
        runner.run(study(tmp_path / "run"))
    assert not (tmp_path / "run").exists()
