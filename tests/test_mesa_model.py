"""CityModel: the loop as Mesa users know it."""

from __future__ import annotations

import math

import mesa
import numpy as np
import pytest

from loopsim.limits import Refused
from loopsim.mesa_model import LAYERS, REPORTED, CityModel
from loopsim.study.compose import compose
from loopsim.study.run import open_loop

SMALL = dict(
    city_rows=9, city_cols=8, city_residents=600, city_segregation=0.3, days=20, history_days=28,
    measure_days=10, allocation_k=4, prediction_window_days=28, allocation_budget=30,
)  # fmt: skip


@pytest.mark.parametrize("world", ["fast", "agents"])
def test_a_run_collects_one_row_a_turn_and_stops_at_the_horizon(world):
    model = CityModel(world=world, **SMALL)
    model.run_model()
    table = model.datacollector.get_model_vars_dataframe()
    assert list(table.columns) == list(REPORTED)
    assert list(table["day"]) == [7, 14, 20]
    assert all(len(rate) == 2 for rate in table["true_rate"])
    assert all(math.isfinite(x) for x in table["patrol_disparity"])
    assert not model.running
    model.step()
    assert model.day == 20 and len(model.datacollector.get_model_vars_dataframe()) == 3


def test_it_is_the_loop_that_the_command_line_turns():
    model = CityModel(seed=7, replicate=2, bias_level=3, **SMALL)
    model.step()
    lines = [f"{k.replace('_', '.', 1) if k.split('_')[0] in ('city', 'prediction', 'allocation') else k}={v}"
             for k, v in SMALL.items()]  # fmt: skip
    setup = compose([*lines, "seed=7", "bias.level=3", "arms=[loop]"]).setups["loop"]
    turn = open_loop(setup, setup.city.build(7), [2]).turn(0, 7)
    assert np.array_equal(model.maps["offences"], turn.truth.offences[0])
    assert np.array_equal(model.maps["patrol"], turn.plan[0].mean(axis=0))


def test_patrol_hours_per_head_of_all_groups_add_up_to_the_budget():
    model = CityModel(**SMALL)
    model.step()
    hours = (model.patrol_exposure * model.city.people).sum()
    patrolled = model.maps["patrol"][model.city.residents.sum(axis=1) > 0].sum()
    head = model.city.residents / model.city.people
    assert hours == pytest.approx((model.maps["patrol"][:, None] * head * model.city.people).sum())
    assert patrolled <= model.maps["patrol"].sum() == pytest.approx(30)


def test_layers_follow_the_model_and_are_made_only_when_asked_for():
    model = CityModel(**SMALL)
    assert not model._layers
    patrol = model.layer("patrol")
    assert patrol.data.sum() == 0
    model.step()
    assert patrol.data.sum() == pytest.approx(30)
    assert model.layer("people").data.sum() == 600
    assert set(model._layers) == {"patrol", "people"}
    with pytest.raises(Refused, match="a layer must be one of people"):
        model.layer("crime")


def test_the_grid_carries_every_layer():
    model = CityModel(**SMALL)
    model.step()
    assert model.grid.dimensions == (9, 8)
    assert np.array_equal(model.grid.patrol.data, model.layer("patrol").data)
    assert set(model._layers) == set(LAYERS)


def test_residents_are_met_only_where_the_world_has_agents():
    assert len(CityModel(world="agents", **SMALL).residents) == 600
    with pytest.raises(Refused, match="world must be agents, got fast; set world"):
        CityModel(**SMALL).residents  # noqa: B018


def test_a_mistyped_keyword_is_refused_with_the_nearest_key():
    with pytest.raises(Refused, match="bias.level"):
        CityModel(bias_levle=3, **SMALL)


def test_batch_run_varies_keywords_and_ends_each_run_at_its_horizon():
    rows = mesa.batch_run(
        CityModel, {**SMALL, "bias_level": [0.02, 50.0]}, iterations=1, number_processes=1,
        data_collection_period=-1, display_progress=False,
    )  # fmt: skip
    assert [row["bias_level"] for row in rows] == [0.02, 50.0]
    assert [row["day"] for row in rows] == [20, 20]
    assert np.array_equal(rows[0]["true_rate"], rows[1]["true_rate"])  # the same crimes
    assert rows[0]["patrol_disparity"] < 0 < rows[1]["patrol_disparity"]
