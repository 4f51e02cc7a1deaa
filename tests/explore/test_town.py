"""The town behind the sliders, and the pictures of it."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.collections import PathCollection

from loopsim.explore import pictures
from loopsim.explore.model import ALLOCATIONS, EVIDENCE, MODELS, Town, usual
from loopsim.study.compose import compose

SMALL = ("city.rows=10", "city.cols=9", "city.residents=700", "history_days=28", "days=28", "measure_days=14",
         "allocation.budget=24")  # fmt: skip


def small(**sliders):
    overrides = list(SMALL) + (
        ["prediction.window_days=28"] if sliders.get("prediction") != "population" else []
    )
    return Town(**{"hotspots": 6, **sliders}, overrides=overrides)


@pytest.fixture(scope="module")
def town():
    """A small town after two weeks."""
    model = small()
    model.step()
    model.step()
    return model


def test_the_sliders_start_at_the_values_of_the_scenario():
    loop = compose(["arms=[loop]"], scenario="classroom").setups["loop"]
    start = usual()
    assert start["bias"] == loop.bias.level
    assert start["hotspots"] == loop.allocator.k
    assert start["stops"] == pytest.approx(100 * loop.world.stop_rate)
    assert start["allocation"] in ALLOCATIONS and start["prediction"] in MODELS
    assert start["evidence"] in EVIDENCE
    town = Town.__init__.__kwdefaults__
    assert {k: town[k] for k in start} == start


def test_each_slider_reaches_the_stage_it_names():
    model = small(
        bias=3, segregation=0.2, reporting=0.5, stops=4, hotspots=5, evidence="reports only", seed=4
    )
    setup, usual_acts = model.setup, compose(["arms=[loop]"], scenario="classroom").setups["loop"].world
    assert (setup.bias.level, setup.city.segregation, setup.allocator.k) == (3, 0.2, 5)
    assert setup.world.stop_rate == pytest.approx(0.04)
    assert setup.run.seed == 4 and setup.names["remedy"] == "reports_only"
    for name, row in setup.world.offences.items():
        assert row["reported"] == pytest.approx(0.5 * usual_acts.offences[name]["reported"])


def test_reporting_never_exceeds_certainty():
    shares = [row["reported"] for row in small(reporting=2).setup.world.offences.values()]
    assert max(shares) == 1


def test_an_allocation_without_hotspots_leaves_that_slider_unused():
    model = small(allocation="proportional", prediction="population")
    model.step()
    assert (model.maps["patrol"] > 0).sum() > 6


def test_totals_add_up_what_every_step_saw(town):
    assert town.totals["patrol"].sum() == pytest.approx(24 * town.day)
    people = town.city.people
    offences = sum((row["true_rate"] * people).sum() * 7 / 365 / 1000 for _, row in town.past)
    assert town.totals["offences"].sum() == pytest.approx(offences)


def test_the_squares_are_the_cells_that_officers_patrol(town):
    patrolled = np.unique(np.concatenate(town.beats))
    assert np.array_equal(patrolled, np.flatnonzero(town.maps["patrol"]))
    axis = pictures.town(town).axes[0]
    marks = [c for c in axis.collections if isinstance(c, PathCollection)][len(town.groups) :]
    drawn = np.concatenate([m.get_offsets() for m in marks]).astype(int)
    assert set(map(tuple, drawn)) == {(c % 9, c // 9) for c in patrolled}


def test_every_resident_is_a_dot_in_the_cell_of_their_home(town):
    axis = pictures.town(town).axes[0]
    for g in range(len(town.groups)):
        x, y = axis.collections[g].get_offsets().T.astype(int)
        homes = np.bincount(y * 9 + x, minlength=town.city.grid.n)
        assert np.array_equal(homes, town.city.residents[:, g])


def test_the_chart_shows_means_since_day_0(town):
    figure = pictures.curves(town)
    hours = figure.axes[0].lines[0].get_ydata()
    first, second = (row["patrol_exposure"][0] * 365 for _, row in town.past)
    assert hours == pytest.approx([first, (first + second) / 2])


def test_the_words_are_the_numbers_of_the_chart(town):
    lines = pictures.words(town)
    assert lines[0].startswith("Day 14.")
    blue, orange = pictures.so_far(town, "stop_rate")[-1]
    assert f"Stops per 1,000 residents: blue {blue:.1f}, orange {orange:.1f}." in lines


def test_before_the_first_step_there_are_pictures_and_words_too():
    model = small()
    assert pictures.words(model)[0].startswith("Day 0.")
    assert len(pictures.curves(model).axes) == len(pictures.CURVES)
    assert not pictures.town(model).axes[1].images[0].get_array().any()
