"""The register: an entry for every system, and what it says about data is what the stage does."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import numpy as np
import pytest
from conftest import a_grid, a_ledger, a_now, write

from loopsim import cli
from loopsim.limits import Refused
from loopsim.records.kinds import CHANNELS
from loopsim.study import register, register_words
from loopsim.study.compose import compose
from loopsim.study.config import catalogue

NO_MODEL = {"population", "uniform", "legacy"}  # no system: patrol without a prediction
PREDICTORS = sorted(set(catalogue.options("prediction", catalogue.folders())) - NO_MODEL)
DAYS, MANY = 120, 500  # as many as a busy cell wrote in the 120 days: no map overlooks them
OTHERS = ("city.rows=6", "city.cols=8", "allocation.budget=48", "days=400", "arms=[loop]")


def setting_of(name):
    few = [line for line in register.entry(name)["setting"] if not line.startswith("allocation.k=")]
    few += [] if any(line == "allocation=proportional" for line in few) else ["allocation.k=20"]
    return compose([*OTHERS, "history_days=2190", *few]).setups["loop"]


def risk_after(setup, channel):
    """Risk on the morning after a day on which only one channel wrote, in one cell, of every type."""
    kinds, grid = setup.world.kinds, a_grid(12, 14)
    busy = np.where(np.isin(np.arange(grid.n), (30, 31, 44, 45, 120, 121)), 3.0, 0.01)
    ledger = a_ledger(grid, days=DAYS, rate=busy, kinds=kinds)
    wrote = np.repeat(np.flatnonzero(kinds.of_channel(channel)) if channel else [], MANY).astype(int)
    page = ledger.blank_page(ledger.today, 1, max(wrote.size, 1))
    for r in range(ledger.replicates):
        zero = np.zeros(wrote.size, int)
        write(page, r, day=zero, cell=zero + 68, kind=wrote, patrol=np.ones(wrote.size))
    ledger.add(page)
    now = a_now(grid, ledger, weights=setup.shown.per_kind(kinds))
    return setup.predictor(now.evidence, now)


@pytest.mark.parametrize("name", PREDICTORS)
def test_every_predictor_that_stands_for_a_system_has_an_entry(name):
    found = register.entry(name)
    assert found["name"] == name
    for field in ("title", "used_by", "purpose", "decisions", "assumes"):
        assert found[field]
    assert found["operated"]["words"] and found["operated"]["formulas"]
    assert register.of_config({"prediction": {"name": name}}) == found


@pytest.mark.parametrize("name", PREDICTORS)
def test_the_channels_an_entry_names_are_those_that_move_the_model(name):
    setup = setting_of(name)
    quiet = risk_after(setup, None)
    moved = {c for c in CHANNELS if not np.allclose(risk_after(setup, c), quiet, rtol=1e-9, atol=0)}
    named = {data["channel"] for data in register.entry(name)["data"]} - {register.PUBLIC}
    assert moved == named


def test_every_number_of_an_evaluation_has_a_source_that_was_read():
    for name in register.names():
        for evaluation in register.entry(name)["evaluations"]:
            assert evaluation["mark"] in register.MARKS and evaluation["source"]
    assert "M" not in register.MARKS  # from memory is no source


def test_systems_of_forces_come_before_generic_models():
    generic = [register.entry(name)["generic"] for name in register.names()]
    assert generic == sorted(generic)


def test_police_generated_data_are_named_in_the_order_of_the_ledger():
    assert register.police_generated(register.entry("laser")) == ["discovery", "search"]
    assert register.of_config({"prediction": {"name": "population"}}) is None


@pytest.mark.parametrize("width", [60, 80, 100])
def test_text_is_never_wider_than_the_terminal_but_for_the_command(width):
    for name in register.names():
        body, _, command = register_words.text(register.entry(name), width).partition("Run it")
        assert max(map(len, body.splitlines())) <= width
        assert "loopsim run" in command


def test_the_command_of_an_entry_is_its_setting():
    import shlex

    for name in register.names():
        found = register.entry(name)
        assert shlex.split(register_words.command(found).replace("\\\n", "")) == [
            "loopsim",
            "run",
            *found["setting"],
        ]


class Page(HTMLParser):
    """Tags, targets of links and words of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.links, self.ids, self.words = [], [], set(), ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [v for k, v in attrs if k in ("href", "src")]
        self.ids |= {f"#{v}" for k, v in attrs if k == "id"}

    def handle_data(self, data):
        self.words += data


def test_the_page_needs_nothing_from_outside_and_its_links_lead_somewhere():
    page = Page(register_words.page([register.entry(name) for name in register.names()]))
    assert set(page.links) <= page.ids and len(page.links) == len(register.names())
    assert not {"script", "img", "link", "iframe"} & set(page.tags)


def test_a_script_in_an_entry_is_words_on_the_page():
    found = register.entry("grip")
    found["title"] = found["purpose"] = found["data"][0]["what"] = "<script>alert(1)</script>"
    page = Page(register_words.page([found]))
    assert "script" not in page.tags and page.words.count("<script>alert(1)</script>") == 3


@pytest.fixture
def own(tmp_path):
    """Write an entry of the user's own and read it back."""

    def write_own(text):
        (tmp_path / "register").mkdir(exist_ok=True)
        (tmp_path / "register" / "mine.yaml").write_text(text, "utf-8")
        register._read.cache_clear()
        return register.entry("mine", (tmp_path,))

    return write_own


@pytest.mark.parametrize(
    "text, said",
    [
        ("title: T", "used_by is missing; set used_by"),
        ("- a list", "an entry is a mapping"),
        ("titel: T", "titel is unknown: did you mean title?"),
        ("data: [{what: calls, channel: raport, police_generated: false}]", "did you mean report"),
        ("data: [{what: stops, channel: stop, police_generated: false}]", "contradicts channel stop"),
        ("evaluations: [{finding: F, source: S, mark: M}]", "evaluations must hold"),
        ("a: [", "is no YAML"),
    ],
)
def test_an_entry_that_is_incomplete_or_contradicts_the_ledger_is_refused(own, text, said):
    with pytest.raises(Refused, match=said.replace("?", r"\?")):
        own(text)


def test_the_command_line_prints_one_entry_all_of_them_or_json(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    assert cli.main(["register", "grip"]) == 0
    one = capsys.readouterr().out
    assert one.startswith("grip: Grip harm spots") and "POLICE-GENERATED, discovery" in one
    assert cli.main(["register"]) == 0
    every = capsys.readouterr().out
    assert all(f"{name}: " in every for name in register.names())
    assert cli.main(["register", "rtm", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == register.entry("rtm")
    assert cli.main(["register", "--json"]) == 0
    assert [e["name"] for e in json.loads(capsys.readouterr().out)] == register.names()
    assert cli.main(["register", "--html"]) == 0
    assert capsys.readouterr().out.startswith("<!doctype html>")


def test_a_typo_gets_the_nearest_name_and_exit_code_2(capsys):
    assert cli.main(["register", "predpoll"]) == 2
    assert capsys.readouterr().err == "loopsim: no register entry predpoll: did you mean predpol?\n"
