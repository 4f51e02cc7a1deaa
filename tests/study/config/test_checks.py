"""Values that do not go together, or that the machine or the city cannot bear, are refused before a run."""

from __future__ import annotations

import pytest
from refused import SMALL, refusal

from loopsim.limits import Refused
from loopsim.study.compose import compose
from loopsim.study.config import checks


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        ("{blue: 0.5, orange: 0.4}", "city.groups must sum to 1, got 0.9; set city.groups"),
        ("{blue: 0.75, orange: 0.5}", "city.groups must sum to 1, got 1.25; set city.groups"),
        ("{blue: 1.0}", "must name 2 to 8 groups"),
        ("[blue, orange]", "city.groups must"),
    ],
)
def test_shares_that_are_no_shares_are_refused(groups, said):
    assert said in refusal(f"city.groups={groups}")[0]


@pytest.mark.parametrize("allocation", ["top_cells", "rota", "koper", "epsilon", "ucb"])
def test_more_hotspots_than_cells_are_refused_in_one_line(allocation):
    lines = refusal(f"allocation={allocation}", "allocation.k=65")
    assert lines == ["allocation.k must be <= 64 (city.rows x city.cols), got 65; set allocation.k"]


def test_a_window_longer_than_the_history_is_refused_with_both_keys():
    assert refusal("prediction.window_days=29") == [
        "prediction.window_days must be <= history_days (28), got 29; set prediction.window_days or history_days"
    ]
    assert "history_days" in refusal("prediction=promap", "history_days=20")[-1]


def test_a_refit_longer_than_the_run_is_refused():
    assert refusal("refit_days=29") == ["refit_days must be <= days (28), got 29; set refit_days"]


def test_a_city_too_large_for_the_memory_is_refused_before_it_is_built():
    (line,) = refusal("city.rows=5000", "city.cols=5000", "threads=64", "replicates=1000", "arms=[loop]")
    assert "GiB" in line and "lower city.rows, city.cols, city.residents or threads" in line


def test_the_estimate_of_memory_grows_with_cells_replicates_and_residents(monkeypatch):
    def needed(*lines):
        study = compose([*SMALL, "arms=[loop]", *lines])
        return checks.memory_needed(study.setups["loop"], type("O", (), {"threads": study.threads})())

    base = needed("threads=1", "replicates=2")
    assert needed("threads=1", "replicates=4") > base
    assert needed("threads=1", "replicates=2", "city.rows=16") > base
    assert needed("threads=1", "replicates=2", "city.residents=9000") > base
    monkeypatch.setattr(checks, "memory_of_machine", lambda: base)
    assert "GiB" in refusal("threads=1", "replicates=2")[0]


def test_real_records_need_a_city_that_has_some():
    assert "needs a city with records" in refusal("bias.how=real")[0]


def test_a_city_file_must_be_given_and_be_one(tmp_path):
    assert (
        refusal("scenario=southend", "city=imported")[-1]
        == "city.file must be given, got null; set city.file"
    )
    (tmp_path / "half.nc").write_bytes(b"CDF\x02 and then the disk was full")
    for name, said in (
        ("nothing.nc", "no such city file"),
        (".", "is a directory"),
        ("half.nc", "not a whole loopsim"),
    ):
        with pytest.raises(Refused, match=said):
            compose(["scenario=southend", f"city.file='{tmp_path / name}'"])


def test_a_scenario_that_needs_a_file_says_which_key_to_set():
    with pytest.raises(Refused, match=r"^city\.file must be given, got null; set city\.file$"):
        compose(["scenario=southend"])


def test_venues_that_pull_must_stand_in_the_city():
    (line,) = refusal("world.venue_pull=0.1", "world.venues=[barz]")
    assert "did you mean bars?" in line
    assert compose([*SMALL, "world.venues=[barz]"])  # nothing pulls: nothing is wrong
