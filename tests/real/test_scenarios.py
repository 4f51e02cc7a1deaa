"""Does the loop run on real towns?"""

from __future__ import annotations

import pytest

import loopsim

SMALL = ["replicates=2", "days=56", "measure_days=28"]


@pytest.mark.parametrize("district", ["Southend_on_Sea", "Basildon"])
def test_a_real_town_starts_from_its_own_records(imported, tmp_path, district):
    result = loopsim.run(
        scenario="southend",
        overrides=[f"city.file={imported(district)}", f"out={tmp_path / 'run'}", *SMALL],
    )
    rows = {row[:4]: row[4] for row in result.summary_rows}
    assert rows["loop", 56, "true_rate", "Black"] == pytest.approx(
        rows["loop", 56, "true_rate", "White"], rel=0.35
    )
    assert rows["loop", 0, "recorded_rate_report", "all"] > 0
    assert result.groups[0] == "White"
    # records, not people, decide where the first hotspots are: all replicates start alike
    assert rows["loop", 0, "patrol_disparity", "Black/White"] != 0


@pytest.mark.parametrize("district", ["Lambeth", "Hackney"])
def test_a_town_without_records_starts_from_a_simulated_history(imported, tmp_path, district):
    file = imported(district, crimes=False)
    overrides = ["city=imported", f"city.file={file}", f"out={tmp_path / 'run'}", "history_days=60", *SMALL]
    result = loopsim.run(
        scenario="twin_cities", overrides=[*overrides, "prediction.window_days=60", "bias.where=Black"]
    )
    rows = {row[:4]: row[4] for row in result.summary_rows}
    assert rows["loop", 0, "dose", "Black/White"] > 0.05


def test_a_town_without_records_is_refused_where_they_are_needed(imported, tmp_path):
    from loopsim.limits import Refused

    file = imported("Lambeth", crimes=False)
    with pytest.raises(Refused, match="records"):
        loopsim.run(scenario="southend", overrides=[f"city.file={file}", f"out={tmp_path / 'run'}", *SMALL])
