"""The Mesa agents: what a resident does, what an officer does, what is written down."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml
from scipy import stats

from loopsim.city.city import City
from loopsim.records.page import Page
from loopsim.world.acts import Acts
from loopsim.world.agents import AgentsWorld, CityDay, Officer, Resident

TABLE = Path(__file__).parents[2] / "configs" / "world" / "acts.yaml"
BURGLARY = dict(true_rate=20_000, reported=0.4, discovered=0.3, harm_days=273.5, police_found=False)
BUDGET = 20.0


def some_acts(burglary=None, **changes) -> Acts:
    """One busy offence type, one stop per officer-hour."""
    offences = {"burglary": BURGLARY | (burglary or {})}
    return Acts(**{**yaml.safe_load(TABLE.read_text()), "offences": offences, "stop_rate": 1.0, **changes})


@pytest.fixture
def town(make_grid) -> City:
    """Four by five cells, ten residents each but none in cell 0, orange in the east."""
    grid = make_grid(4, 5)
    residents = np.tile([[10, 0], [8, 2], [5, 5], [2, 8], [0, 10]], (4, 1))
    residents[0] = 0
    return City(grid=grid, groups=("blue", "orange"), residents=residents)


def even_plan(town, days, replicates=1):
    return np.full((replicates, days, town.grid.n), BUDGET / town.grid.n)


def live(acts, town, make_now, *, days=30, plan=None, replicates=(0,), persons=True):
    """The truth, the page and the world after `days` days in one turn."""
    replicates = np.array(replicates, np.uint32)
    world = AgentsWorld(acts, town, seed=4, replicates=replicates, budget=BUDGET, persons=persons)
    page = Page.blank(replicates.size, world.page_capacity(days), persons=persons)
    page.first, page.days = 0, days
    plan = even_plan(town, days, replicates.size) if plan is None else plan
    return world(plan, make_now(town.grid, day=0, days=days, budget=BUDGET), page), page, world


def test_both_groups_offend_equally_often(town, make_now):
    truth, _, _ = live(some_acts(), town, make_now, days=60)
    offences, people = truth.offences_by_group[0].sum(axis=1), town.people
    assert stats.chisquare(offences, people / people.sum() * offences.sum()).pvalue > 0.001
    assert offences.sum() == pytest.approx(60 * 20 / 365 * town.total, rel=0.2)


def test_a_group_with_a_hazard_of_zero_never_offends(town, make_now):
    truth, _, _ = live(some_acts(hazard_multiplier={"orange": 0}), town, make_now)
    blue, orange = truth.offences_by_group[0, :, 0]
    assert blue > 0
    assert orange == 0


def test_without_patrol_only_reports_are_written(town, make_now):
    acts = some_acts()
    _, page, _ = live(acts, town, make_now, plan=np.zeros((1, 30, town.grid.n)))
    assert page.count[0] > 0
    assert set(page.kind[0, : page.count[0]]) == {acts.kinds.index("report", "burglary")}


def test_when_everyone_reports_every_offence_is_written_once(town, make_now):
    acts = some_acts({"reported": 1.0}, stop_rate=0.0)
    truth, page, _ = live(acts, town, make_now)
    cells = np.bincount(page.cell[0, : page.count[0]], minlength=town.grid.n)
    assert np.array_equal(cells, truth.offences[0])


def test_deterrence_without_limit_leaves_no_offence(town, make_now):
    truth, _, _ = live(some_acts(deterrence=1e6), town, make_now)
    assert truth.offences.sum() == 0


def test_the_same_people_offend_under_any_patrol(town, make_now):
    plan = even_plan(town, 30)
    plan[..., 7] *= 5
    first, _, _ = live(some_acts(), town, make_now)
    second, _, _ = live(some_acts(), town, make_now, plan=plan)
    assert np.array_equal(first.offences, second.offences)
    assert not np.array_equal(first.tally, second.tally)


def test_a_row_depends_on_its_replicate_alone(town, make_now):
    alone, _, _ = live(some_acts(), town, make_now, replicates=[3])
    among, _, _ = live(some_acts(), town, make_now, replicates=[1, 3])
    assert np.array_equal(alone.tally[0], among.tally[1])
    assert not np.array_equal(among.tally[0], among.tally[1])


def test_nobody_is_stopped_where_nobody_is(town, make_now):
    plan = np.zeros((1, 30, town.grid.n))
    plan[..., 0] = BUDGET
    _, page, _ = live(some_acts(), town, make_now, plan=plan)
    assert 0 not in page.cell[0, : page.count[0]]


def test_residents_remember_how_often_they_were_stopped_and_recorded(town, make_now):
    acts = some_acts()
    truth, page, world = live(acts, town, make_now)
    people = world.models[0].agents_by_type[Resident]
    stops = acts.kinds.of_channel("stop") | acts.kinds.of_channel("search")
    assert sum(people.get("times_stopped")) == truth.tally[..., stops].sum() > 0
    assert sum(people.get("times_recorded")) == page.count[0]


def test_a_page_without_room_for_people_names_nobody(town, make_now):
    named, page, _ = live(some_acts(), town, make_now)
    unnamed, blank, _ = live(some_acts(), town, make_now, persons=False)
    assert np.array_equal(named.tally, unnamed.tally)
    assert blank.person.shape[1] == 0
    assert page.person[0, : page.count[0]].max() < town.total


def test_a_page_grows_when_more_is_written_than_it_had_room_for(town, make_now):
    _, page, world = live(some_acts({"true_rate": 200_000, "reported": 1.0}), town, make_now, days=7)
    assert page.count[0] > world.page_capacity(7)
    assert page.capacity >= page.count[0]


def test_the_rounds_of_all_officers_are_the_plan(town):
    model = CityDay(some_acts(), town, seed=1, replicate=0, budget=BUDGET)
    patrol = np.arange(town.grid.n) * BUDGET / np.arange(town.grid.n).sum()
    model.send_out(patrol)
    officers = list(model.agents_by_type[Officer])
    walked = np.zeros(town.grid.n)
    for officer in officers:
        for cell, hours in officer.round:
            walked[cell] += hours
    assert len(officers) == 3
    assert walked == pytest.approx(patrol)
    assert [sum(h for _, h in officer.round) for officer in officers] == pytest.approx([BUDGET / 3] * 3)


def test_a_fork_lives_on_with_the_same_past_and_leaves_the_first_alone(town, make_now):
    acts = some_acts(near_repeat=0.6, deterrence=0.2, deterrence_half_life_days=20.0)
    _, _, world = live(acts, town, make_now, days=10)
    other = world.fork()
    due = sum(map(len, world.models[0].repeats.values()))
    now, plan = make_now(town.grid, day=10, days=5, budget=BUDGET), even_plan(town, 5)
    later = [w(plan, now, Page.blank(1, 999)) for w in (other, world)]
    assert due > 0
    assert np.array_equal(later[0].tally, later[1].tally)
    assert np.array_equal(later[0].offences, later[1].offences)
