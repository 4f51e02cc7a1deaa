"""Risk terrain modelling: what a published table says, what it does with little, what it refuses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import yaml
from conftest import a_grid, a_ledger, a_now
from terrain import NEAR_BARS, VENUES, rtm

from loopsim.limits import Refused
from loopsim.prediction.risk_terrain.layers import Points, layer
from loopsim.study.config.catalogue import shipped


def test_basildons_table_is_the_published_one():
    """Agar et al. 2023: eleven factors; with all of them a cell scores 13,264.68 times the least."""
    file = shipped() / "scenario" / "basildon_rtm.yaml"
    table = yaml.safe_load(file.read_text("utf-8"))["prediction"]["table"]
    assert len(table) == 11
    assert np.prod([row["rrv"] for row in table.values()]) == pytest.approx(13264.68, abs=0.005)
    grid = a_grid(3, 3)
    grid.points.clear()
    grid.points.update({name: grid.centres()[:1] for name in table})
    one = {name: {**row, "how": "proximity", "reach_m": 10} for name, row in table.items()}
    now = a_now(grid, a_ledger(grid))
    risk = rtm(table={name: row for name, row in one.items() if name != "drug_calls"})(now.evidence, now)
    assert np.allclose(risk[:, 0] / risk[:, 1:].T, 13264.68 / 4.519, rtol=1e-6)


def test_a_table_gives_risk_in_proportion_and_at_the_level_of_the_records():
    grid = a_grid(6, 8, outside=4)
    now = a_now(grid, a_ledger(grid))
    risk = rtm(table=NEAR_BARS)(now.evidence, now)
    near = layer(Points(grid, grid.points["bar"]), grid, "proximity", 150, 2.0)
    assert np.allclose(risk[:, near] / risk[:, grid.inside & ~near].min(), 3.0, rtol=0.2)
    crimes = now.evidence.kinds.is_crime
    daily = a_now(grid, a_ledger(grid), weights=crimes * 1.0).evidence.counts(60)[:, grid.inside] / 60
    assert np.allclose(risk.sum(axis=1), daily.sum(axis=1))
    assert not risk[:, ~grid.inside].any()


@pytest.mark.parametrize(("shape", "each"), [((5, 6), 0), ((5, 6), 2), ((1, 1), 3)])
def test_uniform_records_give_uniform_risk(shape, each):
    grid = a_grid(*shape)
    now = a_now(grid, a_ledger(grid, counts=np.full((2, grid.n), each)))
    risk = rtm()(now.evidence, now)
    assert np.allclose(risk, each if each else 1 / 60 / grid.n)
    assert any("rtm: no " in line for line in now.notes["fallbacks"])


def test_a_factor_without_points_is_left_out_and_noted():
    grid = a_grid()
    grid.points["casino"] = np.empty((0, 2))
    now = a_now(grid, a_ledger(grid))
    risk = rtm(factors={"casino": "both", "zoo": "density"})(now.evidence, now)
    assert np.allclose(risk, risk[:, :1])
    assert any("casino has no points" in line for line in now.notes["fallbacks"])
    assert any("zoo has no points" in line for line in now.notes["fallbacks"])
    table = {"zoo": {"rrv": 2.0, "how": "density", "reach_m": 300}}
    assert np.isfinite(rtm(table=table)(now.evidence, now)).all()
    assert any("zoo has no feature" in line for line in now.notes["fallbacks"])


def a_city_with_a_wet_corner(*, at=0, days=60):
    """Bars in one corner, where records are five times as many; day 0 is today."""
    grid = a_grid(10, 10)
    grid.points["bar"] = grid.centres()[[11, 13, 31, 33]]
    counts = np.ones((2, 100), int)
    counts[:, [11, 13, 31, 33]] = 5
    return grid, a_ledger(grid, counts=counts, days=days)


def test_frozen_weights_stay_those_of_the_first_fit():
    grid, ledger = a_city_with_a_wet_corner()
    kept, again = {}, {}
    for notes, model in ((kept, rtm(refit=False)), (again, rtm())):
        model = replace(model, block_m=100.0, blocks=1)
        now = a_now(grid, ledger, notes=notes)
        first = model(now.evidence, now)
        assert first[0, 11] / first[0, 55] == pytest.approx(5.0, rel=0.01)
        other = a_ledger(grid, counts=np.ones((2, 100), int))
        now = a_now(grid, other, notes=notes)
        second = model(now.evidence, now)
        assert np.allclose(second, first) == (model.refit is False)
        assert np.allclose(second, 1.0) == model.refit


def test_a_replicates_risk_does_not_depend_on_the_others():
    grid = a_grid(10, 12)
    factors = VENUES | {"drug_calls": "both"}
    now = a_now(grid, a_ledger(grid, replicates=3, rate=0.02))
    every = rtm(factors=factors)(now.evidence, now)
    two = a_now(grid, now.evidence.ledger.fork(slice(1, 3)), replicates=[1, 2])
    assert np.array_equal(rtm(factors=factors)(two.evidence, two), every[1:])


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        ({"factors": {"bar": "nearness"}}, "prediction.factors.bar must be one of proximity"),
        ({"table": {"bar": {"rrv": 2.0}}}, "prediction.table.bar must have rrv, how, reach_m"),
        ({"table": {"bar": {"rrv": -1, "how": "density", "reach_m": 9}}}, "table.bar.rrv must be > 0"),
        ({"police_layers": {"x": {"channels": ["radio"], "types": "all", "at": "record"}}}, "x.channels"),
        ({"outcome": "burglary"}, "prediction.outcome must be all or a list"),
        ({"folds": 1}, "prediction.folds must be a whole number >= 2"),
        ({"l1_ratio": 0.0}, "prediction.l1_ratio must be > 0"),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_line(wrong, line):
    with pytest.raises(Refused, match=line):
        rtm(**wrong)


def refusals(*overrides):
    from loopsim.study.compose import compose

    with pytest.raises(Refused) as refused:
        compose(["prediction=rtm", *overrides])
    return str(refused.value)


def test_names_that_the_city_or_the_world_does_not_have_are_refused():
    assert "prediction.outcome must be offence types, got arson" in refusals("prediction.outcome=[arson]")
    assert "did you mean bars?" in refusals("prediction.factors={bar: both}")
    assert "prediction.layer_days must be <= history_days (365)" in refusals("prediction.layer_days=400")
