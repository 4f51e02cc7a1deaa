"""Small cities and invented ledgers for every test.

Three factories, as fixtures that return functions:

    def test_something(make_grid, make_ledger, make_now):
        grid = make_grid(5, 7, outside=3)                     # public map: layers, venues, districts
        ledger = make_ledger(grid, replicates=2, days=60)     # ends yesterday: today is day 0
        now = make_now(grid, ledger, budget=48.0, days=7)     # dice, notes and evidence inside
        risk = Kde(sigma_m=150.0, ...)(now.evidence, now)

`make_ledger(..., rate=None)` invents Poisson records per cell and day; pass `counts=(R, n)` for
exactly that many reports per cell on every day instead. `page_days` cuts the past into pages.
`make_now(..., weights=None)` weighs every record 1 unless told otherwise.
"""

from __future__ import annotations

import numpy as np
import pytest

from loopsim.city.grid import Grid
from loopsim.philox import Dice
from loopsim.records.evidence import Evidence
from loopsim.records.kinds import Kinds
from loopsim.records.ledger import Ledger
from loopsim.stages import Now
from loopsim.study import store

# What draws, or tests what happens while a run draws: three seconds a run that nobody else looks at.
PICTURED = ("charts", "report", "browser", "lesson", "test_store")
VENUES = ("bar", "takeaway", "school", "supermarket", "high_rise", "station")


@pytest.fixture(autouse=True, scope="module")
def no_pictures(request):
    """Runs write their tables and maps only, except in the rooms that look at pictures."""
    with pytest.MonkeyPatch.context() as patch:
        if not {request.path.stem, request.path.parent.name} & set(PICTURED):
            patch.setattr(store, "_show", lambda result, folder: None)
        yield


@pytest.fixture
def kinds() -> Kinds:
    """Two offence types, two carried items, three grades of intelligence: 10 kinds."""
    return a_table_of_kinds()


def a_table_of_kinds() -> Kinds:
    """See `kinds`."""
    return Kinds(
        offences=("burglary", "drug_trafficking"),
        carried=("drugs", "weapons"),
        harm={"burglary": 273.5, "drug_trafficking": 5.0, "drugs": 3.0, "weapons": 273.75},
        police_found=frozenset({"drug_trafficking", "drugs", "weapons"}),
        grades=(0.25, 0.5, 1.0),
    )


@pytest.fixture
def make_grid():
    """A public map of rows x cols cells; `outside` cells are cut off at the end of the first rows."""
    return a_grid


def a_grid(rows=6, cols=8, *, cell_m=150.0, outside=0, groups=("blue", "orange"), seed=1) -> Grid:
    """See `make_grid`."""
    rng = np.random.default_rng([seed, rows, cols])
    n = rows * cols
    inside = np.ones((rows, cols), bool)
    for i in range(outside):
        inside[i % rows, cols - 1 - i // rows] = False
    inside = inside.ravel()
    shares = rng.dirichlet(np.ones(len(groups)), n) * inside[:, None]
    layers = {"residents": rng.integers(1, 60, n) * 1.0 * inside, "deprivation": rng.random(n) * inside}
    layers |= {f"share:{name}": shares[:, g].copy() for g, name in enumerate(groups)}
    size = np.array([cols, rows]) * cell_m
    points = {kind: rng.random((4 + 3 * i, 2)) * size for i, kind in enumerate(VENUES)}
    district = np.where(inside, np.arange(n) // max(n // 3, 1) % 3, -1)
    return Grid(
        rows=rows, cols=cols, cell_m=cell_m, inside=inside, layers=layers, points=points,
        district=district, districts=("north", "middle", "south"),
    )  # fmt: skip


@pytest.fixture
def make_ledger():
    """An invented past of `days` days that ends the day before day 0."""
    return a_ledger


def a_ledger(
    grid, *, replicates=2, days=60, page_days=7, rate=0.2, counts=None, seed=2, memory_days=np.inf,
    persons=False, kinds=None,
) -> Ledger:  # fmt: skip
    """See `make_ledger`; row r depends on the seed and on r alone."""
    kinds = kinds or a_table_of_kinds()
    ledger = Ledger(kinds, grid.n, replicates, memory_days=memory_days, persons=persons)
    for first in range(-days, 0, page_days):
        length = min(page_days, -first)
        rows = [
            _records(grid, kinds, length, rate, None if counts is None else counts[r], [seed, r, -first])
            for r in range(replicates)
        ]
        page = ledger.blank_page(first, length, max(row["cell"].size for row in rows))
        for r, row in enumerate(rows):
            write(page, r, **row)
        ledger.add(page)
    return ledger


def _records(grid, kinds, days, rate, counts, seed) -> dict:
    rng = np.random.default_rng(seed)
    per_cell = rng.poisson(rate * days, grid.n) * grid.inside if counts is None else np.asarray(counts) * days
    cell = np.repeat(np.arange(grid.n), per_cell)
    if counts is not None:
        day = np.tile(np.arange(days), cell.size // days)
        return {"day": day, "cell": cell, "kind": np.zeros(cell.size, int), "patrol": np.ones(cell.size)}
    shuffled = rng.permutation(cell)
    return {
        "day": rng.integers(0, days, cell.size),
        "cell": shuffled,
        "kind": rng.integers(0, len(kinds), cell.size),
        "patrol": np.where(rng.random(cell.size) < 0.3, 0.0, rng.exponential(1.0, cell.size)),
    }


def write(page, row, *, day, cell, kind, patrol, person=-1) -> None:
    """Write one replicate's records on a page."""
    m = len(cell)
    if page.times.shape != page.cell.shape:
        page.times = np.ones(page.cell.shape, np.int32)  # the columns were exchanged
    page.count[row] = m
    page.day[row, :m], page.cell[row, :m], page.kind[row, :m], page.patrol[row, :m] = day, cell, kind, patrol
    if page.person.shape[1]:
        page.person[row, :m] = person


@pytest.fixture
def make_now():
    """What a stage may know on the morning of `day`; `now.evidence` shows the whole ledger."""
    return a_now


def a_now(
    grid, ledger=None, *, day=None, days=7, budget=48.0, seed=3, replicates=None, weights=None, notes=None
) -> Now:
    """See `make_now`; the replicates are numbered 0 .. R-1 unless given."""
    day = (ledger.today if ledger else 0) if day is None else day
    if replicates is None:
        replicates = np.arange(ledger.replicates if ledger else 2)
    dice = Dice(seed=seed, replicates=np.asarray(replicates, np.uint32))
    evidence = None
    if ledger is not None:
        weights = np.ones(len(ledger.kinds)) if weights is None else np.asarray(weights, float)
        evidence = Evidence(ledger=ledger, today=day, weights=weights, budget=budget)
    notes = {} if notes is None else notes
    return Now(day=day, days=days, budget=budget, grid=grid, dice=dice, evidence=evidence, notes=notes)
