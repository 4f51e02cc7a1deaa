"""Does every experiment run as the Hydra program that it says it is?"""

from __future__ import annotations

import ast
import csv
import importlib.util
import math
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from loopsim.study.answers import answers

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted(p for p in (ROOT / "experiments").glob("*.py") if p.stem != "answers")
SMALL = [
    "city.rows=12",
    "city.cols=12",
    "city.residents=1500",
    "history_days=60",
    "prediction.window_days=60",
]
SMALL += ["replicates=2", "days=84", "measure_days=28", "allocation.budget=20"]
FEWER = {
    "systems": ["arms=[{hotspot: ['prediction=hotspot']}, no_model]", "allocation.k=6"],
    "stop_the_loop": ["arms=[loop,{ban_day_30: ['remedy=ban','remedy.from_day=30']}]", "allocation.k=6"],
    "counter_examples": ["arms=[loop,{no_bias: ['bias.level=1']}]", "allocation.k=6"],
    "predictable_policing": ["allocation.k=6"],
    "channels": ["allocation.k=6"],
}


def launch(script: Path, folder: Path, *lines: str) -> subprocess.CompletedProcess:
    here = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(script), *lines]
    return subprocess.run(command, cwd=folder, env=here, capture_output=True, text=True, timeout=300)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda p: p.stem)
def test_an_experiment_says_its_question_design_expectation_and_result(script):
    text = ast.get_docstring(ast.parse(script.read_text("utf-8")))
    for part in ("Question.", "Design.", "Expected.", "Result."):
        assert part in text
    assert (ROOT / f"configs/scenario/{script.stem}.yaml").is_file()
    assert f'config_name="experiment/{script.stem}"' in script.read_text("utf-8")
    assert f"experiments/{script.name}" in text


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(FEWER))
def test_an_experiment_writes_its_result_and_its_answers_and_nothing_else(name, tmp_path):
    done = launch(ROOT / f"experiments/{name}.py", tmp_path, *SMALL, *FEWER[name])
    assert done.returncode == 0, done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["results"]
    folder = tmp_path / "results" / name
    assert (folder / "answers.csv").read_text().startswith("arm,day,measure,group,mean,lo,hi,replicates")
    assert (folder / "summary.csv").is_file()
    assert "not complete" not in done.stderr
    chart = {"channels": "attribution", "counter_examples": "first_and_last"}.get(name)
    assert chart is None or (folder / f"figures/{chart}.png").is_file()


@pytest.mark.parametrize(
    ("name", "line", "told"),
    [
        ("real_southend", "bias.level=-1", ["city.file must be given", "bias.level must be > 0"]),
        ("regimes", "allocation.gamma=-1", ["allocation.gamma must be"]),
    ],
)
def test_bad_input_is_a_line_each_and_exit_code_2(name, line, told, tmp_path):
    """Keys of the scenario's own stages are known to Hydra; what is wrong with a value, loopsim says."""
    done = launch(ROOT / f"experiments/{name}.py", tmp_path, line)
    assert done.returncode == 2
    assert [t in err for t, err in zip(told, done.stderr.splitlines(), strict=True)] == [True] * len(told)
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_key_set_on_the_command_line_is_swept_over_that_value_alone(tmp_path):
    lines = ["bias.level=2", "arms=[{kde_proportional: ['allocation=proportional']}]", *SMALL]
    done = launch(ROOT / "experiments/dose_response.py", tmp_path, *lines)
    assert done.returncode == 0, done.stderr
    assert {r.at["bias.level"] for r in answers.read(tmp_path / "results/dose_response")} == {2.0, ""}


def test_every_remedy_and_the_ban_are_tried_on_several_days():
    from loopsim.study.compose import compose

    arms = compose([], scenario="stop_the_loop").arms
    tried = {arm.rpartition("_day_")[0] for arm in arms} - {""}
    every = {p.stem for p in (ROOT / "configs/remedy").glob("*.yaml")} - {"nothing", "switch"}
    assert tried == every
    days = {name: {arm.rpartition("_")[2] for arm in arms if arm.startswith(f"{name}_day")} for name in every}
    assert {len(d) for d in days.values()} == {3}


@pytest.mark.slow
def test_regimes_are_swept_beside_the_line_of_the_theory(tmp_path):
    lines = ["world.stop_rate=0.1", *SMALL]
    done = launch(ROOT / "experiments/regimes.py", tmp_path, *lines, "out=regimes")
    assert done.returncode == 0, done.stderr
    table = answers.read(tmp_path / "regimes")
    theory = [r for r in table if r.arm == "theory"]
    assert [r.at["allocation.gamma"] for r in theory] == [0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3]
    shares = [r for r in table if r.measure == "patrol_generated_share"]
    assert all(0 < r.lo <= r.mean <= r.hi < 1 for r in shares)
    # n log mu of equation 4, with the share beside it
    forget, refits = 7 / 60, 84 // 7
    for share, law in zip(shares, theory, strict=True):
        mu = 1 + forget * (law.at["allocation.gamma"] * share.mean - 1)
        assert law.mean == pytest.approx(refits * math.log(mu))
    assert (tmp_path / "regimes/figures/regime_map.png").is_file()


@pytest.mark.slow
def test_an_experiment_takes_hydras_multirun_wherever_its_file_lies(tmp_path):
    script = tmp_path / "mine.py"
    shutil.copy(ROOT / "experiments/counter_examples.py", script)
    done = launch(script, tmp_path, "-m", "bias.level=2,3", *SMALL, "arms=[loop]", "allocation.k=6")
    assert done.returncode == 0, done.stderr
    jobs = sorted(p.name for p in (tmp_path / "results/counter_examples").iterdir())
    assert jobs == ["0", "1"]


@pytest.mark.slow
def test_segregation_counts_a_city_once_whatever_its_replicates(tmp_path):
    lines = [
        "arms=[{apart_10: ['city.segregation=0.1']},{apart_50: ['city.segregation=0.5']}]",
        "allocation.k=6",
    ]
    done = launch(ROOT / "experiments/segregation.py", tmp_path, *SMALL, *lines)
    assert done.returncode == 0, done.stderr
    found = answers.read(tmp_path / "results/segregation")
    assert {r.replicates for r in found} == {16} and {r.at["city.seed"] for r in found} == {""}
    for arm, target in (("apart_10", 0.1), ("apart_50", 0.5)):
        (apart,) = [r for r in found if r.arm == arm and r.measure == "dissimilarity"]
        assert apart.mean == pytest.approx(target, abs=0.01)
    # the mean over cities of the mean of each, and cities differ by more than the futures of one
    with open(tmp_path / "results/segregation/summary.csv", newline="") as file:
        table = [
            r for r in csv.DictReader(file) if (r["arm"], r["measure"]) == ("apart_50", "patrol_disparity")
        ]
    firsts = [float(r["mean"]) for r in table if r["day"] == "0"]
    (first,) = [r for r in found if (r.arm, r.measure, r.day) == ("apart_50", "patrol_disparity", 0)]
    assert len(firsts) == 16 and first.mean == pytest.approx(sum(firsts) / 16)
    assert first.lo < first.mean < first.hi
    assert (tmp_path / "results/segregation/figures/apart.png").is_file()
    assert "not complete" not in done.stderr


@pytest.mark.slow
def test_a_swept_experiment_writes_the_sweep_and_its_answers_by_dose(tmp_path):
    lines = ["arms=[{kde_proportional: ['allocation=proportional']}]", "allocation.budget=20"]
    done = launch(ROOT / "experiments/dose_response.py", tmp_path, *SMALL, *lines)
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "results/dose_response"
    table = (folder / "answers.csv").read_text().splitlines()
    assert table[0] == "bias.level,arm,day,measure,group,mean,lo,hi,replicates"
    assert [line.split(",")[0] for line in table[1:-1:4]] == ["1", "1.25", "1.5", "2", "3", "4"]
    assert "dose_where_amplification_crosses_1" in table[-1]
    assert {"dose_response.png", "amplification.png"} <= {p.name for p in (folder / "figures").iterdir()}
    assert "not complete" not in done.stderr
    again = launch(ROOT / "experiments/dose_response.py", tmp_path, *SMALL, *lines)
    assert "6 of 6 points are finished already" in again.stderr


def test_every_year_of_the_question_is_answered_though_plans_fall_beside_it():
    """Plans on days 0, 350, 735, 1820 and 3647 stand for the first plan, 1, 2, 5 and 10 years."""
    spec = importlib.util.spec_from_file_location("dose_response", ROOT / "experiments/dose_response.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    days = (0, 350, 735, 1085, 1820, 3290, 3647)
    found = [{"day": d, "mean": 1.0, "lo": 0.5, "hi": 2.0, "replicates": 2} for d in days]
    module.crossing = lambda *_: (1.0, 1.0, 1.0, 2)
    result = SimpleNamespace(
        groups=["a", "b"],
        arms=["loop"],
        swept={"bias.level": [2]},
        manifest={"days": 3650},
        at=lambda *_: found,
    )
    rows = [row for row in module.rows(result) if row[3] == "patrol_disparity"]
    assert [row[2] for row in rows] == [0, 350, 735, 1820, 3647]


def test_a_curve_crosses_where_straight_lines_do():
    from loopsim.study.answers.dose import first_zero

    assert first_zero([1, 2, 4], [-1, 1, 3]) == 1.5
    assert first_zero([1, 2, 4], [3, 0, -1]) == 2
    assert first_zero([1, 2, 4], [1, 1, 0]) == 4
    assert first_zero([1, 2], [1, 2]) != first_zero([1, 2], [1, 2])  # NaN: it never crosses
