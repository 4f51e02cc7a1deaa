"""Parts of a sweep: what is finished is kept through a kill, a full disk or a fault, and not run again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from swept import SWEPT, TINY, refusal, swept, tables

import loopsim
from loopsim import charts
from loopsim.limits import Refused
from loopsim.study.sweep import parts, sweep, workshop
from loopsim.study.sweep import show as sweep_show

ROOT = Path(__file__).resolve().parents[3]


def test_finished_points_are_not_run_again(tmp_path, monkeypatch):
    first = swept(tmp_path / "x", "bias.level=1,2", "replicates=2")
    ran, said, real = [], [], workshop.Workshop.part
    monkeypatch.setattr(workshop.Workshop, "part", lambda *a: ran.append(1) or real(*a))
    more = [*TINY, "replicates=2", f"out={tmp_path / 'x'}", "bias.level=1,2,3"]
    loopsim.sweep(more, say=said.append)
    assert len(ran) == 1
    assert said == [f"2 of 3 points are finished already, in {tmp_path / 'x' / 'parts'}"]
    assert first.manifest["points_run"] == 2


def test_resume_needs_something_to_resume(tmp_path):
    assert refusal(*SWEPT, out=tmp_path / "x", resume=True)[0].startswith("nothing to resume in")


def test_parts_of_another_version_of_the_code_are_neither_used_nor_lost(tmp_path, monkeypatch):
    swept(tmp_path / "x", "bias.level=1,2")
    before = sorted(os.listdir(tmp_path / "x" / "parts"))
    monkeypatch.setattr(parts, "code_version", lambda: "another")
    [line] = refusal("bias.level=1,2", out=tmp_path / "x")
    assert "2 of 2 points" in line and "--fresh" in line
    assert sorted(os.listdir(tmp_path / "x" / "parts")) == before
    swept(tmp_path / "x", "bias.level=1,2", fresh=True)
    assert all(name.endswith("-another.part") for name in os.listdir(tmp_path / "x" / "parts"))
    swept(tmp_path / "x", "bias.level=1,2", resume=True)


def test_a_damaged_part_is_computed_anew_and_said(tmp_path):
    said = []
    swept(tmp_path / "x", "bias.level=1,2")
    whole = tables(tmp_path / "x")
    part = sorted((tmp_path / "x" / "parts").iterdir())[0]
    part.write_bytes(part.read_bytes()[:-7])
    loopsim.sweep([*TINY, f"out={tmp_path / 'x'}", "bias.level=1,2"], say=said.append)
    assert "1 parts" in said[0] and "anew" in said[0]
    assert tables(tmp_path / "x") == whole


def test_a_folder_with_other_things_in_it_is_refused(tmp_path):
    (tmp_path / "thesis.tex").write_text("x")
    assert "with other files in it" in refusal("bias.level=1,2", out=tmp_path)[0]


def test_a_fault_that_shows_only_in_a_run_stops_it_and_keeps_what_is_finished(tmp_path):
    with pytest.raises(Refused, match="city.deprivation_corr must be nearer 0"):
        swept(tmp_path / "x", "city.deprivation_corr=0,1", "threads=1")
    assert len(list((tmp_path / "x" / "parts").glob("*.part"))) == 1
    assert not (tmp_path / "x" / "manifest.json").exists()


def test_what_a_killed_process_left_of_figures_and_page_is_cleared_away(tmp_path, monkeypatch):
    result = swept(tmp_path / "x", "bias.level=1,2", "days=7", "replicates=2")
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    (result.path / f".figures.new-{gone.pid}").mkdir()
    (result.path / f".index.html.new-{gone.pid}").write_text("half")
    theirs = result.path / f".figures.new-{os.getppid()}"
    theirs.mkdir()
    monkeypatch.setattr(charts, "draw_all", lambda result, folder: folder.mkdir())
    assert sweep_show.show(result) == []
    assert [p.name for p in result.path.iterdir() if p.name.startswith(".")] == [theirs.name]


def command(out, *more):
    return [
        sys.executable,
        "-m",
        "loopsim",
        "sweep",
        *TINY,
        *SWEPT,
        "replicates=24",
        "threads=1",
        f"out={out}",
        *more,
    ]


@pytest.mark.slow
def test_a_sweep_killed_at_any_moment_loses_no_finished_point(tmp_path):
    """kill -9 in mid-sweep, twice; the rest is run and the tables are those of an unbroken sweep."""
    lines = command(tmp_path / "whole")
    subprocess.run(lines, cwd=ROOT, check=True, capture_output=True)
    lines = command(tmp_path / "broken")
    folder, kept = tmp_path / "broken" / "parts", 0
    for enough in (1, 3):
        process = subprocess.Popen(lines, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None and len(list(folder.glob("*.part"))) < enough:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        finished = len(list(folder.glob("*.part")))
        assert kept <= finished < 6
        kept = finished
        assert not (tmp_path / "broken" / "manifest.json").exists()
    last = subprocess.run(lines, cwd=ROOT, check=True, capture_output=True, text=True)
    assert f"{kept} of 6 points are finished already" in last.stderr
    assert tables(tmp_path / "broken") == tables(tmp_path / "whole")
    assert sorted(os.listdir(folder)) == sorted(os.listdir(tmp_path / "whole" / "parts"))


def test_a_full_disk_is_one_line_and_costs_no_finished_point(tmp_path, capfd):
    """The system itself refuses to let any file grow past the limit."""
    code = (
        "import resource, sys; from loopsim import cli; import loopsim.study.sweep.parts as p\n"
        "real = p.Parts.write\n"
        "def write(self, key, part):\n"
        "    if any(self.folder.glob('*.part')): resource.setrlimit(resource.RLIMIT_FSIZE, (512, 512))\n"
        "    return real(self, key, part)\n"
        "p.Parts.write = write\n"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "sys.exit(cli.main(sys.argv[1:]))"
    )
    lines = ["sweep", *TINY, "bias.level=1,2", "threads=1", f"out={tmp_path / 'x'}"]
    done = subprocess.run([sys.executable, "-c", code, *lines], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "File too large; make room and run it again, finished points are kept" in done.stderr
    assert len(list((tmp_path / "x" / "parts").iterdir())) == 1


def test_a_killed_sweep_is_not_taken_for_a_result(tmp_path):
    (tmp_path / "parts").mkdir()
    with pytest.raises(Refused, match="not a finished sweep"):
        loopsim.SweepResult.load(tmp_path)
    assert sweep.EXECUTORS == ("threads", "dask")


def test_a_user_who_stops_a_sweep_keeps_what_is_finished_and_is_told(tmp_path, monkeypatch):
    real, said = workshop.Workshop.part, []

    def stopped(self, study, *more):
        if study.setups["loop"].bias.level == 3:
            raise KeyboardInterrupt
        return real(self, study, *more)

    monkeypatch.setattr(workshop.Workshop, "part", stopped)
    with pytest.raises(KeyboardInterrupt):
        loopsim.sweep([*TINY, "bias.level=1,2,3", "threads=1", f"out={tmp_path / 'x'}"], say=said.append)
    assert said == ["2 of 3 points were finished; run it again to go on"]
    assert len(list((tmp_path / "x" / "parts").glob("*.part"))) == 2


def test_a_point_that_cannot_be_run_does_not_hang_those_that_wait_for_its_city():
    """What fails to be made is an error to every thread that asked for it, and is tried again later."""
    shelf = workshop.Shelf(2)

    def broken():
        raise Refused("no such city")

    with pytest.raises(Refused):
        shelf.get("a", broken)
    assert shelf.get("a", lambda: 1) == 1
    assert [shelf.get(k, lambda k=k: k) for k in "bcd"] == ["b", "c", "d"]
    assert len(shelf._held) == 2
