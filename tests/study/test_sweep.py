"""Sweeps: Hydra's grammar, everything checked first, nothing lost, every point as its own run."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import loopsim
from loopsim import cli
from loopsim.limits import Refused
from loopsim.study import forecast, parts, points, run, sweep, workshop
from loopsim.study.compose import compose

ROOT = Path(__file__).resolve().parents[2]
TINY = [
    "city.rows=8", "city.cols=8", "city.residents=1200", "days=28", "history_days=28", "measure_days=14",
    "prediction.window_days=28", "allocation.budget=20", "replicates=5", "arms=[loop,frozen]",
    "allocation=proportional",
]  # fmt: skip
SWEPT = ["bias.level=1,2", "allocation.gamma=range(0.5,2,0.5)"]
TABLES = ("summary.csv", "metrics.csv")


def swept(out, *lines, **wishes):
    return loopsim.sweep([*TINY, f"out={out}", *(lines or SWEPT)], say=lambda _: None, **wishes)


def tables(out):
    return [(out / name).read_bytes() for name in TABLES]


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    """A sweep of six points on two threads."""
    out = tmp_path_factory.mktemp("once") / "sweep"
    return swept(out, *SWEPT, "threads=2"), out


def values(*lines):
    return {key: [o.value for o in axis] for key, axis in points.read(lines).axes.items()}


def refusal(*lines, **wishes):
    with pytest.raises(Refused) as refused:
        swept(wishes.pop("out", "never"), *lines, **wishes)
    return refused.value.lines


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("bias.level=1,1.5,2", [1, 1.5, 2]),
        ("allocation.k=range(10,40,10)", [10, 20, 30]),
        ("bias.level=range(0.1,0.5,0.1)", [0.1, 0.2, 0.3, 0.4]),
        ("bias.level=choice(1,3)", [1, 3]),
        ("bias.level=sort(3,1,2)", [1, 2, 3]),
        ("prediction=kde,predpol", ["kde", "predpol"]),
        ("evidence.channels=[report],[report,stop]", [["report"], ["report", "stop"]]),
        ("feedback=true,false", [True, False]),
    ],
)
def test_values_are_read_in_the_grammar_of_hydra(line, found):
    assert list(values(line).values()) == [found]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("bias.level=range(3,1)", "has no values"),
        ("bias.level=range(1,2,0)", "a step that is not 0"),
        ("bias.level=range(0,1,1e-9)", "1,000,000,000 values; set a longer step"),
        ("prediction=glob(*)", "a sweep names its values"),
        ("bias.level=shuffle(1,2,3)", "would differ from run to run"),
        ("bias.level=1,2,1", "has 1 twice"),
        ("bias.level=interval(4,1)", "from a lower to a higher"),
        ("bias.level=interval(1,4)", "--design sobol:N"),
        ("prediction=kde,predpoll", "no prediction predpoll: did you mean predpol?"),
        ("bias.levle=1,2", "did you mean bias.level?"),
        ("prediction.sigma_m=100,-5", "prediction.sigma_m must be"),
        ("out=a,b", "out cannot be swept"),
        ("replicates=8", "nothing is swept"),
        ("hydra.verbose=1,2", "it cannot run code"),
    ],
)
def test_bad_lines_are_refused_in_one_line(line, told, tmp_path):
    key = line.split("=")[0]
    kept = [x for x in (*TINY, f"out={tmp_path / 'x'}") if x.split("=")[0] != key]
    with pytest.raises(Refused) as refused:
        loopsim.sweep([*kept, line])
    assert len(refused.value.lines) == 1
    assert told in refused.value.lines[0]
    assert not (tmp_path / "x").exists()


def test_a_key_given_twice_is_refused():
    assert refusal("bias.level=1,2", "bias.level=3,4") == ["bias.level is swept twice; keep one"]
    assert "once with several" in refusal("bias.level=1", "bias.level=3,4")[0]


def test_a_key_that_only_some_points_have_is_refused():
    lines = refusal("prediction=kde,predpol", "prediction.sigma_m=100,200")
    assert any(line.startswith("no key prediction.sigma_m with prediction=predpol") for line in lines)


def test_a_key_that_every_arm_sets_itself_is_refused(tmp_path):
    [line] = refusal("bias.level=2,3", "arms=[clean_start]", out=tmp_path / "x")
    assert line.startswith("bias.level is swept but no arm uses it")


def test_every_fault_of_every_point_is_told_once_and_nothing_runs(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "observe_chunk", None)
    lines = refusal("bias.level=1,-1,-2", "allocation.gamma=1,-1", out=tmp_path / "x")
    assert len(lines) == 3
    assert all("must be" in line for line in lines)
    assert not (tmp_path / "x").exists()


def test_very_many_faults_are_cut_short():
    lines = refusal("bias.level=range(-50,-10,1)")
    assert len(lines) == points.SHOWN + 1
    assert lines[-1].startswith("and 20 more")


def test_a_point_says_what_a_run_of_it_says(once, tmp_path):
    """Sharing crimes, chunks and draws with other points changes no digit."""
    alone = run.run(compose([*TINY, "bias.level=2", "allocation.gamma=1.5", f"out={tmp_path / 'run'}"]))
    expected = {tuple(line.split(",")) for line in (alone.path / "summary.csv").read_text().splitlines()[1:]}
    with open(once[1] / "summary.csv", newline="") as file:
        rows = [tuple(r.values()) for r in csv.DictReader(file)]
    mine = [row[2:] for row in rows if row[:2] == ("2", "1.5")]
    assert len(mine) > 100
    assert set(mine) <= expected
    assert once[0].points[-1]["verdict"] == alone.verdict


def test_the_tables_have_the_swept_keys_first_and_all_points_in_order(once):
    result, out = once
    header = (out / "summary.csv").read_text().split("\n", 1)[0]
    assert header == "bias.level,allocation.gamma,arm,day,measure,group,mean,lo,hi,replicates"
    assert result.swept == {"bias.level": [1, 2], "allocation.gamma": [0.5, 1, 1.5]}
    seen = list(dict.fromkeys((r["bias.level"], r["allocation.gamma"]) for r in result.rows))
    assert seen == [(b, g) for b in (1, 2) for g in (0.5, 1, 1.5)]
    assert [p["values"] for p in result.points][1] == {"bias.level": 1, "allocation.gamma": 1}


def test_a_sweep_is_read_back_as_it_was(once):
    again = loopsim.load(once[1])
    assert isinstance(again, loopsim.SweepResult)
    assert again.manifest == once[0].manifest
    assert len(again.summary()) == len(again.rows) > 0
    metrics = again.metrics()
    assert set(metrics.replicate) == set(range(5))
    assert (metrics.groupby(["measure", "group"]).day.nunique() == 1).all()


def test_words_and_lists_among_the_values_survive_the_tables(tmp_path):
    result = swept(
        tmp_path / "x",
        "evidence.channels=[report],[report,stop]",
        "feedback=true,false",
        "replicates=2",
        "arms=[loop]",
    )
    kinds = {(str(r["evidence.channels"]), r["feedback"]) for r in result.rows}
    assert kinds == {(c, f) for c in ("['report']", "['report', 'stop']") for f in (True, False)}


@pytest.mark.parametrize("threads", [1, 4, 14])
def test_threads_change_no_byte(once, tmp_path, threads):
    """More threads than points share out the replicates of each."""
    swept(tmp_path / "x", *SWEPT, f"threads={threads}")
    assert tables(tmp_path / "x") == tables(once[1])


def test_points_with_the_same_start_share_city_and_history(tmp_path, monkeypatch):
    made, real = [], run.make_start
    monkeypatch.setattr(run, "make_start", lambda *a: made.append(a[0].bias.level) or real(*a))
    swept(tmp_path / "x")
    assert sorted(made) == [1, 1, 2, 2]  # two chunks of replicates for each level, whatever gamma and arm


def test_finished_points_are_not_run_again(once, tmp_path, monkeypatch):
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


def test_a_damaged_part_is_computed_anew_and_said(once, tmp_path):
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


def test_a_large_design_says_how_many_points_and_how_long_and_wants_a_yes(tmp_path, monkeypatch):
    monkeypatch.setattr(forecast, "MANY", 3)
    [line] = refusal("bias.level=1,2,3,4", out=tmp_path / "x")
    assert line.startswith("4 points of 5 replicates will take about seconds on")
    assert "--yes" in line
    assert not (tmp_path / "x").exists()
    swept(tmp_path / "x", "bias.level=1,2,3,4", yes=True)


def test_a_long_design_wants_a_yes_too(tmp_path, monkeypatch):
    monkeypatch.setattr(forecast, "NOTEWORTHY", 0)
    monkeypatch.setattr(forecast, "seconds_each", lambda *_: 36_000.0)
    [line] = refusal("bias.level=1,2", "threads=2", out=tmp_path / "x")
    assert "about 2 days on 2 threads" in line


def test_a_fault_that_shows_only_in_a_run_stops_it_and_keeps_what_is_finished(tmp_path):
    with pytest.raises(Refused, match="city.deprivation_corr must be nearer 0"):
        swept(tmp_path / "x", "city.deprivation_corr=0,1", "threads=1")
    assert len(list((tmp_path / "x" / "parts").glob("*.part"))) == 1
    assert not (tmp_path / "x" / "manifest.json").exists()


def test_precision_adds_replicates_until_the_interval_is_narrow(tmp_path):
    wide = swept(tmp_path / "a", "bias.level=1,2", "replicates=8")
    ends = [p["verdict"]["loop"]["orange/blue"] for p in wide.points]
    assert all(end["compounding"][0] is not None for end in ends)
    rows = [r for r in wide.rows if (r["measure"], r["day"]) == ("patrol_disparity", 21)]
    target = max(r["hi"] - r["lo"] for r in rows) / 2
    narrow = swept(tmp_path / "b", "bias.level=1,2", "replicates=8", precision=target, most=200)
    for r in (r for r in narrow.rows if (r["measure"], r["day"]) == ("patrol_disparity", 21)):
        assert r["hi"] - r["lo"] <= target
        assert 8 <= r["replicates"] <= 200
    assert max(p["replicates"] for p in narrow.points) > 8


def test_precision_stops_at_its_cap_and_says_so(tmp_path):
    from loopsim.study.sweep_words import tell

    result = swept(tmp_path / "x", "bias.level=1,2", "replicates=2", precision=1e-6, most=10)
    assert [p["replicates"] for p in result.points] == [10, 10]
    assert "2 of 2 points stopped at 10 replicates" in tell(result)


@pytest.mark.parametrize(
    ("wishes", "told"),
    [
        ({"precision": 0.0}, "--precision must be > 0"),
        ({"precision": float("nan")}, "--precision must be > 0"),
        ({"precision": 0.1, "measure": "patrol_disparty"}, "did you mean patrol_disparity?"),
        ({"precision": 0.1, "most": 1}, "--most must be"),
        ({"measure": "gini_patrol"}, "go with --precision"),
        ({"executor": "ray"}, "--executor must be one of threads, dask"),
    ],
)
def test_wishes_that_cannot_be_met_are_refused(wishes, told):
    [line] = refusal("bias.level=1,2", **wishes)
    assert told in line


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
        "import resource, sys; from loopsim import cli; import loopsim.study.parts as p\n"
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


def test_the_command_line_tells_each_point(tmp_path, capsys):
    line = ["sweep", *TINY, "bias.level=1,2,3", "replicates=2", f"out={tmp_path / 'x'}"]
    assert cli.main(line) == 0
    told = capsys.readouterr()
    assert "3 points, 28 days" in told.out and "regime" in told.out
    assert told.err == ""
    names = {p.name for p in (tmp_path / "x").iterdir()}
    assert names == {"parts", *TABLES, "config.yaml", "manifest.json", "figures", "index.html"}
    assert (tmp_path / "x" / "figures" / "dose_response.svg").is_file()
    assert cli.main(line) == 0
    assert "finished already" in capsys.readouterr().err
    assert cli.main(["sweep", *TINY, "bias.level=range(3,1)"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


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
