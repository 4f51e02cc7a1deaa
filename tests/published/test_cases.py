"""The cases that bring something of their own: Oakland's file, D'Amour's sites, Gowder's quadrants."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
import pytest

from loopsim import cli
from loopsim.limits import Refused
from loopsim.philox import Dice
from loopsim.validation import attention, oakland, quadrants
from loopsim.validation.case import Size, load

BOXES = 30


def a_file(folder, *, columns=("bin", "OCCURRED"), last=date(2011, 12, 31), bad=None):
    """Drug crimes of that format: one box in three is busy, and one line has no box."""
    rng = np.random.default_rng(7)
    folder.mkdir(exist_ok=True)
    with (folder / oakland.FILE).open("w", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(columns)
        day = date(2010, 6, 1)
        while day <= last:
            for box in rng.choice(BOXES, 3, p=np.r_[np.full(10, 0.08), np.full(20, 0.01)]):
                lines.writerow((box + 1, f"{day:%m/%d/%y}"))
            day += timedelta(1)
        lines.writerow(("NA", "01/01/11"))
        lines.writerow(bad or (BOXES, "01/02/11"))
    return folder


@pytest.fixture(scope="module")
def given():
    """Lum and Isaac's settings, for two months and three boxes a day."""
    return {**load("lum_isaac_2016").given, "last": "2011-02-28", "boxes": 3}


def test_oaklands_files_are_read_day_by_day_and_flags_follow_the_records(tmp_path, given):
    days, bins, lines = oakland._read(a_file(tmp_path / "files"))
    assert lines == len(days) + 1 and bins.max() == BOXES
    counts = np.zeros((oakland._day("2011-02-28") - oakland._day("2010-07-01") + 1, BOXES), np.int64)
    first = oakland._day("2010-07-01")
    inside = (days >= first) & (days < first + len(counts))
    np.add.at(counts, (days[inside] - first, bins[inside] - 1), 1)
    flagged = oakland._year(given, counts, 0.0)
    assert flagged.shape == (len(counts) - 180, BOXES) and (flagged.sum(axis=1) == 3).all()
    assert flagged[:, :10].sum() > 0.95 * flagged.sum()  # the busy boxes
    caught = oakland._caught(flagged, counts[180:])
    assert 0.2 < caught < 0.4  # 3 of 10 boxes that hold 80 % of crimes
    fed = oakland._year(given, counts, 1.0)
    assert oakland._half(fed) <= oakland._half(flagged) and oakland._distinct(fed) <= oakland._distinct(
        flagged
    )


def test_a_future_crime_does_not_move_todays_boxes(tmp_path, given):
    rng = np.random.default_rng(3)
    counts = rng.poisson(0.2, (200, BOXES))
    other = counts.copy()
    other[190:] += 5
    flags = [oakland._year(given, c, 0.2) for c in (counts, other)]
    assert (flags[0][:11] == flags[1][:11]).all() and (flags[0][12:] != flags[1][12:]).any()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (dict(columns=("box", "when")), "must have the columns bin and OCCURRED"),
        (dict(last=date(2011, 3, 1)), "must hold crimes of 2010-07-01 to 2011-12-30"),
        (dict(bad=("7", "2011-01-02")), "dates mm/dd/yy"),
        (dict(bad=("seven", "01/02/11")), "must have whole boxes"),
        (dict(bad=("0", "01/02/11")), "must number its boxes from 1"),
    ],
)
def test_a_file_of_another_kind_is_refused_in_one_line(tmp_path, change, words):
    with pytest.raises(Refused, match=words):
        load("lum_isaac_2016").measure(Size(data=a_file(tmp_path / "files", **change)))


def test_without_oaklands_files_the_case_is_left_out_and_says_what_it_needs(tmp_path, capsys):
    out = str(tmp_path / "out")
    assert cli.main(["validate", "lum_isaac_2016", "--out", out]) == 0
    assert "drug_crimes_with_bins.csv" in capsys.readouterr().out
    (tmp_path / "empty").mkdir()
    assert cli.main(["validate", "lum_isaac_2016", "--out", out, "--data", str(tmp_path / "empty")]) == 2
    assert "--data must hold drug_crimes_with_bins.csv" in capsys.readouterr().err


def test_a_unit_finds_one_incident_and_the_rate_drifts_with_attention():
    class Page:
        count, day, cell, times = np.zeros(1, int), *(np.zeros((1, 9), int) for _ in range(3))
        kind, patrol = np.zeros((1, 9), int), np.zeros((1, 9))

    class Kinds:
        index = staticmethod(lambda channel, type_: 1)

    sites = attention.Sites([5.0, 5.0, 0.0], 0.5, Kinds, 1)
    truth = sites(np.array([[[2.0, 0.0, 1.0]]]), None, Page)
    assert truth.tally[0, 0].tolist() == [min(2, truth.offences[0, 0]), 0, 0]
    assert sites.rates.tolist() == [
        [4.0, 5.5, 0.0]
    ]  # less by d a unit, more where nobody looks, never below 0
    assert Page.cell[0, :3].tolist() == [0, 1, 2] and Page.times[0, :3].tolist() == truth.tally[0, 0].tolist()


def test_the_rate_of_finds_that_were_cut_off_is_found_again():
    rng = np.random.default_rng(1)
    rates, sent = np.array([1.0, 3.0, 8.0]), rng.integers(0, 7, (4000, 1, 3))
    found = np.minimum(rng.poisson(rates, sent.shape), sent)
    assert np.allclose(attention.fitted(found, sent)[0], rates, rtol=0.06)
    whole = np.full_like(sent, 6)
    assert attention.fitted(whole // 3, whole)[0].tolist() == [2.0, 2.0, 2.0]  # nothing cut off: the mean
    assert attention.fitted(0 * sent, 0 * sent).max() == 0  # nobody ever looked


def test_four_quadrants_follow_the_rules_as_described():
    """Against the rules played in NumPy: busts ratio of 32 games at bias .4, everybody an offender."""
    given, cities = {**load("gowder_2018").given, "who": "all"}, quadrants._cities(4)
    ours = quadrants._alike(given, 0.4, cities, 8)
    rng, theirs = np.random.default_rng(5), []
    for black in np.repeat(cities, 8, axis=0):
        busts = np.zeros((4, 2))
        for _ in range(200):
            total = busts.sum()
            officers = 3 + (24 * busts.sum(axis=1) / total).astype(int) if total else np.full(4, 9)
            met = rng.hypergeometric(black, 36 - black, officers)
            busts += np.column_stack([rng.binomial(met, 0.9), rng.binomial(officers - met, 0.5)])
        theirs.append(busts[:, 0].sum() / busts[:, 1].sum())
    assert ours.mean() == pytest.approx(np.mean(theirs), abs=0.05)
    assert ours.std() == pytest.approx(np.std(theirs), abs=0.03)


def test_the_greedy_rule_sends_units_where_the_chance_of_a_find_more_falls_least():
    # P(N >= 1) - P(N >= 2) = P(N = 1) and so on: .0067 and .034 at rate 5, .37 at rate 1, so both go to rate 5
    dice = Dice(1, np.arange(400, dtype=np.uint32))
    now, risk = SimpleNamespace(day=3, dice=dice), np.tile([5.0, 1.0], (400, 1))
    plan = attention.Greedy(budget=2.0, epsilon=0.0)(risk, now)
    assert plan.shape == (400, 1, 2) and (plan[:, 0] == [2, 0]).all()
    by_lot = attention.Greedy(budget=2.0, epsilon=1.0)(risk, now)[:, 0]
    assert (by_lot.sum(axis=1) == 2).all() and abs(by_lot[:, 0].mean() - 1.0) < 0.15
    alike = attention.Greedy(budget=1.0, epsilon=0.0)(np.ones((400, 2)), now)[:, 0, 0]
    assert abs(alike.mean() - 0.5) < 0.1  # ties go by lot
