"""The command line: what it prints, what it refuses, and what it leaves behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
import yaml

from loopsim import cli
from loopsim.study import run as runner
from loopsim.study.compose import compose
from loopsim.study.config import catalogue

SMALL = (
    "city.rows=8", "city.cols=8", "city.residents=800", "days=14", "history_days=14", "measure_days=14",
    "prediction.window_days=14", "allocation.k=4", "allocation.budget=20", "replicates=5", "threads=1",
)  # fmt: skip


@pytest.fixture
def told(capsys, tmp_path, monkeypatch):
    """A function: words of a command line -> (exit code, what was printed, what was complained)."""
    monkeypatch.chdir(tmp_path)

    def ask(*argv):
        code = cli.main([str(word) for word in argv])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return code, out, err

    return ask


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["lst"], "no verb lst: did you mean list?"),
        (["shw", "days=3"], "no verb shw: did you mean show?"),
        (["list", "predction"], "no list of predction: did you mean prediction?"),
        (["list", "xyzzy"], "no list of xyzzy: allowed: allocation, arm,"),
        (["show", "scenario=twin_citie"], "no scenario twin_citie: did you mean twin_cities?"),
        (["scenario=twin_citie"], "no scenario twin_citie: did you mean twin_cities?"),
        (["run", "bias.levl=3"], "no key bias.levl: did you mean bias.level?"),
        (["run", "days"], "days must be key=value"),
        (["show", "--jsn"], "unrecognized arguments: --jsn; see loopsim show --help"),
        (["--config-dir", "nowhere", "show"], "--config-dir must be a folder, got nowhere"),
        (["--config-dir"], "--config-dir: expected one argument"),
        (["city"], "see loopsim city --help"),
        (["city", "imprt"], "invalid choice: 'imprt'"),
        (["city", "show"], "the following arguments are required: file"),
        (["city", "show", "nothing.nc"], "nothing.nc: no such city file"),
        (["city", "show", "."], "is a directory; name a city file"),
        (["run", "scenario=southend"], "city.file must be given, got null; set city.file"),
        (["run", *SMALL, "city.rows=1", "city.cols=1", "allocation.k=1"], "cannot be reached within 0.01"),
    ],
)
def test_a_wrong_command_line_gets_one_line_and_exit_code_2(told, argv, said):
    code, out, err = told(*argv)
    assert (code, out) == (2, "")
    assert err.startswith("loopsim: ") and err.count("\n") == 1 and said in err


def test_every_number_out_of_range_is_told_at_once_and_nothing_is_run(told, tmp_path):
    code, out, err = told("run", "days=-1", "replicates=nan", "bias.level=0", "city.segregation=3")
    assert (code, out) == (2, "")
    assert {line.split()[1] for line in err.splitlines()} == {
        "days",
        "replicates",
        "bias.level",
        "city.segregation",
    }
    assert list(tmp_path.iterdir()) == []


def test_help_names_every_verb_with_its_line(told):
    code, out, _ = told("--help")
    assert code == 0 and {"run", "list", "show", "city"} <= set(cli.verbs())
    for verb, line in cli.verbs().items():
        assert line and f"{verb} {line}" in " ".join(out.split())


def test_help_is_quick_because_nothing_heavy_is_loaded():
    code = "import sys\nfrom loopsim.cli import main\nmain(['--help'])\nprint(*sys.modules, file=sys.stderr)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"numba", "scipy", "pandas", "matplotlib", "mesa", "hydra", "omegaconf", "xarray", "numpy"}
    assert heavy & set(run.stderr.split()) == set()


def test_a_run_loads_nothing_that_it_does_not_need():
    code = """import sys
from loopsim.study.compose import compose
from loopsim.study.run import observe_chunk, build_cities
import threading
study = compose(["city.rows=8", "city.cols=8", "city.residents=600", "days=14", "history_days=30", "replicates=1",
                 "prediction.window_days=30", "allocation.k=5", "arms=[loop]"])
observe_chunk(study, build_cities(study), [0], threading.Event())
print(*sys.modules, file=sys.stderr)"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    slow = {"scipy.stats", "scipy.signal", "scipy.optimize", "pandas", "mesa", "xarray", "matplotlib"}
    assert slow & set(run.stderr.split()) == set()


@pytest.mark.parametrize("verb", ["run", "show", "list", "city"])
def test_every_verb_has_help_of_its_own(told, verb, capsys):
    with pytest.raises(SystemExit) as left:
        told(verb, "--help")
    assert left.value.code == 0
    assert f"usage: loopsim {verb}" in capsys.readouterr().out


def test_the_version_is_printed(told):
    import loopsim

    assert told("--version") == (0, f"loopsim {loopsim.__version__}\n", "")


@pytest.mark.parametrize("room", catalogue.rooms(catalogue.folders()))
def test_every_room_lists_its_options_with_a_line_each(told, room):
    code, out, _ = told("list", room, "--json")
    rows = json.loads(out)
    assert code == 0 and rows and {row["room"] for row in rows} == {room}
    assert all(row["name"] and row["about"] and "\n" not in row["about"] for row in rows)
    _, text, _ = told("list", room)
    assert all(row["name"] in text for row in rows)
    assert told("list", f"{room}s", "--json")[1] == out  # the plural is understood


def test_list_alone_shows_every_room(told):
    rows = json.loads(told("list", "--json")[1])
    assert {row["room"] for row in rows} == set(catalogue.rooms(catalogue.folders()))
    text = told("list")[1]
    assert all(f"\n{room}\n" in f"\n{text}" for room in {row["room"] for row in rows})


def test_every_file_of_the_config_folders_is_listed(told):
    rows = {(row["room"], row["name"]) for row in json.loads(told("list", "--json")[1])}
    for room in ("scenario", "arm", "prediction", "allocation", "remedy"):
        files = (catalogue.shipped() / room).glob("*.yaml")
        assert {(room, path.stem) for path in files} <= rows


@pytest.mark.parametrize("words", [["list"], ["list", "measure"], ["list", "scenario"], ["--help"]])
def test_a_narrow_terminal_is_not_overrun(told, words, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    code, out, _ = told(*words)
    assert code == 0 and max(map(len, out.splitlines())) <= 60


@pytest.mark.parametrize(
    "words", [[], ["scenario=fair_city"], ["prediction=predpol", "allocation=proportional"]]
)
def test_what_show_prints_is_the_composed_config_and_composes_to_itself(told, words, tmp_path):
    _, text, _ = told("show", *words)
    shown = yaml.safe_load(text)
    study = compose(words)
    assert {k: v for k, v in shown.items() if k != "arms"} == study.shared
    assert shown["arms"] == {name: list(lines) for name, lines in study.arms.items()}
    assert json.loads(told("show", "--json", *words)[1]) == shown
    again = compose(
        [f"{room}={shown[room]['name']}" for room in catalogue.STAGES] + [f"scenario={study.scenario}"]
    )
    assert again.shared == study.shared


def test_a_run_prints_its_result_and_writes_it(told, tmp_path):
    code, out, _ = told("run", *SMALL, "out=here", "arms=[loop]", "--quiet")
    assert code == 0 and "offences per 1,000" in out and "here" in out
    assert (tmp_path / "here" / "manifest.json").is_file()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["here"]


def test_overrides_without_a_verb_are_a_run(told, tmp_path):
    assert told(*SMALL, "arms=[loop]", "out=here")[0] == 0
    assert (tmp_path / "here" / "summary.csv").is_file()


@pytest.mark.parametrize("what", ["file", "folder"])
def test_out_may_not_be_a_file_or_somebody_elses_folder(told, tmp_path, what):
    mine = tmp_path / "thesis" / "chapter.txt"
    mine.parent.mkdir()
    mine.write_text("mine")
    code, out, err = told("run", *SMALL, "arms=[loop]", f"out={mine if what == 'file' else mine.parent}")
    assert code == 2 and "set out" in err and err.count("\n") == 1
    assert [p.name for p in mine.parent.iterdir()] == ["chapter.txt"] and mine.read_text() == "mine"


def test_ctrl_c_keeps_what_is_finished_and_says_so(told, tmp_path, monkeypatch):
    real = runner.observe_chunk

    def interrupted(study, cities, replicates, stop, done):
        if replicates[0] > 0:
            raise KeyboardInterrupt
        return real(study, cities, replicates, stop, done)

    monkeypatch.setattr(runner, "observe_chunk", interrupted)
    code, out, _ = told("run", *SMALL, "arms=[loop]", "out=here")
    assert code == 0 and "Stopped early: 4 of 5 replicates were finished." in out
    assert json.loads((tmp_path / "here" / "manifest.json").read_text("utf-8"))["interrupted"] is True


def test_ctrl_c_before_anything_is_finished_writes_nothing_and_says_so(told, tmp_path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(runner, "observe_chunk", interrupted)
    code, _, err = told("run", *SMALL, "arms=[loop]", "out=here")
    assert code == 130 and "interrupted" in err
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_leaves_is_no_error():
    env = {**os.environ, "COLUMNS": "80"}
    run = subprocess.run(
        f"{sys.executable} -m loopsim list | head -1",
        shell=True,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0 and "Traceback" not in run.stderr and "BrokenPipe" not in run.stderr


def test_the_python_api_refuses_with_the_same_words():
    import loopsim
    from loopsim.limits import Refused

    with pytest.raises(Refused, match="no scenario twin_citie: did you mean twin_cities"):
        loopsim.run("twin_citie")
    with pytest.raises(Refused, match=r"days must be .*\n.*replicates must be|replicates must be"):
        loopsim.run(overrides=["days=0", "replicates=0"])
