"""Sweeps: every point is its own run, whatever it shares with others; what is written and read back."""

from __future__ import annotations

import csv

import pytest
from swept import SWEPT, TABLES, TINY, swept, tables

import loopsim
from loopsim import cli
from loopsim.study import run
from loopsim.study.compose import compose


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    """A sweep of six points on two threads."""
    out = tmp_path_factory.mktemp("once") / "sweep"
    return swept(out, *SWEPT, "threads=2"), out


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
    from loopsim.study.sweep.words import tell

    result = swept(tmp_path / "x", "bias.level=1,2", "replicates=2", precision=1e-6, most=10)
    assert [p["replicates"] for p in result.points] == [10, 10]
    assert "2 of 2 points stopped at 10 replicates" in tell(result)


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
