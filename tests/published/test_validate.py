"""Do published results return? The quick form of each case gives the outcome that its file records."""

from __future__ import annotations

import csv
import json
import re

import numpy as np
import pytest

from loopsim import cli
from loopsim.limits import Refused
from loopsim.study.config.catalogue import shipped
from loopsim.validation import page
from loopsim.validation.case import VERDICTS, Case, Row, Size, load, names
from loopsim.validation.judge import Finding, judged, spread

QUICK = Size(quick=True)
FREE = [name for name in names() if not load(name).needs]


@pytest.mark.slow
@pytest.mark.parametrize("name", FREE)
def test_a_case_has_the_outcome_that_its_file_records(name):
    """Few replicates widen intervals: a row may be undecided, but no pass may fail, and what is
    recorded as a failure must lie outside the tolerance even where the wider interval meets it."""
    case = load(name)
    for finding in judged(case, case.measure(QUICK)):
        row = finding.row
        if row.expect == "undecided":
            continue
        if row.expect == "fail" and finding.verdict != "fail":
            assert abs(finding.ours - row.published) > row.tolerance, finding.line()
        else:
            assert finding.verdict in (row.expect, "undecided"), finding.line()


def a_finding(ours, lo, hi, published=1.0, tolerance=0.1, **row):
    row = Row(name="r", what="w", mark="[run]", published=published, tolerance=tolerance, **row)
    case = Case(name="c", title="t", how="urn", source="s", about="a", composed="b", rows=(row,))
    return Finding(case=case, row=row, ours=ours, lo=lo, hi=hi)


@pytest.mark.parametrize(
    ("finding", "verdict"),
    [
        (a_finding(1.05, 1.0, 1.1), "pass"),
        (a_finding(1.2, 1.08, 1.3), "undecided"),  # outside, and the interval meets the band
        (a_finding(1.09, 0.9, 1.3), "pass"),
        (a_finding(1.2, 1.15, 1.25), "fail"),
        (a_finding(0.5, 0.4, 0.89), "fail"),
        (a_finding(1.0, 0.2, 1.8), "undecided"),  # so wide that it would meet almost anything
        (a_finding(1.0, 0.9, 1.1, published=None), "finding"),
        (a_finding(np.nan, np.nan, np.nan), "not composed"),
    ],
)
def test_the_verdict_follows_from_interval_and_tolerance(finding, verdict):
    assert finding.verdict == verdict


def test_only_a_result_that_must_return_breaks_the_command():
    assert a_finding(2, 2, 2, must=True).broken
    assert not a_finding(2, 2, 2).broken and not a_finding(1, 1, 1, must=True).broken
    assert not a_finding(1.2, 1.0, 1.4, must=True).broken  # undecided


def test_a_row_that_was_not_measured_is_not_composed():
    case = load("southend_2020")
    assert {f.verdict for f in judged(case, {})} == {"not composed"}


def test_the_spread_of_known_values():
    values = np.random.default_rng(1).normal(0, 2, 4000)
    found, low, high = spread(values)
    assert found == pytest.approx(values.std()) and low < 2 < high and high - low < 0.2


@pytest.mark.parametrize("name", names())
def test_every_number_of_a_case_says_where_it_comes_from(name):
    text = (shipped() / "validate" / f"{name}.yaml").read_text("utf-8")
    assert text.startswith("# ") and len(text.split("\n")[0]) > 20
    text = re.sub(r"^about: >-\n(  .*\n)+", "", text, flags=re.M)
    words = r"^\s*(what|mark|source|reason|composed|title):"
    bare = [x for x in text.splitlines() if re.search(r"(: |\[)-?[\d.]", x) and not re.search(words, x)]
    bare = [line for line in bare if "#" not in line]
    assert bare == []
    for row in load(name).rows:
        assert (
            row.mark.startswith("[")
            and (row.expect in VERDICTS)
            and (row.expect not in ("fail", "undecided") or row.reason)
        )


def test_the_command_writes_table_manifest_figures_and_page(tmp_path, capsys):
    out = tmp_path / "out"
    argv = ["validate", "southend_2020", "--quick", "--out", str(out), "--page", str(tmp_path / "page.md")]
    assert cli.main(argv) == 0
    with open(out / "validate.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {r["verdict"] for r in rows} == {"pass"} and rows[0]["published"] == "720"
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert manifest["verdicts"] == {"pass": 6} and manifest["changed"] == []
    assert {p.suffix for p in (out / "figures").iterdir()} == {".png", ".svg"}
    assert "| 720 |" in (tmp_path / "page.md").read_text("utf-8")
    assert "treatment" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["validate", "ensign"], "did you mean ensign_2018"),
        (["validate", "--data", "nowhere"], "--data must be a folder"),
        (["validate", "southend_2020", "--quick", "--out", __file__], "--out must be a folder"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line(argv, words, capsys):
    assert cli.main(argv) == 2
    said = capsys.readouterr().err
    assert words in said and said.count("\n") == 1


def test_a_folder_with_other_files_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    from loopsim.validation.run import run

    with pytest.raises(Refused, match="--out must be new"):
        run(["southend_2020"], size=QUICK, out=tmp_path)


def test_a_failed_row_says_why_on_the_page(tmp_path):
    text = page.write([a_finding(2, 2, 2, reason="because")], tmp_path / "p.md").read_text("utf-8")
    assert "**fail**: because" in text and "1 fail" in text
