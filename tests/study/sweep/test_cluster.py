"""Sweeps on Dask, for real: the same bytes as threads, also when a worker is killed."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from distributed import LocalCluster

import loopsim
from loopsim.limits import Refused
from loopsim.study.sweep import cluster, parts

ROOT = Path(__file__).resolve().parents[3]
TINY = [
    "city.rows=8", "city.cols=8", "city.residents=1200", "days=28", "history_days=28", "measure_days=14",
    "prediction.window_days=28", "allocation.budget=20", "replicates=5", "arms=[loop,frozen]",
    "allocation=proportional", "bias.level=1,2,3", "allocation.gamma=range(0.5,2.5,0.5)",
]  # fmt: skip
pytestmark = pytest.mark.slow


def started(**options):
    """A cluster; on a busy machine its event loop may miss the ten seconds that distributed waits for it."""
    for _ in range(2):
        with contextlib.suppress(AssertionError):
            return LocalCluster(**options)
    return LocalCluster(**options)


def swept(out, *lines, **wishes):
    return loopsim.sweep([*TINY, *lines, f"out={out}"], say=lambda _: None, **wishes)


def tables(out):
    return [(out / name).read_bytes() for name in ("summary.csv", "metrics.csv")]


@pytest.fixture(scope="module")
def by_threads(tmp_path_factory):
    """The twelve points by threads."""
    out = tmp_path_factory.mktemp("threads") / "x"
    swept(out)
    return tables(out)


@pytest.fixture
def two_workers():
    """A scheduler with two workers, each a process."""
    with started(
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL
    ) as running:
        yield running


def test_a_worker_killed_in_mid_sweep_loses_nothing(by_threads, two_workers, tmp_path):
    """SIGKILL to one worker as soon as a point is finished: the tables are those of threads."""
    killed, folder = [], tmp_path / "x" / "parts"

    def kill():
        while not list(folder.glob("*.part")):
            time.sleep(0.002)
        killed.append(len(list(folder.glob("*.part"))))
        os.kill(two_workers.workers[0].pid, signal.SIGKILL)

    watcher = threading.Thread(target=kill)
    watcher.start()
    result = swept(tmp_path / "x", "replicates=5", executor="dask", scheduler=two_workers.scheduler_address)
    watcher.join()
    assert killed[0] < 12 == result.manifest["points_run"]
    assert tables(tmp_path / "x") == by_threads


def test_a_cluster_of_its_own_gives_the_same_bytes(by_threads, tmp_path):
    """From the command line, with a cluster that it starts and ends."""
    line = [sys.executable, "-m", "loopsim", "sweep", *TINY, f"out={tmp_path / 'x'}", "threads=2"]
    done = subprocess.run(
        [*line, "--executor", "dask"], cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert tables(tmp_path / "x") == by_threads


def test_a_worker_with_other_code_is_refused(two_workers, tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "code_version", lambda: "another")
    with pytest.raises(Refused, match="another version of loopsim or Python"):
        swept(tmp_path / "x", executor="dask", scheduler=two_workers.scheduler_address)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense://", "nowhere"])
def test_a_scheduler_that_does_not_answer_is_one_line_soon(address, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "ANSWER_SECONDS", 1)
    began = time.perf_counter()
    with pytest.raises(Refused) as refused:
        swept(tmp_path / "x", executor="dask", scheduler=address)
    assert time.perf_counter() - began < 10
    assert refused.value.lines[0].startswith(f"no Dask scheduler answers at {address}")
    assert len(refused.value.lines) == 1


def test_a_scheduler_without_workers_is_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "WORKER_SECONDS", 1)
    with (
        started(n_workers=0, dashboard_address=None, silence_logs=logging.CRITICAL) as empty,
        pytest.raises(Refused, match="has no worker; start one with"),
    ):
        swept(tmp_path / "x", executor="dask", scheduler=empty.scheduler_address)
