"""Do the defaults land a city without a model in the published ranges of England and Wales?

Recorded offences and stops per 1,000 residents a year and no further action: Amnesty UK
2025, chapters 1 and 3, and the recorded crime of England and Wales. The share of records
that patrol makes is a design range of the model.
"""

from __future__ import annotations

import pytest

import loopsim

pytestmark = pytest.mark.theory


@pytest.fixture(scope="module")
def no_model(tmp_path_factory):
    out = tmp_path_factory.mktemp("calibration") / "run"
    small = ["replicates=2", "days=364", "measure_days=364", f"out={out}"]
    result = loopsim.run(scenario="twin_cities", overrides=["bias.level=1", "arms=[no_model]", *small])
    return {(measure, group): mean for _, day, measure, group, mean, *_ in result.summary_rows if day == 364}


@pytest.mark.parametrize(
    ("measure", "low", "high"), [("recorded_rate", 80, 110), ("stop_rate", 5, 25), ("nfa_rate", 0.67, 0.88)]
)
def test_the_default_city_lies_in_the_published_range(no_model, measure, low, high):
    assert low <= no_model[measure, "all"] <= high


def test_patrol_makes_between_a_twentieth_and_a_third_of_the_records(no_model):
    rate = {
        c: no_model[f"recorded_rate_{c}", "all"]
        for c in ("report", "discovery", "search", "stop", "intelligence")
    }
    assert 0.05 <= 1 - rate["report"] / sum(rate.values()) <= 0.35


def test_without_bias_and_model_no_group_is_policed_or_stopped_more(no_model):
    assert abs(no_model["patrol_exposure", "orange"] / no_model["patrol_exposure", "blue"] - 1) < 0.01
    assert abs(no_model["stop_disparity", "orange/blue"]) < 0.1
    assert abs(no_model["find_rate", "orange"] - no_model["find_rate", "blue"]) < 0.05
