"""The printed result of a run: everything that a reader is promised, in 80 and in 60 columns."""

from __future__ import annotations

import math
import re

import pytest

from loopsim.measures.compounding import REGIMES
from loopsim.study import run as runner
from loopsim.study.compose import compose
from loopsim.study.words import _ratio, tell

SMALL = (
    "city.rows=10", "city.cols=10", "city.residents=4000", "days=400", "refit_days=28", "measure_days=200",
    "history_days=84", "prediction.window_days=84", "allocation.k=10", "allocation.budget=60", "world.stop_rate=0.1",
    "replicates=4",
)  # fmt: skip
NUMBER = r"[->< ]?\d+(?:\.\d+)?"
INTERVAL = rf"{NUMBER} \[{NUMBER}, {NUMBER}\]"


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    """Two years' worth of structure in a small city: three groups, four arms."""
    groups = "city.groups={blue: 0.6, orange: 0.3, green: 0.1}"
    return runner.run(compose([*SMALL, groups, f"out={tmp_path_factory.mktemp('words') / 'run'}"]))


@pytest.fixture(scope="module")
def told(result):
    return tell(result)


@pytest.mark.parametrize(
    "label",
    [
        "offences per 1,000 a year", "recorded crime per 1,000", "reported", "found by patrol", "found in a search",
        "stops, nothing found", "intelligence logs", "patrol-hours per head", "stops per 1,000 a year",
        "no further action, %", "share of patrol, %",
    ],
)  # fmt: skip
def test_every_rate_is_told_for_every_group_with_its_interval(result, label):
    wide = tell(result, width=120)
    (line,) = [line for line in wide.splitlines() if line.strip().startswith(label)]
    assert len(re.findall(INTERVAL, line)) == 3


def test_the_groups_stand_over_their_columns(result):
    header = next(line for line in tell(result, width=120).splitlines() if "orange" in line)
    assert header.split() == ["blue", "orange", "green"]


@pytest.mark.parametrize("pair", ["orange against blue", "green against blue"])
@pytest.mark.parametrize("when", ["legacy", "first plan", "day 168", "day 364", "last plan"])
def test_the_disparity_is_told_at_the_start_each_half_year_and_the_end(told, pair, when):
    part = told.split(f"Patrol per head, {pair}")[1].split("Patrol per head")[0]
    days = [line for line in part.splitlines() if re.search(INTERVAL, line)]
    if when.startswith("day"):
        near = [int(found[1]) for line in days if (found := re.match(r"\s+day (\d+)", line))]
        assert min(abs(day - int(when.split()[1])) for day in near) <= 28
    else:
        assert [line for line in days if line.strip().startswith(when)]


@pytest.mark.parametrize("fact", ["compounding, log: ", r"the feedback adds \(against frozen\): x ",
                                  r"the initial bias costs \(against clean_start\): x ",
                                  r"the model costs \(against no_model\): x ", "loop: grown x "])  # fmt: skip
def test_what_follows_is_told_with_its_interval(told, fact):
    assert len(re.findall(fact + INTERVAL, " ".join(told.split()))) == 2


def test_leverage_is_told_where_there_was_a_bias_and_said_to_be_undefined_elsewhere(told):
    assert (
        len(
            re.findall(
                rf"leverage, log of first plan by log of the bias as realised: ({INTERVAL}|not defined)",
                " ".join(told.split()),
            )
        )
        == 2
    )


def test_every_arm_gets_its_regime(told, result):
    flat = " ".join(told.split())
    for arm in result.arms:
        assert re.search(rf"{arm}: grown x [\d.-].*?({'|'.join(REGIMES)})", flat)


def test_it_begins_with_what_was_run_and_ends_with_what_it_cannot_say(told, result):
    lines = told.strip().splitlines()
    assert lines[0] == "twin_cities: 4 replicates, 400 days, seed 1"
    assert "95 % intervals in brackets." in lines[1]
    assert "measures no real police force" in " ".join(lines[-4:])
    assert str(result.path) in "".join(line.strip() for line in lines[-3:])


@pytest.mark.parametrize("width", [60, 72, 80, 120])
def test_no_line_is_wider_than_the_terminal_and_none_is_cut(result, width):
    result_path, result.path = result.path, None
    text = tell(result, width)
    result.path = result_path
    assert max(map(len, text.splitlines())) <= width
    assert "…" not in text and "nan" not in text.lower() and "\t" not in text
    assert not re.search(r"\binf\b", text)


def test_the_numbers_told_are_those_of_the_summary(told, result):
    table = result.summary()
    row = table[(table.arm == "loop") & (table.measure == "true_rate") & (table.group == "blue")].iloc[-1]
    assert f"{row['mean']:.1f} [{row.lo:.1f}, {row.hi:.1f}]" in told


def test_the_same_result_read_from_its_folder_tells_the_same(told, result):
    """But for the last digit: the files hold ten, which may round a half the other way."""
    from loopsim.study.result import Result

    again, number = tell(Result.load(result.path)), r"-?\d+\.\d+"
    assert re.sub(number, "#", again) == re.sub(number, "#", told)
    values = zip(re.findall(number, again), re.findall(number, told), strict=True)
    assert all(abs(float(a) - float(b)) < 0.11 for a, b in values)


def test_large_numbers_never_touch_the_column_before(result):
    rows = [
        (*row[:4], *(1e4 * v for v in row[4:7]), row[7]) if row[2] == "stop_rate" else row
        for row in result.summary_rows
    ]
    kept, result.summary_rows = result.summary_rows, rows
    text = tell(result, width=300)
    result.summary_rows = kept
    line = next(line for line in text.splitlines() if line.startswith("stops per 1,000"))
    assert len(re.findall(r"\]  +\d", line)) == 2


def test_a_ratio_beyond_a_hundredfold_is_told_as_such():
    """No disparity of 15,714: near an empty denominator its digits mean nothing."""
    assert _ratio((0.0, -9.0, 9.66)) == "1.00 [<0.01, >100]"
    assert _ratio((math.inf, math.nan, math.nan)) == ">100"
    assert _ratio((math.nan, math.nan, math.nan)) == "-"
