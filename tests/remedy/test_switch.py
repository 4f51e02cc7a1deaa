"""A reform in the middle of a run: every stage can change, and the new ones start from the ledger alone."""

from __future__ import annotations

import numpy as np
import pytest

from loopsim.study.compose import compose
from loopsim.study.run import open_loop

SMALL = [
    "city.rows=8", "city.cols=8", "city.residents=3000", "history_days=60", "days=84", "refit_days=7",
    "measure_days=84", "allocation.k=5", "allocation.budget=40", "prediction=count", "prediction.window_days=60",
]  # fmt: skip


def lived(*lines, arm="loop"):
    """Risk and plan of every turn of one small arm."""
    setup = compose([*SMALL, *lines, f"arms=[{arm}]"]).setups[arm]
    loop = open_loop(setup, setup.city.build(1), np.arange(2, dtype=np.uint32))
    return [(turn.risk.copy(), turn.plan.copy()) for turn in loop.run(84)]


def switched(*changes, day=42, also=(), arm="loop"):
    quoted = ",".join(f"'{line}'" for line in changes)
    return lived(*also, "remedy=switch", f"remedy.from_day={day}", f"remedy.changes=[{quoted}]", arm=arm)


def first_difference(one, two):
    """Day of the first turn that is not the same, None where all are."""
    gone = [i for i, (a, b) in enumerate(zip(one, two, strict=True)) if not all(map(np.array_equal, a, b))]
    return 7 * gone[0] if gone else None


@pytest.mark.parametrize(
    "change",
    ["prediction=population", "prediction.window_days=30", "allocation=proportional", "allocation.k=3",
     "remedy=reports_only", "remedy=coverage_floor", "evidence.weights=harm", "evidence.channels=[report]"],
)  # fmt: skip
def test_each_stage_changes_on_its_day_and_not_before(change):
    assert first_difference(lived(), switched(change)) == 42


def test_no_change_changes_nothing():
    assert first_difference(lived(), switched()) is None


@pytest.mark.parametrize("model", ["predpol", "sepp"])
def test_a_model_with_another_setting_does_not_go_on_with_what_the_old_one_learnt(model):
    also = [f"prediction={model}"]
    setting = {"predpol": "prediction.background=common", "sepp": "prediction.background_m=900"}[model]
    assert first_difference(lived(*also), switched(setting, also=also)) == 42


def test_a_model_that_stays_goes_on_with_what_it_learnt():
    also = ["prediction=predpol"]
    one, two = lived(*also), switched("allocation.k=3", also=also)
    np.testing.assert_array_equal(one[6][0], two[6][0])


def test_a_new_model_can_still_look_at_the_records_from_before_day_0():
    day_0 = lived()[0][0]
    found = switched("prediction=legacy", "prediction.window_days=60", day=70)[-1][0]
    np.testing.assert_array_equal(found, day_0)


def test_where_feedback_is_cut_a_reform_shows_the_new_model_the_records_of_day_0_only():
    """Else the reform itself would close the loop."""
    frozen = switched("prediction=kde", "prediction.window_days=60", arm="frozen")
    as_of_day_0 = lived("prediction=kde", "prediction.window_days=60", arm="frozen")
    np.testing.assert_array_equal(frozen[-1][0], as_of_day_0[0][0])
