"""The police never see the truth: not by import, and not when the truth is made garbage."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, replace

import numpy as np
import pytest

from loopsim.study.config import catalogue
from loopsim.study.config.schema import stage_class

TRUTH = ("loopsim.city.city", "loopsim.world", "loopsim.measures", "loopsim.records.legacy", "loopsim.study")
ROOMS = ("prediction", "allocation", "remedy")


@dataclass(frozen=True, eq=False)
class Blindfolded:
    """A stage that is asked while every array of the city and the world holds garbage."""

    stage: object
    truths: tuple[np.ndarray, ...]

    def _asked(self, question, *given):
        kept = [array.copy() for array in self.truths]
        for array in self.truths:
            array[...] = np.nan if array.dtype.kind == "f" else array.dtype.type(77)
        try:
            return question(*given)
        finally:
            for array, values in zip(self.truths, kept, strict=True):
                array[...] = values

    def __call__(self, *given):
        return self._asked(self.stage, *given)

    def adjust(self, plan, now):
        """As the remedy under the blindfold, if it acts on plans."""
        adjust = getattr(self.stage, "adjust", lambda plan, _: plan)
        return self._asked(adjust, plan, now)


def arrays_of(thing):
    """Every array that an object holds, also in its tuples."""
    if isinstance(thing, np.ndarray):
        return [thing] if thing.size and thing.flags.writeable and thing.dtype.kind in "fiub" else []
    if isinstance(thing, tuple | list):
        return [array for item in thing for array in arrays_of(item)]
    return []


def truths_of(loop):
    """The arrays of the world and the city, except what the public map and the dice hold."""
    city, grid = loop.world.city, loop.world.city.grid
    city.home, city.first, city.share  # noqa: B018, made when first asked for
    held = {
        id(a): a for owner in (loop.world, city) for value in vars(owner).values() for a in arrays_of(value)
    }
    public = [*grid.layers.values(), *grid.points.values(), grid.inside, grid.district, loop.dice.replicates]
    return tuple(a for a in held.values() if not any(np.shares_memory(a, p) for p in public))


def with_own_map(loop):
    """The loop on a map that shares no array with the city."""
    grid = loop.grid
    layers = {name: layer.copy() for name, layer in grid.layers.items()}
    points = {kind: p.copy() for kind, p in grid.points.items()}
    loop.grid = replace(grid, layers=layers, points=points, inside=grid.inside.copy())
    return loop


def lived(loop):
    return [(turn.risk.copy(), turn.plan.copy()) for turn in loop.run(21)]


def blindfold(loop):
    """Every stage of the police asked in the dark; also says how many arrays are poisoned."""
    with_own_map(loop)
    truths = truths_of(loop)
    for part in ("predictor", "allocator", "remedy"):
        setattr(loop, part, Blindfolded(getattr(loop, part), truths))
    return len(truths)


@pytest.mark.parametrize(
    ("room", "name"),
    [(room, name) for room in ROOMS for name in catalogue.options(room, catalogue.folders())],
)
def test_a_stage_says_the_same_when_the_truth_is_garbage(room, name, open_loop, setup):
    seeing, blind = (open_loop(setup(f"{room}={name}")) for _ in range(2))
    assert blindfold(blind) > 10
    for (risk, plan), (blind_risk, blind_plan) in zip(lived(seeing), lived(blind), strict=True):
        np.testing.assert_array_equal(risk, blind_risk)
        np.testing.assert_array_equal(plan, blind_plan)


def test_a_model_that_peeks_at_the_truth_is_found_out(open_loop, setup):
    """The test above can fail: this predictor reads who lives where from the city itself."""

    def peeking(loop):
        def predict(evidence, now):
            people = loop.world.city.residents.sum(axis=1)
            return np.tile(people / max(people.sum(), 1), (evidence.shape[0], 1))

        loop.predictor = predict
        return loop

    seeing, blind = (peeking(open_loop(setup())) for _ in range(2))
    blindfold(blind)
    assert not np.array_equal(lived(seeing)[0][0], lived(blind)[0][0])


def test_no_stage_of_the_police_imports_the_truth_however_indirectly():
    places = catalogue.folders()
    modules = {stage_class(r, n).__module__ for r in ROOMS for n in catalogue.options(r, places)}
    code = (
        f"import sys, importlib; [importlib.import_module(m) for m in {sorted(modules)}]; print(*sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = run.stdout.split()
    assert "loopsim.city.grid" in loaded and modules <= set(loaded)
    assert [m for m in loaded if m.startswith(TRUTH)] == []
