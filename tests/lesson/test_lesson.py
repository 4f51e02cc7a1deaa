"""A lesson: five pages, notes and a worksheet, written whole or not at all."""

from __future__ import annotations

import html
import json
import re

import pytest

from loopsim import charts
from loopsim.cli import main
from loopsim.lesson import folder, handout
from loopsim.lesson.findings import Findings
from loopsim.lesson.scenes import SCENES
from loopsim.limits import Refused
from loopsim.study import store
from loopsim.study.compose import compose
from loopsim.study.result import Result

TINY = ("city.rows=14", "city.cols=14", "city.residents=1500", "allocation.budget=20", "replicates=3", "refit_days=28",
        "history_days=84", "prediction.window_days=84", "threads=1")  # fmt: skip


@pytest.fixture(scope="module")
def lesson(tmp_path_factory):
    """(folder, results by scene) of a tiny lesson with blank pages."""
    results, target = {}, tmp_path_factory.mktemp("lesson") / "out"

    def page(result_folder, file):
        assert Result.load(result_folder).summary_rows
        file.write_text("a page")

    def fill(new):
        results.update(handout.fill(new, TINY, write_page=page, tell=lambda line: None))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "_show", lambda result, folder: None)
        folder.write(target, fill)
    return target, results


def test_the_folder_holds_five_pages_and_three_sheets(lesson):
    names = sorted(p.name for p in lesson[0].iterdir())
    assert names == sorted([*(s.file for s in SCENES), *handout.SHEETS, folder.MARK])
    assert len(SCENES) == 5


def test_the_index_leads_to_every_page(lesson):
    links = re.findall(r'href="([^"]+)"', (lesson[0] / "index.html").read_text("utf-8"))
    assert set(links) == {*(s.file for s in SCENES), "worksheet.html", "teacher_notes.html"}
    assert all((lesson[0] / link).is_file() for link in links)


def test_the_answers_cite_the_numbers_of_the_runs(lesson):
    notes = html.unescape((lesson[0] / "teacher_notes.html").read_text("utf-8"))
    told = handout.numbers(lesson[1])
    assert not [name for name, phrase in told.items() if phrase not in notes]
    fair = Findings(lesson[1][SCENES[0].name]).found("loop", "true_rate", "orange")
    assert f"orange {fair[0]:.0f} (95 % interval {fair[1]:.0f} to {fair[2]:.0f})" in notes


def test_no_number_of_an_answer_is_typed():
    template = handout._text("teacher_notes.html")
    answers = " ".join(re.findall(r"<dd>(.*?)</dd>", template, re.DOTALL))
    assert "$" in answers
    assert not re.search(r"\d", answers.replace("per 1,000", ""))


def test_no_sheet_asks_the_network_for_anything(lesson):
    for sheet in handout.SHEETS:
        text = (lesson[0] / sheet).read_text("utf-8")
        assert not re.search(r"https?://|src=|@import|<script|<link", text)
        assert '<html lang="en-GB">' in text and "<main>" in text


def test_a_scene_can_be_made_again_from_what_the_lesson_says_of_it(lesson):
    origin = json.loads((lesson[0] / folder.MARK).read_text("utf-8"))
    assert list(origin) == [s.name for s in SCENES]
    assert {m["replicates"] for m in origin.values()} == {3}


def test_the_scenes_differ_as_their_words_say(tmp_path):
    fair, biased, more, reports, ban = (scene.study(tmp_path / scene.name).setups for scene in SCENES)
    usual = biased["loop"]
    assert fair["loop"].bias.level == 1
    assert {arms["loop"].bias.level for arms in (biased, more, reports, ban)} == {2}
    assert more["loop"].allocator.k == 4 * usual.allocator.k == 4 * more["fewer_hotspots"].allocator.k
    assert more["loop"].allocator.budget == usual.allocator.budget
    assert (reports["loop"].names["remedy"], reports["all_records"].names["remedy"]) == (
        "reports_only",
        "nothing",
    )
    assert ban["loop"].remedy.from_day == 364 and ban["no_ban"].names["remedy"] == "nothing"
    for name, arms in (("fewer_hotspots", more), ("all_records", reports), ("no_ban", ban)):
        assert arms[name].allocator == usual.allocator and arms[name].predictor == usual.predictor
    assert biased["loop"].bias.level == compose(scenario="twin_cities").setups["loop"].bias.level


def test_where_reports_follow_patrol_the_notes_do_not_claim_that_the_loop_is_cut(lesson):
    world = lesson[1][SCENES[3].name].config["world"]
    assert "no longer write" in handout._cut(world)
    assert handout._cut({**world, "patrol_raises_reporting": 0.25}).startswith("Not wholly")


def test_a_config_string_with_markup_is_inert():
    words = dict.fromkeys(re.findall(r"\$(\w+)", handout._text("index.html")), "<script>alert(1)</script>")
    assert "<script" not in handout.filled("index.html", words)


def test_a_failure_leaves_the_earlier_lesson_as_it_was(lesson, tmp_path):
    target = tmp_path / "lesson"
    folder.write(target, lambda new: (new / folder.MARK).write_text("first"))

    def fails(new):
        (new / "half").write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        folder.write(target, fails)
    assert (target / folder.MARK).read_text() == "first"
    assert [p.name for p in tmp_path.iterdir()] == ["lesson"]


def test_somebody_elses_folder_is_refused(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(Refused, match="--out must be new, empty or an earlier lesson"):
        folder.check(tmp_path)
    with pytest.raises(Refused, match="--out must be a folder"):
        folder.check(tmp_path / "mine.txt")


@pytest.mark.parametrize(
    "line", ["allocation.k=3", "bias.level=1", "remedy=nothing", "arms=[loop]", "days=7"]
)
def test_what_a_page_is_about_is_not_the_users_to_set(line):
    with pytest.raises(Refused, match=f"a lesson sets {line.split('=')[0]} itself; leave it out"):
        handout.fill(None, [line], write_page=print)


def test_a_wrong_value_is_refused_before_anything_runs(tmp_path):
    ran = []
    with pytest.raises(Refused, match="replicates"):
        folder.write(
            tmp_path / "new",
            lambda new: handout.fill(new, ["replicates=x"], write_page=ran.append, tell=ran.append),
        )
    assert not ran and not list(tmp_path.iterdir())


@pytest.mark.slow
def test_the_command_writes_pages_that_speak_of_what_their_title_says(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(charts, "drawable", lambda result: ["compounding"])
    assert main(["lesson", "--out", str(tmp_path / "lesson"), *TINY]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"Open {tmp_path / 'lesson' / 'index.html'}"
    for scene in SCENES:
        page = (tmp_path / "lesson" / scene.file).read_text("utf-8")
        assert scene.title in page and "The loop" in page
        assert not re.search(r"(?:src|href)=[\"']https?://", page)
