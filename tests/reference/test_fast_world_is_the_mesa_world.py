"""Is the fast world the readable one? Every law, every channel, against the Mesa agents.

Both worlds live the same small city under the same patrols; per replicate they yield a row
of figures (offences by group, type, cell and week; records by group and kind; records at
home; ...). Each figure is compared over replicates by Welch's t test, Bonferroni over all
figures and settings: p > 0.001.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml
from scipy import stats

from loopsim.city.city import City
from loopsim.city.grid import Grid
from loopsim.philox import Dice
from loopsim.records.page import Page
from loopsim.stages import Now
from loopsim.world.acts import Acts
from loopsim.world.agents import AgentsWorld
from loopsim.world.fast import FastWorld

TABLE = Path(__file__).parents[2] / "configs" / "world" / "acts.yaml"
SIDE, WEEKS, BUDGET = 7, 4, 30.0
BUSY = {
    "offences": {
        "burglary": dict(true_rate=25_000, reported=0.5, discovered=0.1, harm_days=273.5, police_found=False),
        "robbery": dict(true_rate=15_000, reported=0.2, discovered=0.5, harm_days=365, police_found=False),
    },
    "stop_rate": 0.8,
}
OPTIONS = {
    "nothing": {},
    "deprivation": {"reporting_by_deprivation": 0.8},
    "patrol_raises_reporting": {"patrol_raises_reporting": 0.9},
    "hazard_multiplier": {"hazard_multiplier": {"orange": 0.4}},
    "stop_bias": {"stop_bias": {"orange": 3.0}},
    "label_and_chill": {"label_effect": 1.5, "chill": 0.4, "journey_m": 200.0},
    "journey": {"journey_m": 150.0},
    "venues": {"venue_pull": 0.5, "journey_m": 100.0, "chill": 0.5},
    "near_repeat": {"near_repeat": 0.5, "near_repeat_lag_days": 4.0, "near_repeat_spread_m": 150.0},
    "deterrence": {"deterrence": 0.4, "deterrence_half_life_days": 2.0},
    "diffusion": {"deterrence": 0.4, "diffusion": 0.6},
    "displacement": {"deterrence": 1.0, "displacement": 0.7, "displacement_m": 310.0},
}
OPTIONS["everything"] = {name: value for extra in OPTIONS.values() for name, value in extra.items()}
TESTS = 400 * len(OPTIONS)  # at most so many figures: the Bonferroni factor


@pytest.fixture(scope="module")
def town() -> City:
    """Seven by seven cells with a corner cut off, two groups that live apart, two kinds of venue."""
    rng = np.random.default_rng(1)
    n = SIDE * SIDE
    inside = np.ones(n, bool)
    inside[[5, 6, 13]] = False
    east = np.arange(n) % SIDE / (SIDE - 1)
    residents = rng.poisson(np.column_stack([8 * (1 - east), 8 * east])) * inside[:, None]
    residents[24] = 0
    layers = {"residents": residents.sum(axis=1) * 1.0, "deprivation": east}
    points = {"bars": np.array([[100.0, 100.0], [900.0, 500.0]]), "nightclubs": np.array([[120.0, 90.0]])}
    grid = Grid(
        rows=SIDE, cols=SIDE, cell_m=150.0, inside=inside, layers=layers, points=points,
        district=np.where(inside, 0, -1), districts=("town",),
    )  # fmt: skip
    return City(grid=grid, groups=("blue", "orange"), residents=residents)


def the_acts(**changes) -> Acts:
    """The acts of configs/world/acts.yaml with busier people."""
    return Acts(**{**yaml.safe_load(TABLE.read_text()), **BUSY, **changes})


def a_plan(grid: Grid) -> np.ndarray:
    """(weeks, 7, n) officer-hours: a few cells take most, other cells every day, some never."""
    rng = np.random.default_rng(2)
    weight = rng.exponential(size=(WEEKS, 7, grid.n)) ** 3 * grid.inside
    weight[..., grid.n // 2 :: 4] = 0
    return BUDGET * weight / weight.sum(axis=-1, keepdims=True)


def figures(make, acts: Acts, town: City, replicates: np.ndarray) -> dict[str, np.ndarray]:
    """What happened and what was written, (R,) per figure."""
    world = make(acts, town, seed=5, replicates=replicates, budget=BUDGET, persons=True)
    dice = Dice(seed=5, replicates=replicates)
    plan, parts = a_plan(town.grid), []
    for week in range(WEEKS):
        now = Now(day=7 * week, days=7, budget=BUDGET, grid=town.grid, dice=dice)
        page = Page.blank(replicates.size, world.page_capacity(7), persons=True)
        page.first, page.days = now.day, 7
        truth = world(np.broadcast_to(plan[week], (replicates.size, 7, town.grid.n)), now, page)
        parts.append({**_of_the_truth(truth, week), **_of_the_page(page, acts.kinds, town, week)})
    names = {name for part in parts for name in part}
    return {name: sum(part[name] for part in parts if name in part) for name in sorted(names)}


def _of_the_truth(truth, week):
    offences = truth.offences.copy()
    found = {f"offences in cell {c}": offences[:, c] for c in range(offences.shape[1])}
    found |= {f"offences in week {week}": offences.sum(axis=1)}
    found |= {"crowding": (offences.astype(float) ** 2).sum(axis=1)}
    for name in ("offences_by_group", "tally"):
        table = getattr(truth, name).copy()
        for g, k in np.ndindex(table.shape[1:]):
            found[f"{name} {g} {k}"] = table[:, g, k]
    return found


def _of_the_page(page, kinds, town, week):
    found = {f"records in week {week}": page.count.copy()}
    channel = kinds.channel
    for c in range(5):
        for name in ("anywhere", "at home", "in the west", "by hours", "by day", "by deprivation"):
            found[f"channel {c} {name}"] = np.zeros(page.count.size)
    for r in range(page.count.size):
        day, cell, kind, patrol, person = (
            getattr(page, name)[r, : page.count[r]] for name in ("day", "cell", "kind", "patrol", "person")
        )
        values = {
            "anywhere": np.ones(cell.size), "at home": town.home[person] == cell, "in the west": cell % SIDE < 3,
            "by hours": patrol, "by day": day, "by deprivation": town.grid.layers["deprivation"][town.home[person]],
        }  # fmt: skip
        for name, value in values.items():
            sums = np.bincount(channel[kind], weights=value, minlength=5)
            for c in range(5):
                found[f"channel {c} {name}"][r] = sums[c]
    return found


@pytest.mark.parametrize("option", OPTIONS)
def test_the_two_worlds_agree_on_every_channel(option, town):
    acts = the_acts(**OPTIONS[option])
    slow = figures(AgentsWorld, acts, town, np.arange(16, dtype=np.uint32))
    fast = figures(FastWorld, acts, town, np.arange(100, 228, dtype=np.uint32))
    assert slow.keys() == fast.keys()
    assert len(slow) < TESTS / len(OPTIONS)
    apart = {name: _p(slow[name], fast[name]) for name in slow}
    worst = {
        name: (p, slow[name].mean(), fast[name].mean()) for name, p in apart.items() if p < 0.001 / TESTS
    }
    assert not worst


def _p(a, b) -> float:
    """Welch's p; two constants agree if they are equal, and then only."""
    if a.std() == 0 and b.std() == 0:
        return float(a[0] == b[0])
    return stats.ttest_ind(a, b, equal_var=False).pvalue


def test_the_comparison_notices_a_tenth_more_crime(town):
    more = {name: row | {"true_rate": row["true_rate"] * 1.1} for name, row in BUSY["offences"].items()}
    slow = figures(AgentsWorld, the_acts(), town, np.arange(16, dtype=np.uint32))
    fast = figures(FastWorld, the_acts(offences=more), town, np.arange(100, 228, dtype=np.uint32))
    assert min(_p(slow[name], fast[name]) for name in slow) < 0.001 / TESTS
