"""Is docs/answers.md what its generator writes from the tables that are committed, and does prose follow data?"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from loopsim.study.answers import answers
from loopsim.study.answers import page as answers_page
from loopsim.study.answers import words as say

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "results/gallery/answers"


def script(name):
    """An experiment as a module."""
    spec = importlib.util.spec_from_file_location(f"experiment_{name}", ROOT / f"experiments/{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


NAMES = list(script("answers").RUNS)


def the_page():
    scripts = {n: ((ROOT / f"experiments/{n}.py").read_text("utf-8"), script(n).told) for n in NAMES}
    return answers_page.page(scripts, KEPT, "../results/gallery/answers")


def test_the_committed_page_is_written_from_the_committed_tables():
    assert (ROOT / "docs/answers.md").read_text("utf-8") == the_page()


def test_every_answer_has_its_question_design_expectation_result_command_and_figure():
    for name, section in zip(NAMES, the_page().split("\n## ")[1:], strict=True):
        assert section.partition(". ")[2].startswith(name)
        for part in (
            "**Question.**",
            "**Design.**",
            "**Expected.**",
            "**Result.**",
            f"`python experiments/{name}.py",
        ):
            assert part in section
        assert (KEPT / f"{name}.png").stat().st_size < 100_000
        assert f"](../results/gallery/answers/{name}.png)" in section


def test_the_words_follow_the_interval_and_not_the_number():
    row = answers.Row("loop", 7, "compounding", "x/y", 0.5, 0.1, 0.9, 8, {})
    assert say.side(row) == "above"
    assert say.side(row._replace(lo=-0.1)) == "not settled"
    assert say.side(row._replace(lo=float("nan"), hi=float("nan"))) == "not settled"
    assert say.times(row._replace(mean=0.0, lo=0.0)) == "1.00× [1.00, 2.46]"
    assert say.plain(row._replace(mean=-0.001, lo=float("nan"))) == "0.00 [no limit, 0.90]"


def test_another_result_makes_another_verdict():
    """The same experiment with other numbers says something else."""
    told = script("counter_examples").told
    rows = [
        answers.Row("loop", day, measure, "x/y", mean, mean - 0.1, mean + 0.1, 8, {})
        for day, measure, mean in (
            (0, "patrol_disparity", 0.5),
            (7, "patrol_disparity", -0.5),
            (7, "compounding", -1.0),
        )
    ]
    about = {"verdict": {"loop": {"x/y": {"regime": "fades"}}}}
    assert "*fades*: `loop`" in told(rows, about)[0]
    assert "less in `loop`" in told(rows, about)[0]
    assert "more patrol per head in none" in told(rows, about)[0]


def test_an_answer_that_is_missing_is_said_in_a_line(tmp_path):
    from loopsim.limits import Refused

    with pytest.raises(Refused, match="has no answers of channels"):
        answers_page.page({"channels": ("", None)}, tmp_path, ".")
