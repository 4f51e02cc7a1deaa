"""What the README tells a reader to type works, and what it points at is there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from docs.console import ROOT

import loopsim
from loopsim import cli
from loopsim.city import commands
from loopsim.study import store
from loopsim.study.answers import answers
from loopsim.study.answers import words as say
from loopsim.study.compose import compose

README = (ROOT / "README.md").read_text("utf-8")
SMALL = ["replicates=1", "days=7", "refit_days=7", "measure_days=7", "threads=1"]
IN_CI = ("pip install", "pytest")  # .ci/run does these on a bare machine


def blocks(language: str) -> list[str]:
    return [
        body for name, body in re.findall(r"^```(\w*)\n(.*?)^```$", README, re.M | re.S) if name == language
    ]


def lines() -> list[str]:
    """Every command of the README, without comments and pictures."""
    joined = "\n".join(b for b in (*blocks(""), *blocks("console")) if "──>" not in b).replace("\\\n", " ")
    found = [re.sub(r"\s+#.*", "", line).removeprefix("$ ").strip() for line in joined.splitlines()]
    return [part.strip() for line in found if line for part in line.split("&&")]


def words(line: str) -> list[str]:
    return shlex.split(line)[1:]


def is_run(line: str) -> bool:
    return line.startswith("loopsim") and (
        not words(line) or words(line)[0] == "run" or "=" in words(line)[0]
    )


def needs_a_file(line: str) -> bool:
    return any(word.startswith("city.file=") for word in words(line))


RUNS = [line for line in lines() if is_run(line)]
OTHERS = [line for line in lines() if not is_run(line)]
SAFE = ("loopsim list", "loopsim show", "loopsim register")
WRITES = ("loopsim explore", "loopsim lesson", "loopsim sweep", "loopsim report", "loopsim chart")


@pytest.fixture
def nothing_drawn(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(store, "_show", lambda result, folder: None)
    return tmp_path


def test_there_is_something_to_type():
    assert len(RUNS) >= 4 and len(OTHERS) >= 4
    assert not [line for line in lines() if not line.startswith(("loopsim", "python", *IN_CI))]


@pytest.mark.slow
@pytest.mark.parametrize("line", [line for line in RUNS if not needs_a_file(line)])
def test_every_run_of_the_readme_runs(line, nothing_drawn):
    asked = [w for w in words(line) if w != "run"]
    compose(asked)
    out = [] if any(w.startswith("out=") for w in asked) else ["out=here"]
    assert cli.main(["run", "--quiet", *asked, *SMALL, *out]) == 0
    assert list(nothing_drawn.rglob("summary.csv"))


@pytest.mark.parametrize("line", [line for line in RUNS if needs_a_file(line)])
def test_a_run_with_a_city_file_lacks_nothing_but_the_file(line, nothing_drawn, capsys):
    assert cli.main(["run", *(w for w in words(line) if w != "run")]) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1 and "no such city file" in said[0]


@pytest.mark.parametrize("line", [line for line in OTHERS if line.startswith("loopsim")])
def test_every_other_command_is_one_that_loopsim_knows(line, nothing_drawn, capsys):
    verb, *rest = words(line)
    assert verb in cli.verbs()
    if line.startswith(SAFE):
        assert cli.main([verb, *rest]) == 0
        assert capsys.readouterr().out
    elif line.startswith("loopsim city import"):
        parser = cli.Parser(prog="import")
        commands.import_arguments(parser)
        assert parser.parse_args(rest[1:]).out.endswith(".nc")
    else:
        assert line.startswith(WRITES)


@pytest.mark.slow
def test_the_python_of_the_readme_runs(nothing_drawn, monkeypatch):
    real = loopsim.run

    def small(*args, overrides=(), **kwargs):
        return real(*args, overrides=[*overrides, *SMALL], **kwargs)

    monkeypatch.setattr(loopsim, "run", small)
    for block in blocks("python"):
        exec(compile(block, "README.md", "exec"), {})
    assert list(Path().rglob("manifest.json"))


def test_every_file_that_the_readme_names_is_there():
    named = re.findall(r"`((?:\w+/[\w./-]+|[A-Z]+)\.(?:md|cff|yaml|py))`", README)
    named += [link for link in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in link]
    assert named
    missing = [name for name in named if not (ROOT / name).exists()]
    assert not missing


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda p: p.stem)
def test_links_between_the_pages_of_the_documentation_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8"))
    assert not [link for link in links if "://" not in link and not (page.parent / link).exists()]


def test_the_numbers_of_the_readme_are_those_of_the_answers():
    """Typed by hand, so held against the tables that the experiments wrote."""
    kept = ROOT / "results/gallery/answers"
    arms, cities = (answers.read(kept / f"{name}.csv") for name in ("counter_examples", "segregation"))
    loop, proportional, reports = (say.pick(arms, arm=a) for a in ("loop", "proportional", "reports_only"))
    wanted = [say.times(find(loop, measure="patrol_disparity")) for find in (say.first, say.last)]
    wanted += [say.times(say.last(loop, measure="compounding"))]
    wanted += [say.times(find(proportional, measure="patrol_disparity")) for find in (say.first, say.last)]
    wanted += [say.times(find(reports, measure="patrol_disparity")) for find in (say.first, say.last)]
    wanted += [say.times(say.last(cities, arm=a, measure="compounding")) for a in ("apart_20", "apart_80")]
    text = " ".join(README.split())  # a number may be broken over two lines
    assert [number for number in wanted if number not in text] == []
    assert f"{loop[0].replicates} futures" in README and f"{cities[0].replicates} cities" in README


def test_every_page_of_the_documentation_is_linked_from_the_readme():
    pages = [p.relative_to(ROOT).as_posix() for p in (ROOT / "docs").rglob("*.md")]
    assert not [page for page in pages if page not in README]
