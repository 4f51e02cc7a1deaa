"""Fitting a risk terrain: planted factors are found, once each, in whatever order the cells stand."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import a_grid

from loopsim.prediction.risk_terrain import elastic_net
from loopsim.prediction.risk_terrain.fitting import Rules, fit
from loopsim.prediction.risk_terrain.layers import Points, bands, candidates, layer
from loopsim.prediction.risk_terrain.stepwise import criterion


def test_leeds_2014_criterion_and_relative_risks():
    """RTMDx report: deviance 18288.17, 4 parameters, 9199 cells; SBC 18324.68; highest score 184.8."""
    assert criterion(-18288.17 / 2, 4, 9199) == pytest.approx(18324.68, abs=0.005)
    stops, points = np.exp(3.0617), np.exp(2.1578)
    assert (stops, points) == (pytest.approx(21.364, abs=5e-4), pytest.approx(8.652, abs=5e-4))
    assert stops * points == pytest.approx(184.8, abs=0.05)


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


def test_a_layer_that_is_everywhere_is_left_out():
    level, rrv, notes = fit(np.ones((1, 9), bool), np.arange(9.0), ["a"], np.zeros(9), rules())
    assert (level, rrv) == (4.0, {})
    assert notes[0] == "factor a is everywhere or nowhere near: left out"
    assert "mean everywhere" in notes[1]


def test_a_penalty_that_does_not_converge_is_used_as_it_stands_and_noted(monkeypatch):
    rng = np.random.default_rng(4)
    columns = rng.random((6, 400)) < 0.3
    y = rng.poisson(np.exp(0.8 * columns[2] - 0.5)).astype(float)
    net = dict(l1_ratio=0.5, folds=3, penalties=5, weakest=0.01)
    asked = columns, y, list("abcdef"), rng.random(400), Rules(positive=True, one_per_factor=False, **net)
    level, rrv, notes = fit(*asked)
    assert notes == [] and 2 in rrv
    monkeypatch.setattr(elastic_net, "SWEEPS", 1)
    level, rrv, notes = fit(*asked)
    assert "the elastic net did not converge: used as it stood" in notes
    assert np.isfinite([level, *rrv.values()]).all()
