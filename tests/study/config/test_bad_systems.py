"""Systems on bad input: refused in one line, or a stated fallback in the manifest; never NaN."""

from __future__ import annotations

import math
import threading

import numpy as np
import pytest
from conftest import a_grid, a_ledger, a_now

from loopsim import cli
from loopsim.prediction.predpol import Predpol
from loopsim.study import run as runner
from loopsim.study.compose import compose
from loopsim.study.config import catalogue
from loopsim.study.manifest import by_day
from loopsim.study.result import Result

PREDICTORS = sorted(catalogue.options("prediction", catalogue.folders()))
SMALL = [
    "city.rows=8", "city.cols=9", "city.residents=900", "history_days=2190", "days=28", "measure_days=14",
    "refit_days=14", "allocation.k=5", "allocation.budget=20", "arms=[loop]", "replicates=2",
]  # fmt: skip


def result_of(*lines):
    """The result of a tiny run, in memory, with the fallbacks that its stages noted."""
    study = compose([*SMALL, *lines])
    cities = runner.build_cities(study)
    seen, noted = runner.observe_chunk(study, cities, np.arange(2, dtype=np.uint32), threading.Event())
    return Result.from_observations(study, seen, cities, fallbacks=sorted(noted))


def all_finite(result):
    rows = [r for r in result.summary_rows if r[2] in ("patrol_disparity", "patrol_share", "patrol_exposure")]
    return bool(rows) and all(math.isfinite(row[4]) for row in rows)


@pytest.mark.parametrize("predictor", PREDICTORS)
def test_a_model_that_is_shown_no_records_still_sends_the_whole_budget_somewhere(predictor):
    result = result_of(f"prediction={predictor}", "evidence.weights={robbery:0}")
    assert all_finite(result)
    shares = [r[4] for r in result.summary_rows if r[2] == "patrol_share" and r[1] == 0]
    assert sum(shares) == pytest.approx(1.0)


@pytest.mark.parametrize("predictor", ["predpol", "sepp", "rtm"])
def test_what_a_fitted_model_does_without_records_is_in_the_manifest(predictor):
    noted = result_of(f"prediction={predictor}", "evidence.weights={robbery:0}").manifest["notes"]
    assert any(f"{predictor}: no records" in line for line in noted)


@pytest.mark.parametrize("predictor", PREDICTORS)
def test_a_city_of_one_cell_has_one_place_to_go(predictor):
    one = ["city.rows=1", "city.cols=1", "city.segregation=0", "allocation.k=1"]
    assert all_finite(result_of(*one, f"prediction={predictor}"))


@pytest.mark.parametrize("predictor", ["predpol", "sepp"])
def test_em_finds_next_to_no_contagion_in_poisson_records(predictor):
    """Independent records: theta is near 0, or 0 and said so; omega then means nothing."""
    setup = compose([*SMALL, f"prediction={predictor}", "prediction.iterations=200"]).setups["loop"]
    grid = a_grid(10, 10)
    now = a_now(grid, a_ledger(grid, days=300, rate=0.05), days=1)
    risk = setup.predictor(now.evidence, now)
    have = now.notes[predictor]
    theta = have["theta"] if predictor == "predpol" else [fit["theta"] for fit in have["fits"]]
    assert np.max(theta) < 0.08
    assert np.isfinite(risk).all() and risk.sum(axis=1) == pytest.approx(np.full(2, 5.0), rel=0.1)


def test_records_whose_offspring_nobody_could_have_seen_yet_are_taken_as_poisson():
    """EM whose lag outgrows the window: no division by nothing, and the manifest says so."""
    grid = a_grid(3, 3)
    ledger = a_ledger(grid, days=3, page_days=1, counts=np.ones((2, 9), int))
    now = a_now(grid, ledger, days=1)
    model = Predpol(
        window_days=3, rewindow_days=180, background="cell", edge_correction=True, iterations=500, tolerance=0.0,
        start_theta=0.99, start_omega=1e-13, least_theta=0.001,
    )  # fmt: skip
    with np.errstate(all="raise", under="ignore"):
        risk = model(now.evidence, now)
    assert np.isfinite(risk).all()
    assert now.notes["fallbacks"] == [
        "predpol: no contagion in the records: theta = 0, risk is the mean count (day 0)"
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("evidence.channels=[report,arrests]", "evidence.channels must be channels, got arrests"),
        ("evidence.channels=[stops]", "got stops: did you mean stop?"),
        ("evidence.channels=[]", "evidence.channels must name at least one channel"),
        ("evidence.weights={burglry:1}", "no offence type burglry: did you mean burglary?"),
        ("evidence.weights=harms", "evidence.weights must be count, harm or a mapping, got harms"),
        ("refit_days=90", "refit_days must be <= days (28), got 90; set refit_days"),
        ("allocation.k=200", "allocation.k must be <= 72 (city.rows x city.cols), got 200; set allocation.k"),
        ("prediction.window_days=4000", "prediction.window_days must be <= history_days (2190), got 4000"),
        ("prediction.window_days=0", "prediction.window_days must be a whole number >= 1 days, got 0"),
        ("prediction.sigma_m=nan", "prediction.sigma_m must be > 0 m, got nan"),
    ],
)
def test_what_no_system_can_use_is_refused_in_one_line(capsys, tmp_path, line, said):
    argv = ["run", *SMALL, f"out={tmp_path / 'run'}", line]
    assert cli.main(argv) == 2
    told = capsys.readouterr().err.splitlines()
    assert said in told[0] and all("Traceback" not in text for text in told)
    assert not (tmp_path / "run").exists()


def test_a_rota_of_more_spots_a_day_than_there_are_is_refused(capsys):
    assert cli.main(["show", *SMALL, "allocation=rota", "allocation.m=8"]) == 2
    assert "allocation.m must be <= allocation.k (5), got 8; set allocation.m" in capsys.readouterr().err


def test_grip_with_room_for_fewer_spots_says_so_in_the_manifest():
    noted = result_of("prediction=grip", "prediction.spots=60").manifest["notes"]
    assert any("of 60 spots in a replicate" in line for line in noted)


def test_a_fallback_on_many_days_is_one_note_with_its_days():
    lines = [f"loop: rtm: no bars: left out (day {day})" for day in (21, 0, 7, 14, 28)]
    notes = by_day([*lines, "loop: grip: too few (day 7)", "loop: grip: too few (day 0)", "of no day"])
    assert notes == [
        "loop: grip: too few (days 0, 7)",
        "loop: rtm: no bars: left out (5 days, 0 to 28)",
        "of no day",
    ]


@pytest.mark.parametrize("predictor", ["count", "gi_star", "grip", "hotspot", "kde", "laser", "promap"])
def test_a_model_that_believes_in_no_place_is_noted(predictor):
    noted = result_of(f"prediction={predictor}", "evidence.weights={robbery:0}").manifest["notes"]
    assert "loop: no risk anywhere in a replicate: its patrols go by lot or evenly (days 0, 14)" in noted


def test_records_that_tell_one_place_from_another_need_no_note():
    assert result_of("prediction=kde").manifest["notes"] == []
