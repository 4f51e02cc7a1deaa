"""What a sweep is asked: points in Hydra's grammar; every fault of every point told before anything runs."""

from __future__ import annotations

import pytest
from swept import TINY, refusal, swept

import loopsim
from loopsim.limits import Refused
from loopsim.study import run
from loopsim.study.sweep import forecast, points


def values(*lines):
    return {key: [o.value for o in axis] for key, axis in points.read(lines).axes.items()}


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
