"""Composing: names and values become typed arms, or one plain line for each fault."""

from __future__ import annotations

import numpy as np
import pytest
from refused import SMALL, refusal

from loopsim.limits import Refused
from loopsim.study.compose import compose


def test_the_default_is_the_twin_cities_with_four_arms():
    study = compose()
    assert study.scenario == "twin_cities"
    assert list(study.setups) == ["loop", "clean_start", "frozen", "no_model"]
    levels = {name: setup.bias.level for name, setup in study.setups.items()}
    assert levels["clean_start"] == 1.0 and levels["loop"] == levels["frozen"] > 1.0
    assert not study.setups["frozen"].run.feedback and study.setups["loop"].run.feedback
    assert study.setups["no_model"].names["prediction"] == "population"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("scenario=twin_citie", "no scenario twin_citie: did you mean twin_cities?"),
        ("prediction=kd", "no prediction kd: did you mean kde?"),
        ("allocation=top_cell", "no allocation top_cell: did you mean top_cells?"),
        ("remedy=report_only", "no remedy report_only: did you mean reports_only?"),
        ("world=fst", "no world fst: did you mean fast?"),
        ("arms=[loop,frzen]", "no arm frzen: did you mean frozen?"),
        ("scenaro=twin_cities", "no key scenaro: did you mean scenario?"),
        ("replicate=3", "no key replicate: did you mean replicates?"),
        ("bias.levl=3", "no key bias.levl: did you mean bias.level?"),
        ("allocation.kk=3", "no key allocation.kk: did you mean allocation.k?"),
        ("bias.how=patrl", "bias.how must be one of patrol, records, real, got patrl (did you mean patrol?); set bias.how"),
        ("evidence.channels=[repot]", "got repot: did you mean report?"),
        ("evidence.weights={burglry: 1}", "no offence type burglry: did you mean burglary?"),
        ("bias.where=ornge", "got ornge: did you mean orange?; set bias.where"),
        ("bias.where=[3, 64]", "bias.where must list cells from 0 to 63, got 64; set bias.where"),
        ("bias.where=[]", "bias.where must list cells from 0 to 63, got []; set bias.where"),
        ("world.stop_bias={orang: 2}", "world.stop_bias must name a group, got orang: did you mean orange?"),
        ("world.hazard_multiplier={purple: 2}", "allowed: blue, orange; set world.hazard_multiplier"),
    ],
)  # fmt: skip
def test_a_mistyped_name_gets_one_line_with_the_nearest(line, said):
    found = refusal(line)
    assert len(found) == 1 and said in found[0]


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("replicates=0", "replicates"), ("replicates=2.5", "replicates"), ("replicates=nan", "replicates"),
        ("days=inf", "days"), ("days=true", "days"), ("days=", "days"), ("seed=-1", "seed"), ("seed=1e30", "seed"),
        ("refit_days=nan", "refit_days"), ("measure_days=0", "measure_days"), ("threads=0", "threads"),
        ("bias.level=0", "bias.level"), ("bias.level=nan", "bias.level"), ("bias.days=0", "bias.days"),
        ("city.segregation=1.2", "city.segregation"), ("city.segregation=nan", "city.segregation"),
        ("city.rows=0", "city.rows"), ("city.residents=1e12", "city.residents"), ("city.cell_m=-1", "city.cell_m"),
        ("allocation.budget=0", "allocation.budget"), ("allocation.floor=nan", "allocation.floor"),
        ("prediction.sigma_m=-3", "prediction.sigma_m"), ("world.stop_rate=nan", "world.stop_rate"),
        ("world.offences.burglary.true_rate=-5", "world.offences.burglary.true_rate"),
        ("world.offences.burglary.reported=1.5", "world.offences.burglary.reported"),
        ("evidence.weights={burglary: -1}", "evidence.weights.burglary"),
        ("city.groups={blue: 0.5, orange: nan}", "city.groups.orange"),
        ("feedback=3", "feedback"), ("log=maybe", "log"), ("history_days=1.5", "history_days"),
    ],
)  # fmt: skip
def test_a_number_out_of_range_is_refused_with_the_key_to_set(line, key):
    found = refusal(line)
    assert len(found) == 1
    assert found[0].startswith(f"{key} must be") and found[0].endswith(f"set {key}") and ", got " in found[0]


def test_every_fault_is_told_at_once_whatever_its_section():
    lines = refusal(
        "days=0", "bias.level=-1", "city.segregation=2", "allocation.k=0", "prediction.sigma_m=nan", "seed=x"
    )
    told = {line.split()[0] for line in lines}
    assert told == {"days", "bias.level", "city.segregation", "allocation.k", "prediction.sigma_m", "seed"}


def test_faults_of_arms_are_told_with_the_others():
    lines = refusal("arms=[loop, {other: ['bias.level=-1', 'allocation.kk=2']}]", "replicates=0")
    assert len(lines) == 3


@pytest.mark.parametrize(
    "line", ["days", "+new=3", "~days", "days=28,56", "allocation@x=top_cells", "city/rows=3", "days=[", "=3"]
)
def test_a_line_that_sets_nothing_is_refused_in_one_line(line):
    assert len(refusal(line)) == 1


@pytest.mark.parametrize("key", ["replicates", "seed", "days", "measure_days", "threads", "out", "scenario"])
def test_an_arm_cannot_change_what_arms_are_compared_over(key):
    (line,) = refusal(f"arms=[loop, {{other: ['{key}={'fair_city' if key == 'scenario' else 28}']}}]")
    assert "it is the same for all arms" in line and key in line


@pytest.mark.parametrize(
    ("arms", "said"),
    [
        ("[]", "at least one arm"),
        ("[loop, loop]", "names loop twice"),
        ("[{_x: []}]", "letters, digits"),
        ("[{other: 3}]", "must be a list of overrides"),
    ],
)
def test_arms_that_are_no_arms_are_refused(arms, said):
    assert said in refusal(f"arms={arms}")[0]


def test_an_option_that_is_swapped_keeps_the_values_it_has_too_and_drops_the_others():
    setup = compose([*SMALL[:-1], "allocation=proportional", "allocation.budget=77", "arms=[loop]"]).setups[
        "loop"
    ]
    assert setup.allocator.budget == 77 and not hasattr(setup.allocator, "k")


def test_a_key_of_another_option_is_refused_with_its_owner():
    (line,) = refusal("allocation.gamma=2", "arms=[loop]")
    assert "it belongs to allocation=" in line


def test_whole_floats_are_whole_numbers_and_ints_are_floats():
    setup = compose([*SMALL, "days=2.8e1", "bias.level=3", "arms=[loop]"]).setups["loop"]
    assert setup.run.days == 28 and isinstance(setup.run.days, int)
    assert isinstance(setup.bias.level, float)


def test_a_users_own_scenario_is_composed(tmp_path):
    own_scenario(tmp_path, "title: Mine\ncity:\n  groups: {a: 0.5, b: 0.5}\narms: [loop]\n")
    study = compose(["scenario=mine"], config_dirs=[tmp_path])
    assert list(study.setups["loop"].city.groups) == ["a", "b"] and study.title == "Mine"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("bias:\n  levl: 3\n", "did you mean bias.level"),
        ("bias: [1\n", "line .*not plain YAML"),
        ("replicates: lots\n", "replicates must be a whole number"),
        ("titel: Mine\n", "titel is not a key of a scenario: did you mean title"),
        ("- a\n- b\n", "must hold `key: value` lines"),
    ],
)
def test_the_mistakes_of_a_users_own_scenario_are_told(tmp_path, text, said):
    own_scenario(tmp_path, text)
    with pytest.raises(Refused, match=said):
        compose(["scenario=mine"], config_dirs=[tmp_path])


def own_scenario(folder, text):
    (folder / "scenario").mkdir()
    (folder / "scenario" / "mine.yaml").write_text(f"# @package _global_\n# mine\n{text}", "utf-8")


def test_two_compositions_do_not_share_what_may_be_changed():
    one, two = compose(SMALL), compose(SMALL)
    one.config["loop"]["city"]["groups"]["blue"] = 0.1
    assert two.config["loop"]["city"]["groups"]["blue"] == compose(SMALL).shared["city"]["groups"]["blue"]
    assert np.isclose(sum(two.setups["loop"].city.groups.values()), 1.0)
