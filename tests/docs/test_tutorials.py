"""Every command of the tutorials works, in order, as written."""

from __future__ import annotations

import pytest
from docs.console import ROOT, Reader, commands, steps

TUTORIALS = sorted((ROOT / "docs" / "tutorials").glob("*.md"))
HOW_TO = [
    page for page in sorted((ROOT / "docs" / "howto").glob("*.md")) if "```console" in page.read_text("utf-8")
]
NEEDS = {"bring_your_own_city": "geopandas", "add_a_predictor": "hatchling"}


@pytest.mark.slow
@pytest.mark.parametrize("page", [*TUTORIALS, *HOW_TO], ids=lambda page: page.stem)
def test_a_reader_can_do_what_a_tutorial_says(page, tmp_path):
    if page.stem in NEEDS:
        pytest.importorskip(NEEDS[page.stem])
    reader, found = Reader(tmp_path), steps(page.read_text("utf-8"))
    assert any("loopsim" in step.command for step in found)
    for step in found:
        reader.do(step)


def test_the_five_tutorials_are_there():
    assert {page.stem for page in TUTORIALS} >= {
        "first_run", "read_a_result", "sweep_in_ten_minutes", "bring_your_own_city", "add_a_predictor",
    }  # fmt: skip


def test_a_promise_that_is_not_kept_is_noticed(tmp_path):
    reader = Reader(tmp_path)
    reader.do(commands("$ echo one two\none two\n")[0])
    reader.do(commands("$ echo one two\none ...\n")[0])
    with pytest.raises(AssertionError, match="'three' was promised"):
        reader.do(commands("$ echo one two\nthree\n")[0])
    with pytest.raises(AssertionError):
        reader.do(commands("$ false\n")[0])
    with pytest.raises(AssertionError):
        reader.do(commands("$ true\nloopsim: refused\n")[0])


def test_files_and_commands_are_read_in_order():
    page = "```yaml file=a/b.yaml\nx: 1\n```\ntext\n```console\n$ cat \\\n    a/b.yaml\nx: 1\n$ ls\n```\n```\nnothing\n```\n"
    found = [(s.name, s.command, s.promised) for s in steps(page)]
    assert found == [("a/b.yaml", "", []), ("", "cat      a/b.yaml", ["x: 1"]), ("", "ls", [])]
