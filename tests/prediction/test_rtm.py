"""Risk terrain modelling: what it finds, what a published table says, what closes its loop."""

from dataclasses import replace

import numpy as np
import pytest
import yaml
from conftest import a_grid, a_ledger, a_now, write
from valve import closed_and_opened

from loopsim.limits import Refused
from loopsim.prediction.risk_terrain.fitting import Rules, fit
from loopsim.prediction.risk_terrain.layers import Points, Recorded, bands, candidates, layer
from loopsim.prediction.risk_terrain.stepwise import criterion
from loopsim.prediction.rtm import Rtm
from loopsim.study.catalogue import shipped

LAYERS = {
    "drug_calls": {"channels": ["report", "discovery", "search"], "types": ["drug"], "at": "record"},
    "homes": {"channels": ["discovery", "search"], "types": "all", "at": "home"},
    "stops": {"channels": ["stop", "search"], "types": "all", "at": "record"},
}
VENUES = {"bar": "both", "school": "both", "takeaway": "both"}
NEAR_BARS = {"bar": {"rrv": 3.0, "how": "proximity", "reach_m": 150}}


def rtm(**other):
    values = {
        "outcome": "all", "window_days": 60, "layer_days": 60, "factors": VENUES, "police_layers": LAYERS,
        "block_m": 300.0, "blocks": 2, "increment": "half", "density_sd": 2.0, "positive": True,
        "one_per_factor": True, "l1_ratio": 0.5, "folds": 5, "penalties": 12, "weakest": 0.001,
        "refit": True, "table": {},
    }  # fmt: skip
    return Rtm(**values | other)


def test_half_and_whole_blocks():
    assert bands(300.0, 2, "half") == (150.0, 300.0, 450.0, 600.0)
    assert bands(300.0, 2, "whole") == (300.0, 600.0)


def test_the_number_of_candidates_is_that_of_rtmdx():
    """Leeds 2014: Both x 3 whole + proximity x 3 whole = 9; 14 Both and 1 proximity, 6 bands = 174."""
    whole, half = bands(500.0, 3, "whole"), bands(500.0, 3, "half")
    assert len(candidates("a", "both", whole) + candidates("b", "proximity", whole)) == 9
    assert 14 * len(candidates("a", "both", half)) + len(candidates("b", "proximity", half)) == 174


def test_a_cell_is_near_when_its_centre_is_within_reach():
    grid = a_grid(1, 5, cell_m=100.0)
    bar = Points(grid, np.array([[250.0, 50.0]]))
    assert layer(bar, grid, "proximity", 100.0, 2.0).tolist() == [False, True, True, True, False]
    assert layer(bar, grid, "proximity", 99.0, 2.0).tolist() == [False, False, True, False, False]
    found = Recorded(grid, np.array([0, 0, 7, 0, 0]))
    assert layer(found, grid, "proximity", 100.0, 2.0).tolist() == [False, True, True, True, False]


def test_dense_is_two_deviations_above_the_mean():
    """Densities 1 in one cell of 25 and 0 elsewhere: mean .04, SD .196, limit .432."""
    grid = a_grid(5, 5, cell_m=100.0)
    one = Recorded(grid, np.eye(1, 25, 12)[0].astype(int))
    assert np.flatnonzero(layer(one, grid, "density", 100.0, 2.0)).tolist() == [12]
    assert not layer(Recorded(grid, np.ones(25, int)), grid, "density", 50.0, 2.0).any()


def test_leeds_2014_criterion_and_relative_risks():
    """RTMDx report: deviance 18288.17, 4 parameters, 9199 cells; SBC 18324.68; highest score 184.8."""
    assert criterion(-18288.17 / 2, 4, 9199) == pytest.approx(18324.68, abs=0.005)
    stops, points = np.exp(3.0617), np.exp(2.1578)
    assert (stops, points) == (pytest.approx(21.364, abs=5e-4), pytest.approx(8.652, abs=5e-4))
    assert stops * points == pytest.approx(184.8, abs=0.05)


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


def planted(seed=4):
    """40 x 40 cells, twelve factors, five of which raise an overdispersed count."""
    rng = np.random.default_rng(seed)
    grid = a_grid(40, 40)
    variables, columns = [], []
    for f in range(12):
        points = Points(grid, rng.random((25, 2)) * 6000.0)
        for v in candidates(f"f{f}", "both", bands(300.0, 2, "half")):
            variables.append(v)
            columns.append(layer(points, grid, v.how, v.reach_m, 2.0))
    true = {("f0", "proximity", 300.0): 4.5, ("f3", "proximity", 150.0): 3.6, ("f5", "proximity", 600.0): 2.4}
    true |= {("f7", "density", 450.0): 2.6, ("f9", "proximity", 450.0): 2.0}
    eta = sum(np.log(rrv) * columns[variables.index(v)] for v, rrv in true.items())
    counts = rng.negative_binomial(1.2 * np.exp(eta), 0.5)  # NB1: variance twice the mean
    return variables, np.array(columns), counts.astype(float), true


def rules(**other):
    values = dict(positive=True, one_per_factor=True, l1_ratio=0.5, folds=5, penalties=20, weakest=1e-3)
    return Rules(**values | other)


def test_planted_factors_are_recovered_with_their_reach_and_no_others():
    variables, columns, y, true = planted()
    chance = np.random.default_rng(1).random(y.size)
    level, rrv, notes = fit(columns, y, [v.factor for v in variables], chance, rules())
    found = {variables[j]: value for j, value in rrv.items()}
    assert notes == []
    assert set(found) == set(true)
    assert all(abs(np.log(found[v] / value)) < 0.3 for v, value in true.items())
    assert level == pytest.approx(1.2, rel=0.15)


def test_one_variable_of_each_factor_at_most():
    variables, columns, y, _ = planted(5)
    chance = np.random.default_rng(1).random(y.size)
    factors = [v.factor for v in variables]
    used = [factors[j] for j in fit(columns, y, factors, chance, rules())[1]]
    assert len(used) == len(set(used)) >= 4


def test_cells_in_another_order_give_the_same_model():
    variables, columns, y, _ = planted()
    chance, order = np.random.default_rng(1).random(y.size), np.random.default_rng(2).permutation(y.size)
    factors = [v.factor for v in variables]
    level, rrv, _ = fit(columns, y, factors, chance, rules())
    other, moved, _ = fit(columns[:, order], y[order], factors, chance, rules())
    assert level == pytest.approx(other, rel=1e-6)
    assert moved == pytest.approx(rrv, rel=1e-6)


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


def test_a_layer_that_is_everywhere_is_left_out():
    level, rrv, notes = fit(np.ones((1, 9), bool), np.arange(9.0), ["a"], np.zeros(9), rules())
    assert (level, rrv) == (4.0, {})
    assert "mean everywhere" in notes[0]


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


# Feedback: venues keep the map, police-made layers move it


def with_offence(grid, channel, type_, cell, *, person=-1, home=None):
    """A past of one report a day in every cell, then five records of a kind in one cell."""
    ledger = a_ledger(grid, counts=np.ones((1, grid.n), int), replicates=1, days=30)
    ledger.home, ledger.persons = home, home is not None
    if home is not None:
        for page in ledger.pages:
            page.person = np.full(page.cell.shape, -1, np.int32)
    page = ledger.blank_page(0, 1, 5)
    kind = np.full(5, ledger.kinds.index(channel, type_))
    write(page, 0, day=np.zeros(5, int), cell=np.full(5, cell), kind=kind, patrol=np.ones(5), person=person)
    ledger.add(page)
    return a_now(grid, ledger)


def test_a_find_makes_the_cells_within_reach_risky_and_no_others():
    grid = a_grid(9, 9)
    table = {"drug_calls": {"rrv": 4.519, "how": "proximity", "reach_m": 300}}
    now = with_offence(grid, "search", "drugs", 40)
    risk = rtm(table=table)(now.evidence, now)[0]
    near = np.hypot(*(grid.centres() - grid.centres()[40]).T) <= 300
    assert np.allclose(risk[near] / risk[~near][0], 4.519)
    assert np.allclose(risk[~near], risk[~near][0])


def test_venues_with_published_weights_leave_the_loop_open():
    closed, opened = closed_and_opened(rtm(table=NEAR_BARS, outcome=["burglary"]))
    assert closed == opened == 0


@pytest.mark.parametrize("factor", ["drug_calls", "stops"])
def test_a_police_made_layer_closes_the_loop_and_reports_alone_open_it(factor):
    row = {"rrv": 3.0, "how": "density", "reach_m": 150}
    closed, opened = closed_and_opened(rtm(table={factor: row}))
    assert closed > 0.1
    assert opened == 0


def test_fitted_weights_close_the_loop_even_with_venues_alone():
    model = rtm(factors={"bar": "proximity", "station": "proximity"})
    closed, opened = closed_and_opened(model)
    assert closed > 0
    assert opened == 0


def test_an_offenders_home_is_where_the_person_lives_once_each():
    grid = a_grid(9, 9)
    table = {"homes": {"rrv": 2.0, "how": "proximity", "reach_m": 10}}
    home = np.array([7, 7, 60], np.int32)
    now = with_offence(grid, "search", "drugs", 40, person=2, home=home)
    risk = rtm(table=table)(now.evidence, now)[0]
    assert np.flatnonzero(risk > risk.min() * 1.5).tolist() == [60]
    known = np.ones(len(now.evidence.kinds), bool)
    assert now.evidence.homes(0, 60, known)[[40, 60]].tolist() == [0, 1]
    unknown = with_offence(grid, "search", "drugs", 40, person=-1, home=home)
    assert not unknown.evidence.homes(0, 60, known).any()


def test_without_addresses_in_the_ledger_an_offenders_home_is_the_cell_of_the_record():
    grid = a_grid(9, 9)
    now = with_offence(grid, "search", "drugs", 40)
    risk = rtm(table={"homes": {"rrv": 2.0, "how": "proximity", "reach_m": 10}})(now.evidence, now)[0]
    assert np.flatnonzero(risk > risk.min() * 1.5).tolist() == [40]
    assert any("no addresses in the ledger" in line for line in now.notes["fallbacks"])


def test_only_a_model_that_uses_homes_asks_for_addresses():
    assert rtm(factors=VENUES | {"homes": "both"}).needs_addresses
    assert not rtm(factors=VENUES | {"homes": "none"}).needs_addresses
    assert not rtm(factors={"homes": "both"}, table=NEAR_BARS).needs_addresses


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


def test_a_penalty_that_does_not_converge_is_used_as_it_stands_and_noted(monkeypatch):
    from loopsim.prediction.risk_terrain import elastic_net, fitting

    rng = np.random.default_rng(4)
    columns = rng.random((6, 400)) < 0.3
    y = rng.poisson(np.exp(0.8 * columns[2] - 0.5)).astype(float)
    net = dict(l1_ratio=0.5, folds=3, penalties=5, weakest=0.01)
    rules = fitting.Rules(positive=True, one_per_factor=False, **net)
    asked = columns, y, list("abcdef"), rng.random(400), rules
    level, rrv, notes = fitting.fit(*asked)
    assert notes == [] and 2 in rrv
    monkeypatch.setattr(elastic_net, "SWEEPS", 1)
    level, rrv, notes = fitting.fit(*asked)
    assert "the elastic net did not converge: used as it stood" in notes
    assert np.isfinite([level, *rrv.values()]).all()
