"""The gallery: every scenario composes, says what it is and runs, small, to a finite result."""

from __future__ import annotations

import math
import threading

import numpy as np
import pytest
import yaml

import loopsim
from loopsim.limits import Refused
from loopsim.study import run as runner
from loopsim.study.compose import chosen, compose
from loopsim.study.config import catalogue
from loopsim.study.result import Result

PLACES = catalogue.folders()
FILES = catalogue.options("scenario", PLACES)
TINY = ["city.rows=46", "city.cols=46", "city.residents=3000", "replicates=2", "allocation.budget=60"]
PROMISED = ("patrol_disparity", "patrol_share", "patrol_exposure", "true_rate")


def read(name):
    return yaml.safe_load(FILES[name].read_text("utf-8"))


def needs_a_file(name):
    return chosen({"scenario": name}, PLACES)[1]["city"] == "imported"


def setups(name, *lines):
    return compose(lines, scenario=name).setups


def in_memory(study):
    """The result of a study, nothing written and no picture drawn."""
    cities = runner.build_cities(study)
    seen, _ = runner.observe_chunk(study, cities, np.arange(2, dtype=np.uint32), threading.Event())
    return Result.from_observations(study, seen, cities)


@pytest.mark.parametrize("name", FILES)
def test_a_scenario_says_what_it_is_where_it_comes_from_and_what_to_expect(name):
    found = read(name)
    assert FILES[name].read_text("utf-8").startswith("# @package _global_\n# ")
    assert 5 < len(catalogue.described("scenario", PLACES)[name]) <= 110
    assert found["title"] and len(found["title"]) <= 70
    assert len(found["about"].split()) > 25 and "\n" not in found["about"].strip()
    assert found["sources"] and len(found["expected"].split()) > 10


@pytest.mark.parametrize("name", [name for name in FILES if not needs_a_file(name)])
def test_a_scenario_runs_small_and_its_disparities_are_numbers(name):
    arms = setups(name)
    refit = max(setup.run.refit_days for setup in arms.values())
    reform = max(getattr(setup.remedy, "from_day", 0) for setup in arms.values())
    days = max(2 * refit, reform + refit, 14)
    result = in_memory(compose([*TINY, f"days={days}", f"measure_days={math.ceil(days / 2)}"], scenario=name))
    assert set(result.arms) == set(arms)
    rows = [row for row in result.summary_rows if row[2] in PROMISED]
    assert {row[0] for row in rows} == set(arms)
    assert all(math.isfinite(row[4]) for row in rows)


@pytest.mark.parametrize("name", [name for name in FILES if needs_a_file(name)])
def test_a_scenario_of_a_real_town_without_its_file_says_what_to_set(name):
    with pytest.raises(Refused, match=r"set city\.file"):
        loopsim.run(scenario=name)


def test_a_scenario_without_a_comment_is_listed_by_its_title_or_the_start_of_its_story(tmp_path):
    (tmp_path / "scenario").mkdir()
    for name, text in {
        "a": "title: A town\nabout: Long.",
        "b": "about: First part. More.",
        "c": "days: 7",
    }.items():
        (tmp_path / "scenario" / f"{name}.yaml").write_text(f"# @package _global_\n{text}\n", "utf-8")
    listed = catalogue.described("scenario", catalogue.folders([tmp_path]))
    assert [listed[name] for name in "abc"] == ["A town", "First part.", ""]
    assert compose(["scenario=c"], config_dirs=[tmp_path]).title == "c"
    assert compose(["scenario=a"], config_dirs=[tmp_path]).title == "A town"


def test_southend_draws_eight_of_twenty_spots_and_weighs_three_kinds_of_harm():
    arms = setups("southend_grip")
    loop, without = arms["loop"], arms["without_drugs"]
    assert (loop.allocator.m, loop.allocator.k, loop.run.refit_days) == (8, 20, 90)
    weighs = {t for (_, t, _), w in zip(loop.world.kinds.table, loop.shown.per_kind(loop.world.kinds)) if w}
    assert weighs == {"violence_with_injury", "robbery", "drug_trafficking"}
    less = without.shown.per_kind(loop.world.kinds)
    assert {t for (_, t, _), w in zip(loop.world.kinds.table, less) if w} == weighs - {"drug_trafficking"}


def test_predpol_is_daily_and_laser_remembers_six_years():
    assert setups("kent_predpol")["loop"].run.refit_days == 1
    assert setups("oakland_predpol")["loop"].run.refit_days == 1
    laser = setups("laser_zones")["loop"]
    assert laser.run.history_days == laser.predictor.window_days == 2190


def test_reversed_bias_lies_below_one_and_reports_only_opens_the_loop():
    assert setups("reversed_bias")["loop"].bias.level < 1
    arms = setups("reports_only")
    assert [arms[name].names["remedy"] for name in arms] == [
        "nothing",
        "reports_only",
        "reports_only",
        "nothing",
    ]
    reforms = setups("ban_after_a_year")
    assert reforms["ban"].remedy.from_day == reforms["reports_from_then"].remedy.from_day == 365
    assert reforms["reports_from_then"].after.names["remedy"] == "reports_only"
