"""Does every experiment run as the Hydra program that it says it is?"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted((ROOT / "experiments").glob("*.py"))
SMALL = [
    "city.rows=12",
    "city.cols=12",
    "city.residents=1500",
    "history_days=60",
    "prediction.window_days=60",
]
SMALL += ["replicates=2", "days=84", "measure_days=28", "allocation.budget=20"]
FEWER = {
    "stop_the_loop": ["arms=[loop,{ban_day_30: ['remedy=ban','remedy.from_day=30']}]", "allocation.k=6"],
    "counter_examples": ["arms=[loop,{no_bias: ['bias.level=1']}]", "allocation.k=6"],
    "predictable_policing": ["allocation.k=6"],
    "channels": ["allocation.k=6"],
    "segregation": ["arms=[{apart_10: ['city.segregation=0.1']}]", "allocation.k=6"],
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


@pytest.mark.slow
def test_regimes_are_swept_beside_the_line_of_the_theory(tmp_path):
    lines = ["world.stop_rate=0.1", *SMALL]
    done = launch(ROOT / "experiments/regimes.py", tmp_path, *lines, "out=regimes")
    assert done.returncode == 0, done.stderr
    table = (tmp_path / "regimes/answers.csv").read_text().splitlines()
    assert table[0].startswith("allocation.gamma,arm,day")
    assert sum(",theory," in line for line in table) == 8


@pytest.mark.slow
def test_an_experiment_takes_hydras_multirun(tmp_path):
    script = ROOT / "experiments/counter_examples.py"
    done = launch(script, tmp_path, "-m", "bias.level=2,3", *SMALL, "arms=[loop]", "allocation.k=6")
    assert done.returncode == 0, done.stderr
    jobs = sorted(p.name for p in (tmp_path / "results/counter_examples").iterdir())
    assert jobs == ["0", "1"]


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
    assert (folder / "figures/dose_response.png").is_file()
    again = launch(ROOT / "experiments/dose_response.py", tmp_path, *SMALL, *lines)
    assert "6 of 6 points are finished already" in again.stderr


def test_a_curve_crosses_where_straight_lines_do():
    from loopsim.study.dose import first_zero

    assert first_zero([1, 2, 4], [-1, 1, 3]) == 1.5
    assert first_zero([1, 2, 4], [3, 0, -1]) == 2
    assert first_zero([1, 2, 4], [1, 1, 0]) == 4
    assert first_zero([1, 2], [1, 2]) != first_zero([1, 2], [1, 2])  # NaN: it never crosses
