"""Page: one file, nothing from outside, everything escaped, numbers of the table."""

from __future__ import annotations

import base64
import html
import json
import math
import re
import shutil
import zlib

import numpy as np
import pytest
import shown

from loopsim import Result, load
from loopsim.charts.paper import colour
from loopsim.charts.paper.facts import Facts
from loopsim.cli import main
from loopsim.limits import Refused
from loopsim.report import film, method, page
from loopsim.report.html import data, element


@pytest.fixture(scope="module")
def written():
    """The page that a run writes by itself."""
    return (shown.default() / "index.html").read_text("utf-8")


def test_a_run_writes_its_page_and_it_is_small_and_asks_for_nothing(written):
    assert len(written) < 2_000_000
    assert not re.search(r'(src|href|action)="(?!data:image/png|#)', written)
    assert "://" not in re.sub(r'"http://www.w3.org/2000/svg"', "", written)
    assert "@import" not in written and "url(" not in written


def test_the_headline_is_the_number_of_the_table(written):
    last = Facts.of(Result.load(shown.default())).last("loop", "patrol_disparity", "orange/blue")
    head = re.search(r'<p class="headline">(.*?)</p>', written, re.S)[1]
    for value in (last.mean, last.lo, last.hi):
        assert f"{math.exp(value):.2f}" in head


def test_every_chart_has_alternative_text_caption_and_table(written):
    figures = re.findall(r'<figure id="chart-(\w+)">(.*?)</figure>', written, re.S)
    assert len(figures) >= 8
    for name, body in figures:
        alt = re.search(r'<img[^>]* alt="([^"]+)"', body)
        assert alt and re.search(r"\d", html.unescape(alt[1])), name
        assert "<figcaption>" in body and '<th scope="col">' in body, name


def test_the_table_in_the_page_is_the_file(written):
    held = json.loads(re.search(r'id="csv">(.*?)</script>', written, re.S)[1])
    assert (
        zlib.decompress(base64.b64decode(held["deflated"])) == (shown.default() / "summary.csv").read_bytes()
    )


def test_the_film_in_the_page_is_that_of_the_maps(written):
    told = json.loads(re.search(r'id="film">(.*?)</script>', written, re.S)[1])
    maps = Result.load(shown.default()).maps()
    size = told["rows"] * told["cols"]
    name = told["arms"]["frozen"]["layers"]["recorded"]
    change = np.frombuffer(zlib.decompress(base64.b64decode(told["stacks"][name])), np.uint8).reshape(
        -1, size
    )
    shown_counts = np.cumsum(change, axis=0, dtype=np.uint8).reshape(-1, told["rows"], told["cols"])
    np.testing.assert_array_equal(shown_counts, maps["frozen_frame_recorded"])
    assert told["arms"]["frozen"]["layers"]["offences"] == "loop/offences"
    assert told["lines"]["orange/blue"]["loop"][0][0] == 0


def test_the_command_makes_the_same_config_again(written):
    from loopsim.study.compose import compose

    result = Result.load(shown.default())
    line = method.command(result, method.composed("twin_cities"))
    assert html.escape(line, quote=True) in written
    import shlex

    again = compose(shlex.split(line)[2:]).shared
    own = {k: v for k, v in result.config.items() if k != "arms"}
    assert {k: again[k] for k in own} == own


def test_a_string_of_the_config_is_never_code(tmp_path):
    evil = "</script><script>window.hacked=1</script><img src=x onerror=window.hacked=1>"
    run = shown.altered(
        shown.default(), tmp_path / "evil", lambda m: m.update(title=evil, notes=[evil], scenario=evil)
    )
    text = page.write(run).read_text("utf-8")
    assert "<script>window" not in text and "<img src=x" not in text
    assert html.escape(evil, quote=True) in text
    assert "</script" not in data("x", {"a": evil}).html[:-9]
    assert element("p", evil, title='"><b>').html.count("<") == 2


def test_a_page_replaces_another_whole_or_not_at_all(tmp_path, monkeypatch):
    target = tmp_path / "page.html"
    target.write_text("before")
    monkeypatch.setattr(
        page.os, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device"))
    )
    with pytest.raises(Refused, match="No space left"):
        page.write(shown.default(), target)
    assert target.read_text() == "before" and [p.name for p in tmp_path.iterdir()] == ["page.html"]


def test_a_result_without_maps_still_has_a_page(tmp_path):
    run = tmp_path / "bare"
    shutil.copytree(shown.default(), run)
    (run / "maps.nc").unlink()
    text = page.write(run).read_text("utf-8")
    assert "the explorer needs one" in text and 'id="chart-compounding"' in text


def test_a_chart_that_fails_does_not_cost_the_numbers(tmp_path, monkeypatch):
    from loopsim.charts import compounding

    monkeypatch.setattr(compounding, "draw", lambda result: 1 / 0)
    run = shown.folder("replicates=2", "arms=[loop]", "seed=9", name="failing")
    result = Result.load(run)
    assert (run / "metrics.csv").is_file() and any(
        "ZeroDivisionError" in note for note in result.manifest["notes"]
    )


@pytest.mark.parametrize(("side", "blocks"), [(5, 5), (130, 65)])
def test_tiny_and_large_cities_have_a_readable_page(side, blocks):
    run = shown.folder(
        f"city.rows={side}", f"city.cols={side}", f"city.residents={max(600, side * side)}", "arms=[loop]",
        "days=14", "allocation.k=3", "replicates=2", "city.segregation=0.3", name=f"side{side}",
    )  # fmt: skip
    told = json.loads(
        re.search(r'id="film">(.*?)</script>', (run / "index.html").read_text("utf-8"), re.S)[1]
    )
    assert (told["rows"], told["cols"]) == (blocks, blocks)
    assert not load(run).manifest["notes"]


def test_a_page_of_many_arms_stays_small_and_says_what_it_left_out(tmp_path, monkeypatch):
    monkeypatch.setattr(film, "BUDGET", 1)
    text = page.write(shown.default(), tmp_path / "p.html").read_text("utf-8")
    assert list(json.loads(re.search(r'id="film">(.*?)</script>', text, re.S)[1])["arms"]) == ["loop"]
    assert "the film holds 1 of 4 arms" in text


def test_maps_of_people_have_the_colour_of_their_group():
    run = shown.folder(
        "city.groups={blue: 0.4, orange: 0.2, violet: 0.4}", "arms=[loop]", "days=28", name="three"
    )
    result = Result.load(run)
    told = json.loads(
        re.search(r'id="film">(.*?)</script>', (run / "index.html").read_text("utf-8"), re.S)[1]
    )
    group = Facts.of(result).pair.split("/")[0]
    assert told["group"] == group
    assert told["shares"][1] == colour.of_group(group, result.groups).lower()


def test_frames_pack_and_count_up():
    stack = np.random.default_rng(3).integers(0, 255, (4, 6)).astype(np.uint8)
    change = np.frombuffer(zlib.decompress(base64.b64decode(film.pack(stack))), np.uint8).reshape(4, 6)
    np.testing.assert_array_equal(np.cumsum(change, axis=0, dtype=np.uint8), stack)


def test_the_report_verb_writes_where_it_is_told(tmp_path, capsys):
    assert main(["report", str(shown.default()), "--out", str(tmp_path / "p.html")]) == 0
    assert "p.html" in capsys.readouterr().out
    assert main(["report", str(tmp_path)]) == 2
    assert "not a loopsim result" in capsys.readouterr().err
