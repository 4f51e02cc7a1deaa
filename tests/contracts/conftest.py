"""A tiny city in which every stage of the config folders runs: adding a file tests it.

A test with an argument `predictor`, `allocator` or `remedy` is run once for each option of
that room, by name. Stages are asked in two ways: `life` runs the real loop with the stage in it,
`make_stage` gives the stage alone, for an invented ledger on `place`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pytest
from conftest import a_ledger, a_now

from loopsim.study import run as runner
from loopsim.study.compose import compose
from loopsim.study.config import catalogue
from loopsim.study.config.schema import hints, stage_class

ROOMS = {"predictor": "prediction", "allocator": "allocation", "remedy": "remedy"}
REPLICATES = (0, 1, 2)
LONGEST_PAST = 2200  # days; a window that is longer sees what there is
TINY = (
    "city.rows=8", "city.cols=10", "city.residents=2400", "city.density_sd=0.5", "city.density_m=600",
    "world.stop_rate=0.2", "allocation.budget=48", "days=28", "refit_days=7", "measure_days=21", "arms=[loop]",
)  # fmt: skip


def pytest_generate_tests(metafunc):
    for argument, room in ROOMS.items():
        if argument in metafunc.fixturenames:
            metafunc.parametrize(argument, sorted(catalogue.options(room, catalogue.folders())))


@dataclass(frozen=True, eq=False)
class Seen:
    """One turn as it was lived: copies, valid for good."""

    risk: np.ndarray
    plan: np.ndarray
    offences: np.ndarray
    by_group: np.ndarray


@lru_cache(maxsize=256)
def setup_of(*overrides: str):
    """The arm `loop` of the tiny city with these overrides, the history as long as the model's memory."""
    names = {"prediction": "kde", "allocation": "top_cells", "remedy": "nothing"}
    names |= dict(o.split("=", 1) for o in overrides if o.split("=")[0] in names)
    few = ["allocation.k=20"] if "k" in hints(stage_class("allocation", names["allocation"])) else []
    lines = [*TINY, *(f"{room}={name}" for room, name in names.items()), *few, *overrides]
    probe = compose(["history_days=100000", *lines]).setups["loop"]
    memory = max(getattr(s, "memory_days", 0) for s in (probe.predictor, probe.allocator, probe.remedy))
    days = int(min(max(memory, 60), LONGEST_PAST))
    return replace(probe, run=replace(probe.run, history_days=days))


@lru_cache(maxsize=64)
def city_of(seed: int):
    """The tiny city, with venues and all public layers."""
    return setup_of().city.build(seed)


def loop_of(setup, replicates=REPLICATES):
    """A loop on the morning of day 0."""
    return runner.open_loop(setup, city_of(setup.run.seed), replicates)


@lru_cache(maxsize=256)
def life_of(overrides: tuple[str, ...], replicates: tuple[int, ...]) -> tuple[Seen, ...]:
    """Every turn of a loop with these overrides."""
    loop = loop_of(setup_of(*overrides), replicates)
    return tuple(
        Seen(t.risk.copy(), t.plan.copy(), t.truth.offences.copy(), t.truth.offences_by_group.copy())
        for t in loop.run(21)
    )


@pytest.fixture
def life():
    """A function: overrides, replicates -> the turns of three weeks in the tiny city."""
    return lambda *overrides, replicates=REPLICATES: life_of(overrides, tuple(replicates))


@pytest.fixture
def make_stage():
    """A function: room, name -> the stage as its config has it, in the tiny city."""

    def make(room: str, name: str):
        setup = setup_of(f"{room}={name}")
        return {"prediction": setup.predictor, "allocation": setup.allocator, "remedy": setup.remedy}[room]

    return make


@pytest.fixture
def setup():
    """A function: overrides -> the arm `loop` of the tiny city, typed."""
    return setup_of


@pytest.fixture
def open_loop():
    """A function: an arm, replicates -> its loop on the morning of day 0."""
    return loop_of


@pytest.fixture(scope="session")
def place():
    """The public map of the tiny city with two corners cut off, one of them deep."""
    return cut(city_of(1).grid)


@pytest.fixture(scope="session")
def flat_place(place):
    """The same cells without any feature: people alike, no deprivation, no venues."""
    layers = {name: place.inside * (10.0 if name == "residents" else 0.5) for name in place.layers}
    return replace(place, layers=layers, points={kind: np.empty((0, 2)) for kind in place.points})


def cut(grid):
    """The same map without some cells."""
    inside = np.ones((grid.rows, grid.cols), bool)
    inside[0, :2], inside[5:, 7:] = False, False
    inside = inside.ravel()
    layers = {name: layer * inside for name, layer in grid.layers.items()}
    return replace(grid, inside=inside, layers=layers, district=np.where(inside, grid.district, -1))


@pytest.fixture
def past():
    """A function: grid -> an invented past; `counts`, `rate`, `days` and `replicates` as in `make_ledger`."""

    def make(grid, *, days=120, replicates=3, rate=0.15, counts=None):
        if counts is not None:
            counts = np.broadcast_to(np.asarray(counts, int), (replicates, grid.n))
        kinds = setup_of().world.kinds
        return a_ledger(grid, replicates=replicates, days=days, rate=rate, counts=counts, kinds=kinds)

    return make


@pytest.fixture
def morning():
    """A function: grid, ledger -> what a stage may know today."""
    return lambda grid, ledger=None, **more: a_now(grid, ledger, **{"budget": 48.0, **more})


@dataclass(frozen=True, eq=False)
class Turned:
    """A flip or a rotation of the map, and what it does to cells."""

    how: str

    def __call__(self, raster, grid):
        """A raster (..., n) as it lies on the turned map."""
        return raster[..., self.order(grid)]

    def order(self, grid) -> np.ndarray:
        """(n,) old cell at each new cell."""
        cells = np.arange(grid.n).reshape(grid.rows, grid.cols)
        moves = {"flipped": cells[:, ::-1], "rotated": np.rot90(cells), "transposed": cells.T}
        return np.ascontiguousarray(moves[self.how]).ravel()

    def grid(self, grid):
        """The map, turned."""
        layers = {name: self(layer, grid) for name, layer in grid.layers.items()}
        points = {kind: self._points(p, grid) for kind, p in grid.points.items()}
        rows, cols = (grid.rows, grid.cols) if self.how == "flipped" else (grid.cols, grid.rows)
        turned = {"inside": self(grid.inside, grid), "district": self(grid.district, grid)}
        return replace(grid, rows=rows, cols=cols, layers=layers, points=points, **turned)

    def _points(self, points, grid):
        east, south = points[:, 0], points[:, 1]
        width = grid.cols * grid.cell_m
        places = {"flipped": (width - east, south), "rotated": (south, width - east)}
        return np.column_stack(places.get(self.how, (south, east)))

    def ledger(self, ledger, grid):
        """The ledger of the turned map; the given one is left as it is."""
        other, new = ledger.fork(), np.argsort(self.order(grid))
        for page in other.pages:
            page.cell = np.where(np.arange(page.capacity) < page.count[:, None], new[page.cell % grid.n], 0)
            page.cell = page.cell.astype(np.int32)
        return other


@pytest.fixture(params=["flipped", "rotated", "transposed"])
def turned(request):
    """A flip or a rotation; together they make all eight."""
    return Turned(request.param)
