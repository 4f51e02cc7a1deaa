"""The page of systems: words from the register, numbers from a run, nothing typed."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from loopsim.measures.compounding import REGIMES
from loopsim.study import register
from loopsim.study.answers import systems
from loopsim.study.compose import compose

PAGE = Path(__file__).parents[3] / "docs/systems.md"
NUMBER = re.compile(r"(-?\d+\.\d\d \[-?\d+\.\d\d, -?\d+\.\d\d\]|undefined)")


def rows_of(text):
    """Tables of a page as lists of rows of cells, without their heads."""
    rows = [
        [c.strip() for c in line.strip("|").split(" | ")] for line in text.splitlines() if line[:1] == "|"
    ]
    heads = [i for i, row in enumerate(rows) if set("".join(row)) == {"-"}]
    return [rows[i + 1 : (heads + [len(rows) + 1])[n + 1] - 1] for n, i in enumerate(heads)]


def a_result(arms):
    """A result with one invented interval for each arm."""
    found = [(a, 0, "leverage", "b/a", 1.234, -0.5, 2.0, 4) for a in arms]
    found += [(a, d, "compounding", "b/a", d / 100, 0.0, 1.0, 4) for a in arms for d in (0, 70)]
    return SimpleNamespace(
        arms=arms, groups=["a", "b"], summary_rows=found, verdict={a: {"b/a": {"regime": "fades"}} for a in arms},
        manifest={"scenario": "systems", "replicates": 4, "days": 70, "seed": 9},
    )  # fmt: skip


def test_an_arm_of_the_scenario_is_the_setting_of_its_entry():
    study = compose([], scenario="systems")
    expected = {name: tuple(register.entry(name)["setting"]) for name in systems.names()}
    arms = {name: lines for name, lines in study.arms.items() if name != systems.REFERENCE}
    assert arms == expected
    assert all(study.setups[name].names["prediction"] == name for name in expected)


def test_the_page_has_a_row_for_every_arm_with_its_last_interval():
    numbers, words = rows_of(systems.page(a_result(["grip", "rtm", "no_model"])))
    assert [row[0] for row in numbers] == [
        "Grip harm spots",
        "Risk terrain modelling (RTM, RTMDx)",
        numbers[2][0],
    ]
    assert numbers[0][3:] == ["1.23 [-0.50, 2.00]", "0.70 [0.00, 1.00]", "fades"]
    assert words == [systems.known("grip"), systems.known("rtm")]


def test_an_arm_without_leverage_is_undefined_not_a_number():
    result = a_result(["grip"])
    result.summary_rows = [row for row in result.summary_rows if row[2] != "leverage"]
    assert rows_of(systems.page(result))[0][0][3] == "undefined"


def test_a_bar_in_an_entry_does_not_break_the_table():
    assert systems.table(["a"], [["x | y"]]).splitlines()[2] == "| x \\| y |"


@pytest.mark.parametrize("name", systems.names())
def test_every_system_of_the_register_is_on_the_committed_page(name):
    numbers, words = rows_of(PAGE.read_text("utf-8"))
    (row,) = [row for row in numbers if row[:3] == systems.used(name)]
    assert NUMBER.fullmatch(row[3]) and NUMBER.fullmatch(row[4]) and row[5] in REGIMES
    assert systems.known(name) in words


def test_the_committed_page_is_what_the_generator_writes_around_its_numbers():
    text = PAGE.read_text("utf-8")
    run = re.search(r"^.*(Run: scenario `systems`, \d+ replicates, \d+ days, seed \d+, .*)$", text, re.M)[1]
    assert text.startswith(systems.HEAD.format(run=run))
    assert systems.MIDDLE in text and text.endswith(systems.FOOT)
    assert len(rows_of(text)[0]) == len(systems.names()) + 1
