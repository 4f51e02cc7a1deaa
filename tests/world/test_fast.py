"""The fast world: same crimes under every plan, more patrol only adds records, nothing is lost."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml

from loopsim.city.city import City
from loopsim.records.kinds import CHANNELS
from loopsim.records.page import Page
from loopsim.world.acts import Acts
from loopsim.world.fast import FastWorld

TABLE = Path(__file__).parents[2] / "configs" / "world" / "acts.yaml"
BUDGET = 40.0
EVERYTHING = dict(
    near_repeat=0.5, deterrence=0.5, displacement=0.6, diffusion=0.3, journey_m=200.0, chill=0.3,
    label_effect=1.0, patrol_raises_reporting=0.5, venue_pull=0.2, venues=["bar"],
    hazard_multiplier={"orange": 0.5}, stop_bias={"orange": 2.0}, reporting_by_deprivation=0.5,
)  # fmt: skip


def busy(**changes) -> Acts:
    """The default table with offences 100 times as frequent and a stop an officer-hour."""
    table = yaml.safe_load(TABLE.read_text())
    offences = {k: v | {"true_rate": 100 * v["true_rate"]} for k, v in table["offences"].items()}
    if "reported" in changes:
        offences = {k: v | {"reported": changes["reported"]} for k, v in offences.items()}
        del changes["reported"]
    return Acts(**{**table, "offences": offences, "stop_rate": 1.0, **changes})


@pytest.fixture
def town(make_grid) -> City:
    """Six by eight cells, orange in the east, nobody in cell 0."""
    grid = make_grid(6, 8, outside=2)
    east = np.arange(48) % 8
    residents = np.column_stack([14 - 2 * east, 2 * east]) * grid.inside[:, None]
    residents[0] = 0
    return City(grid=grid, groups=("blue", "orange"), residents=residents)


@pytest.fixture
def live(town, make_now):
    """A function that lives `days` days in one turn; returns the truth and the page."""

    def run(acts, plan, *, days=14, day=0, replicates=(0, 1), world=None):
        replicates = np.array(replicates, np.uint32)
        world = world or FastWorld(acts, town, seed=5, replicates=replicates, budget=BUDGET, persons=True)
        page = Page.blank(replicates.size, world.page_capacity(days), persons=True)
        page.first, page.days = day, days
        plan = np.broadcast_to(np.asarray(plan, float), (replicates.size, days, town.grid.n))
        return world(plan, make_now(town.grid, day=day, days=days, budget=BUDGET), page), page

    return run


def even(town):
    return BUDGET * town.grid.inside / town.grid.inside.sum()


def one_cell(town, cell=20):
    return BUDGET * (np.arange(town.grid.n) == cell)


def log(page, row=0):
    """Every record of a replicate as a set of rows."""
    m = page.count[row]
    columns = [getattr(page, c)[row, :m] for c in ("day", "cell", "kind", "person")]
    return sorted(zip(*(c.tolist() for c in columns), strict=True))


def by_channel(page, kinds, row=0):
    return np.bincount(kinds.channel[page.kind[row, : page.count[row]]], minlength=5)


def test_the_offence_log_is_the_same_event_for_event_under_every_plan(town, live):
    """With everything reported the page is the log of offences."""
    acts = busy(reported=1.0, stop_rate=0.0, near_repeat=0.4)
    logs = [log(live(acts, plan)[1]) for plan in (even(town), one_cell(town), np.zeros(town.grid.n))]
    assert len(logs[0]) > 500
    assert logs[0] == logs[1] == logs[2]


def test_cutting_the_days_into_turns_changes_nothing(town, live):
    for changes in ({}, EVERYTHING):
        acts = busy(**changes)
        whole = log(live(acts, even(town), days=14)[1])
        world = FastWorld(
            acts, town, seed=5, replicates=np.arange(2, dtype=np.uint32), budget=BUDGET, persons=True
        )
        parts = [live(acts, even(town), days=7, day=d, world=world)[1] for d in (0, 7)]
        assert sorted(log(parts[0]) + [(d + 7, *rest) for d, *rest in log(parts[1])]) == whole


def test_a_replicate_does_not_know_its_neighbours(town, live):
    acts = busy(**EVERYTHING)
    assert log(live(acts, even(town), replicates=(0, 1, 2))[1], 2) == log(
        live(acts, even(town), replicates=(2,))[1]
    )


def test_more_patrol_only_adds_records(town, live):
    """Every record under half the patrol is there under the whole, with the same person."""
    acts = busy(intelligence=0.0)
    whole, half = (live(acts, p)[1] for p in (even(town), even(town) / 2))
    crimes = [r for r in log(half) if acts.kinds.channel[r[2]] != CHANNELS.index("stop")]
    assert set(log(half)) <= set(log(whole))
    assert len(crimes) > 100


def test_a_longer_visit_only_adds_stops_even_beyond_one_piece(town, live):
    acts = busy(reported=0.0, intelligence=0.0, stop_rate=1.0)
    logs = [log(live(acts, one_cell(town) * f)[1]) for f in (0.5, 1.0, 2.0)]
    stops = [[r for r in x if acts.kinds.channel[r[2]] in (2, 3)] for x in logs]
    assert set(stops[0]) <= set(stops[1]) <= set(stops[2])
    assert len(stops[2]) / 14 == pytest.approx(2 * BUDGET, rel=0.2)


def test_deterrence_prevents_ever_more_and_never_makes_a_crime(town, live):
    free = busy(reported=1.0, stop_rate=0.0)
    logs = [
        log(live(busy(reported=1.0, stop_rate=0.0, deterrence=k), even(town))[1]) for k in (0.0, 0.1, 1.0)
    ]
    assert logs[0] == log(live(free, even(town))[1])
    assert set(logs[2]) < set(logs[1]) < set(logs[0])


def test_records_never_outnumber_offences(town, live):
    truth, page = live(busy(**EVERYTHING), even(town))
    kinds = busy().kinds
    report, discovery, *_ = by_channel(page, kinds)
    assert 0 < report + discovery <= truth.offences[0].sum()
    assert truth.offences_by_group[0].sum() == truth.offences[0].sum()
    assert np.array_equal(
        truth.tally[0].sum(axis=0), np.bincount(page.kind[0, : page.count[0]], minlength=len(kinds))
    )


def test_no_patrol_means_reports_only(town, live):
    acts = busy()
    report, *others = by_channel(live(acts, np.zeros(town.grid.n))[1], acts.kinds)
    assert report > 0
    assert others == [0, 0, 0, 0]


def test_nobody_is_stopped_where_nobody_is(town, live):
    acts = busy()
    _, page = live(acts, one_cell(town, cell=0))
    assert set(acts.kinds.channel[page.kind[0, : page.count[0]]]) == {0}


def test_every_person_on_the_page_lives_where_the_record_says(town, live):
    _, page = live(busy(), even(town))
    m = page.count[0]
    assert np.array_equal(town.home[page.person[0, :m]], page.cell[0, :m])


def test_an_offence_stays_in_the_city(town, live):
    truth, _ = live(busy(journey_m=1500.0, near_repeat=0.6, near_repeat_spread_m=900.0), even(town))
    assert truth.offences[:, ~town.grid.inside].sum() == 0
    assert truth.offences.sum() > 500


def test_near_repeats_keep_the_number_of_offences(town, live):
    """Repeats replace first offences: 14 weeks, the first two left out while the queue fills."""
    totals = []
    for theta in (0.0, 0.6):
        acts = busy(near_repeat=theta, near_repeat_lag_days=2.0, stop_rate=0.0)
        world = FastWorld(
            acts, town, seed=5, replicates=np.arange(2, dtype=np.uint32), budget=BUDGET, persons=True
        )
        live(acts, even(town), day=0, world=world)
        totals.append(live(acts, even(town), day=14, days=84, world=world)[0].offences.sum())
    assert totals[1] == pytest.approx(totals[0], abs=5 * np.sqrt(totals[0]) / (1 - 0.6))


def test_a_fork_lives_the_same_future_and_leaves_its_parent_alone(town, live):
    acts = busy(**EVERYTHING)
    world = FastWorld(
        acts, town, seed=5, replicates=np.arange(2, dtype=np.uint32), budget=BUDGET, persons=True
    )
    live(acts, even(town), world=world)
    fork = world.fork()
    later = log(live(acts, even(town), day=14, world=fork)[1])
    assert log(live(acts, even(town), day=14, world=world)[1]) == later


SCRIPT = """
import sys; sys.path[:0] = [{tests!r}, {world!r}]
import conftest, test_fast, numpy as np, hashlib
town = test_fast.town.__wrapped__(conftest.a_grid) if hasattr(test_fast.town, '__wrapped__') else None
acts = test_fast.busy(**test_fast.EVERYTHING)
live = test_fast.live.__wrapped__(town, conftest.a_now)
print(test_fast.digest(live(acts, test_fast.even(town), days=5)))
"""


def digest(lived) -> str:
    truth, page = lived
    parts = [log(page, r) for r in range(2)] + [truth.offences.tolist(), truth.tally.tolist()]
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def test_the_kernels_equal_their_pure_python_selves(town, live):
    expected = digest(live(busy(**EVERYTHING), even(town), days=5))
    here = Path(__file__).parent
    script = SCRIPT.format(tests=str(here.parent), world=str(here))
    env = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(here.parents[1])}
    out = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True, env=env, check=False
    )
    assert out.returncode == 0, out.stderr[-800:]
    assert out.stdout.strip() == expected
