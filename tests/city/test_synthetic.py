"""Does the synthetic city have the people, the mix and the map that were asked for?"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import yaml

from loopsim.city.mix import dissimilarity
from loopsim.city.synthetic import Synthetic
from loopsim.limits import Refused

CONFIG = Path(__file__).parents[2] / "configs/city/synthetic.yaml"
THREE = {"a": 0.6, "b": 0.3, "c": 0.1}


def synthetic(**changes) -> Synthetic:
    """The default city, smaller and changed."""
    settings = yaml.safe_load(CONFIG.read_text())
    settings.pop("name")
    return Synthetic(**{**settings, "rows": 30, "cols": 20, "residents": 12000, **changes})


def by_hand(residents) -> list[float]:
    """Dissimilarity written out cell by cell."""
    totals = residents.sum(axis=0)
    return [
        sum(abs(cell[g] / totals[g] - cell[0] / totals[0]) for cell in residents) / 2
        for g in range(1, totals.size)
    ]


def test_the_config_has_a_line_for_each_field_and_no_other():
    settings = yaml.safe_load(CONFIG.read_text())
    assert set(settings) - {"name"} == {f.name for f in dataclasses.fields(Synthetic)}


@pytest.mark.parametrize("target", [0, 0.05, 0.3, 0.5, 0.8, 0.95])
@pytest.mark.parametrize("groups", [{"blue": 0.75, "orange": 0.25}, THREE])
def test_the_dissimilarity_is_met_together_with_the_shares(target, groups):
    city = synthetic(segregation=target, groups=groups, deprivation_corr=0.3).build(3)
    assert by_hand(city.residents) == pytest.approx([target] * (len(groups) - 1), abs=0.01)
    assert city.people.tolist() == [round(share * 12000) for share in groups.values()]


@pytest.mark.parametrize(
    ("rows", "cols", "residents"), [(5, 5, 500), (5, 9, 400), (1, 30, 3000), (60, 80, 100_000)]
)
@pytest.mark.parametrize("seed", [1, 2])
def test_cities_of_any_shape_meet_the_dissimilarity(rows, cols, residents, seed):
    city = synthetic(rows=rows, cols=cols, residents=residents).build(seed)
    assert by_hand(city.residents) == pytest.approx([0.5], abs=0.01)
    assert city.total == residents and city.residents.min() >= 0


def test_shares_that_do_not_divide_are_met_to_the_person():
    city = synthetic(groups={"a": 2 / 3, "b": 1 / 3}, residents=10_000).build(1)
    assert city.people.tolist() == [6667, 3333]


def test_a_seed_is_a_city():
    one, same, other = synthetic().build(4), synthetic().build(4), synthetic().build(5)
    assert np.array_equal(one.residents, same.residents)
    assert all(np.array_equal(one.grid.points[k], same.grid.points[k]) for k in one.grid.points)
    assert np.array_equal(one.grid.layers["deprivation"], same.grid.layers["deprivation"])
    assert not np.array_equal(one.residents, other.residents)


def test_the_citys_own_seed_goes_before_the_seed_of_the_run():
    assert np.array_equal(synthetic(seed=4).build(9).residents, synthetic().build(4).residents)


@pytest.mark.parametrize("target", [-0.6, 0.0, 0.5, 0.8])
def test_deprivation_follows_the_last_groups_share_as_asked(target):
    city = synthetic(deprivation_corr=target).build(2)
    here = city.residents.sum(axis=1) > 0
    deprivation, share = city.grid.layers["deprivation"], city.share[:, -1]
    assert np.corrcoef(deprivation[here], share[here])[0, 1] == pytest.approx(target, abs=0.011)
    assert (deprivation.min(), deprivation.max()) == (0, 1)


def neighbours_alike(city) -> float:
    """Correlation of a cell's share with that of the cell to its east."""
    share = city.share[:, -1].reshape(city.grid.rows, city.grid.cols)
    return float(np.corrcoef(share[:, :-1].ravel(), share[:, 1:].ravel())[0, 1])


def test_a_shuffled_city_keeps_its_dissimilarity_and_loses_its_neighbourhoods():
    city, shuffled = synthetic().build(6), synthetic(shuffle=True).build(6)
    assert dissimilarity(shuffled.residents) == pytest.approx([0.5], abs=0.01)
    assert neighbours_alike(city) > 0.6 and abs(neighbours_alike(shuffled)) < 0.2


def test_the_even_city_has_one_mix_in_every_inhabited_cell():
    city = synthetic(segregation=0).build(1)
    here = city.residents.sum(axis=1) > 0
    assert city.share[here, 1] == pytest.approx(0.25, abs=1e-12)


def test_opposite_edges_are_not_neighbours():
    # a map made on a torus would have nearly equal east and west edges
    many = [synthetic(density_sd=1, density_m=1e9).build(s).grid.layers["residents"] for s in range(12)]
    edges = np.array([m.reshape(30, 20)[:, [0, 1, -1]] for m in many])
    west, beside, east = (edges[..., i].ravel() for i in range(3))
    assert np.corrcoef(west, beside)[0, 1] > 0.8 and np.corrcoef(west, east)[0, 1] < 0.4


def test_layers_are_those_the_grid_promises():
    city = synthetic().build(1)
    promised = {"residents", "deprivation", "share:blue", "share:orange"}
    assert promised | set(synthetic().statistics) == set(city.grid.layers)
    assert np.array_equal(city.grid.layers["residents"], city.residents.sum(axis=1))


def test_districts_are_the_compass():
    grid = synthetic(rows=6, cols=6).build(1).grid
    named = np.array(grid.districts)[grid.district].reshape(6, 6)
    assert named[0, 0] == "north_west" and named[3, 3] == "centre" and named[5, 5] == "south_east"
    assert named[0, 3] == "north" and named[2, 0] == "west" and np.unique(grid.district).size == 9


def test_venues_stand_inside_and_follow_their_pull():
    kinds = {"bars": {"count": 4000, "people": 0, "centrality": 5}, "none": {"count": 0}}
    grid = synthetic(venues=kinds).build(1).grid
    cells = grid.cells_of(grid.points["bars"])
    assert cells.size == 4000 and cells.min() >= 0 and grid.points["none"].shape == (0, 2)
    middle = np.array(grid.districts)[grid.district[cells]] == "centre"
    assert middle.mean() > 2 / 9


def test_a_new_kind_of_venue_moves_no_other():
    bars = {"bars": {"per_1000": 1.0}}
    both = synthetic(venues={"parks": {"count": 9}, **bars}).build(1).grid.points
    assert np.array_equal(both["bars"], synthetic(venues=bars).build(1).grid.points["bars"])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"groups": {"a": 0.7, "b": 0.2}}, "must sum to 1, got 0.9"),
        ({"groups": {"a": 1.0}}, "2 to 8 groups"),
        ({"groups": {"a": 1.5, "b": -0.5}}, "city.groups.a must be > 0"),
        ({"groups": {"a/b": 0.5, "b": 0.5}}, "plain names"),
        ({"groups": {"a": 0.9999, "b": 0.0001}, "residents": 100}, "at least one of 100"),
        ({"segregation": float("nan")}, "city.segregation must be >= 0 and <= 1, got nan"),
        ({"rows": 0}, "city.rows"),
        ({"residents": 12.5}, "whole number"),
        ({"shuffle": "yes"}, "city.shuffle must be true or false"),
        ({"venues": {"bars": {"count": 1, "centralty": 2}}}, "did you mean centrality"),
        ({"venues": {"bars": {"centrality": 2}}}, "either per_1000 or count"),
        ({"venues": {"bars": {"count": -2}}}, "city.venues.bars.count must be >= 0"),
    ],
)
def test_bad_numbers_are_refused_with_the_key_to_set(changes, words):
    with pytest.raises(Refused, match=words) as refusal:
        synthetic(**changes)
    assert "set city." in refusal.value.lines[0] or "remove city." in refusal.value.lines[0]


def test_an_unreachable_dissimilarity_is_refused_with_what_can_be_reached():
    with pytest.raises(Refused, match=r"segregation 0\.5 cannot be reached.*nearest is 0\.0000") as refusal:
        synthetic(rows=1, cols=1).build(1)
    assert len(refusal.value.lines) == 1


def test_an_unreachable_correlation_is_refused():
    with pytest.raises(Refused, match="city.deprivation_corr must be nearer 0"):
        synthetic(deprivation_corr=1).build(1)
