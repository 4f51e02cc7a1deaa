"""Overrides: a value goes where its key says, and a wrong key is told the nearest right one."""

from __future__ import annotations

import pytest

from loopsim.study.config import catalogue
from loopsim.study.config.overrides import Override, keys, put, spread, told, unknown

CONFIG = {
    "days": 5,
    "bias": {"level": 2.0, "where": "smallest"},
    "city": {"name": "synthetic", "rows": 3, "groups": {"blue": 0.75, "orange": 0.25}},
    "prediction": {"name": "kde", "sigma_m": 150.0, "window_days": 365},
    "allocation": {"name": "top_cells", "k": 20},
    "remedy": {"name": "nothing"},
    "world": {"name": "fast", "stop_bias": {}, "offences": {"burglary": {"true_rate": 20}}},
    "evidence": {"channels": ["all"], "weights": "count"},
}


@pytest.fixture
def config():
    from loopsim.study.config.overrides import copied

    return copied(CONFIG)


@pytest.mark.parametrize(
    ("key", "value"),
    [("days", 7), ("bias.level", 3), ("city.groups", {"a": 0.5, "b": 0.5}), ("world.offences.burglary.true_rate", 1)],
)  # fmt: skip
def test_a_value_replaces_what_was_there(config, key, value):
    assert put(config, Override(key, value))
    node = config
    for part in key.split("."):
        node = node[part]
    assert node == value


@pytest.mark.parametrize(
    "key", ["city.groups.green", "world.stop_bias.orange", "world.offences.arson.true_rate"]
)
def test_a_mapping_with_keys_of_the_users_own_takes_new_ones_on_one_level(config, key):
    assert put(config, Override(key, 0.1)) == (key != "world.offences.arson.true_rate")


@pytest.mark.parametrize(
    "key", ["dayz", "bias.levl", "city.rows.more", "prediction", "prediction.name", "nope.nope"]
)
def test_a_key_that_is_not_there_changes_nothing(config, key):
    assert not put(config, Override(key, 1))
    assert config == CONFIG


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("dayz", "did you mean days?"),
        ("level", "did you mean bias.level?"),
        ("scenaro", "did you mean scenario?"),
        ("predicton", "did you mean prediction?"),
        ("bias.levl", "did you mean bias.level?"),
        ("biass.level", "did you mean bias.level?"),
        ("allocation.gamma", "it belongs to allocation=proportional or sampled"),
        ("prediction.name", "choose with prediction=NAME"),
        ("bias", "set bias.KEY=VALUE"),
        ("world.offences.burglry.true_rate", "did you mean world.offences.burglary.true_rate?"),
    ],
)
def test_a_wrong_key_gets_one_line_with_what_was_meant(config, key, said):
    line = unknown(config, key, catalogue.folders())
    assert said in line and "\n" not in line and key in line


def test_a_mapping_of_bias_or_evidence_sets_its_keys_one_by_one():
    given = [Override("bias", {"level": 3, "how": "records"}), Override("city.groups", {"a": 1})]
    assert spread(given) == [Override("bias.level", 3), Override("bias.how", "records"), given[1]]


def test_keys_are_dotted_and_leave_out_the_names_of_options():
    found = keys(CONFIG)
    assert {"days", "bias.level", "city.groups.blue", "world.offences.burglary.true_rate"} <= set(found)
    assert not [k for k in found if k.endswith(".name")]


def test_a_fault_of_the_stand_in_for_a_mistyped_option_is_not_told():
    typo = "no prediction kd: did you mean kde?"
    assert told([typo, "prediction.window_days must be <= 5", "days must be", typo]) == [typo, "days must be"]
