"""A result folder appears whole or not at all, whatever happens to the process or the disk."""

from __future__ import annotations

import json
import os
import resource
import signal

import pytest

from loopsim.limits import Refused
from loopsim.study import manifest, store
from loopsim.study import run as runner
from loopsim.study.compose import compose
from loopsim.study.result import Result

SMALL = (
    "city.rows=8", "city.cols=8", "city.residents=800", "days=14", "history_days=14", "measure_days=14",
    "prediction.window_days=14", "allocation.k=4", "allocation.budget=20", "replicates=2", "threads=1", "arms=[loop]",
)  # fmt: skip


def killed(*_):
    """What happens when the machine takes the process away."""
    os.kill(os.getpid(), signal.SIGKILL)


def full(*given, fill=store._fill):
    """No file of more than 4,000 bytes may be written: what a full disk is like, for real."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))
    fill(*given)


ENDS = {
    "killed while the tables are written": ("write_maps", killed),
    "killed while the figures are drawn": ("draw_all", killed),
    "killed before the folders are swapped": ("_swap", killed),
    "out of disk": ("_fill", full),
}


def dies(out, result, how) -> int:
    """How a process ends that writes a result and is stopped on the way: its exit code, or -signal."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 1
    try:
        setattr(store, *ENDS[how])
        store.write(out, result)
        code = 0
    except Refused as refused:
        code = 2 if len(refused.lines) == 1 and "set out" in refused.lines[0] else 3
    finally:
        os._exit(code)


def files(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Two results of one scenario with two seeds."""
    folder = tmp_path_factory.mktemp("results")
    return [runner.run(compose([*SMALL, f"seed={seed}", f"out={folder / str(seed)}"])) for seed in (1, 2)]


@pytest.mark.parametrize("how", ENDS)
def test_a_run_that_dies_costs_no_earlier_result_and_leaves_no_half_one(results, tmp_path, how):
    out = store.write(tmp_path / "run", results[0])
    before = files(out)
    assert dies(out, results[1], how) == (2 if how == "out of disk" else -signal.SIGKILL)
    assert files(out) == before
    store.check(out)  # the next run's first look clears up
    assert files(out) == before and [p.name for p in tmp_path.iterdir()] == ["run"]


def test_the_next_run_after_one_that_was_killed_is_whole(results, tmp_path):
    assert dies(tmp_path / "run", results[0], "killed before the folders are swapped") == -signal.SIGKILL
    assert not (tmp_path / "run").exists()
    out = store.write(tmp_path / "run", results[1])
    told = json.loads((out / "manifest.json").read_text("utf-8"))
    for name, checksum in told["files"].items():
        assert manifest.checksum(out / name) == checksum
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_the_folder_of_a_run_that_is_still_writing_is_left_alone(tmp_path):
    theirs = tmp_path / f".run.new-{os.getppid()}"
    theirs.mkdir()
    store.check(tmp_path / "run")
    assert theirs.is_dir()


def test_a_folder_that_cannot_be_made_is_refused_with_the_key(results, tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(Refused, match="set out"):
        store.write(tmp_path / "file" / "below" / "run", results[0])


@pytest.mark.parametrize("text", ["", "{"])
def test_a_folder_whose_manifest_is_broken_is_told_as_damaged(tmp_path, text):
    for name in ("summary.csv", "config.yaml"):
        (tmp_path / name).write_text("")
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(Refused, match="is damaged"):
        Result.load(tmp_path)


def test_numbers_are_written_the_same_on_every_machine(tmp_path):
    rows = [("a", 1, 0.1 + 0.2, float("nan"), -0.0), ("with, comma", 2, 1e-12, 1e300, 3.0)]
    store.write_csv(tmp_path / "t.csv", ("name", "day", "x", "y", "z"), rows)
    assert (
        tmp_path / "t.csv"
    ).read_bytes() == b'name,day,x,y,z\na,1,0.3,,0\n"with, comma",2,1e-12,1e+300,3\n'
