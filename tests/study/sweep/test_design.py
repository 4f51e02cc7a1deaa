"""Designed sweeps: the indices of functions whose indices are known, and of a small city."""

from __future__ import annotations

import numpy as np
import pytest
from SALib.analyze import morris

import loopsim
from loopsim.limits import Refused
from loopsim.study.sweep.design import DRAWS, SEED, Design
from loopsim.study.sweep.points import read

UNIT = {"a": (0.0, 1.0, False), "b": (0.0, 1.0, False), "c": (0.0, 1.0, False)}
TINY = [
    "city.rows=8", "city.cols=8", "city.residents=1200", "days=28", "history_days=28", "measure_days=14",
    "prediction.window_days=28", "allocation.budget=20", "replicates=2", "arms=[loop]", "allocation=proportional",
]  # fmt: skip


def indices(design, outcome):
    return {(key, name): (value, lo, hi) for key, name, value, lo, hi in design.indices(outcome)}


def test_sobol_indices_of_a_sum_are_the_shares_of_its_variance():
    """2a + b: 4/5, 1/5 and 0, first order and total alike."""
    design = Design(kind="sobol", n=512, intervals=UNIT)
    x = design.samples()
    found = indices(design, 2 * x[:, 0] + x[:, 1])
    for key, share in (("a", 0.8), ("b", 0.2), ("c", 0.0)):
        for name in ("first_order", "total"):
            value, lo, hi = found[key, name]
            assert value == pytest.approx(share, abs=0.05)
            assert lo <= share <= hi


def test_sobol_total_index_sees_an_interaction_that_first_order_does_not():
    """(a - 1/2)(b - 1/2): nothing alone, everything together."""
    design = Design(kind="sobol", n=512, intervals=UNIT)
    x = design.samples() - 0.5
    found = indices(design, x[:, 0] * x[:, 1])
    assert abs(found["a", "first_order"][0]) < 0.1
    assert found["a", "total"][0] == pytest.approx(1.0, abs=0.1)
    assert found["c", "total"][0] == pytest.approx(0.0, abs=1e-9)


def test_morris_effects_of_a_line_are_its_slopes_and_do_not_vary():
    design = Design(kind="morris", n=10, intervals={**UNIT, "a": (0.0, 10.0, False)})
    x = design.samples()
    found = indices(design, 3 * x[:, 0] - 5 * x[:, 1])
    assert found["a", "mu_star"] == pytest.approx((30, 30, 30))
    assert found["b", "mu_star"] == pytest.approx((5, 5, 5))
    assert found["c", "mu_star"] == pytest.approx((0, 0, 0))
    assert all(found[key, "sigma"][0] == pytest.approx(0, abs=1e-9) for key in "abc")


def test_morris_agrees_with_salib():
    design = Design(kind="morris", n=20, intervals=UNIT)
    x = design.samples()
    y = np.sin(3 * x[:, 0]) + x[:, 1] ** 2 * x[:, 2]
    oracle = morris.analyze(design._problem(), x, y, num_resamples=DRAWS, num_levels=4, seed=SEED)
    found = indices(design, y)
    assert [found[k, "mu_star"][0] for k in "abc"] == pytest.approx(list(oracle["mu_star"]))
    assert [found[k, "sigma"][0] for k in "abc"] == pytest.approx(list(oracle["sigma"]))
    for k in "abc":
        value, lo, hi = found[k, "mu_star"]
        assert lo <= value <= hi


def test_whole_intervals_have_every_whole_number_equally_often():
    design = Design(kind="sobol", n=1024, intervals={"k": (1.0, 4.0, True), "b": (0.0, 1.0, False)})
    values, counts = np.unique(design.samples()[:, 0], return_counts=True)
    assert values.tolist() == [1, 2, 3, 4]
    assert counts.min() > 0.95 * counts.max()


def test_an_outcome_that_never_moves_has_no_indices():
    design = Design(kind="sobol", n=8, intervals=UNIT)
    assert design.indices(np.ones(design.size)) == []
    assert design.indices(np.full(design.size, np.nan)) == []


@pytest.mark.parametrize(
    ("text", "lines", "told"),
    [
        (
            "sobol:100",
            ["bias.level=interval(1,4)", "refit_days=int(interval(1,7))"],
            "a power of 2, got 100; the next is 128",
        ),
        ("sobl:64", ["bias.level=interval(1,4)"], "did you mean sobol?"),
        ("morris", ["bias.level=interval(1,4)"], "needs a whole number"),
        ("morris:1", ["bias.level=interval(1,4)"], "from 2 to"),
        ("morris:4", ["bias.level=interval(1,4)"], "two or more"),
        ("sobol:8", ["bias.level=1,2"], "two or more"),
    ],
)
def test_designs_that_cannot_be_are_refused_in_one_line(text, lines, told):
    with pytest.raises(Refused) as refused:
        Design.of(text, read(lines))
    assert len(refused.value.lines) == 1
    assert told in refused.value.lines[0]


@pytest.mark.parametrize(
    ("design", "each", "names"),
    [("sobol:4", 16, {"first_order", "total"}), ("morris:3", 9, {"mu_star", "sigma"})],
)
def test_a_designed_sweep_tells_the_indices_of_every_outcome_by_listed_value(tmp_path, design, each, names):
    swept = ["bias.level=interval(1,4)", "allocation.gamma=interval(0.5,1.5)", "prediction=kde,count"]
    result = loopsim.sweep([*TINY, *swept, f"out={tmp_path / 'x'}"], design=design, say=lambda _: None)
    assert len(result.points) == 2 * each
    assert len(result.swept["bias.level"]) > 3
    table = result.sensitivity()
    assert list(table)[:4] == ["prediction", "arm", "day", "measure"]
    assert set(table["index"]) == names
    assert set(table.key) == {"bias.level", "allocation.gamma"}
    dose = table[(table.measure == "dose") & (table.prediction == "kde")].set_index(["key", "index"]).value
    strong, weak = (
        dose[key, max(names)] if "total" in names else dose[key, "mu_star"]
        for key in ("bias.level", "allocation.gamma")
    )
    assert strong > 0.5
    assert weak == pytest.approx(0, abs=1e-6)


def test_a_range_that_is_broken_somewhere_in_the_interval_is_told_before_anything_runs(tmp_path):
    swept = ["bias.level=interval(-1,4)", "allocation.gamma=interval(0.5,1.5)"]
    with pytest.raises(Refused, match="bias.level must be > 0"):
        loopsim.sweep([*TINY, *swept, f"out={tmp_path / 'x'}"], design="morris:3")
    assert not (tmp_path / "x").exists()
