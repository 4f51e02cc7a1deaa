"""An arm of one case: composed as `loopsim run` composes it, and turned."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from loopsim.study.compose import compose
from loopsim.study.run import make_start, open_loop

ALONE = ("arms=[loop]", "replicates=1")


def the_arm(lines):
    """The typed arm of these overrides, and its city."""
    setup = compose([*map(str, lines), *ALONE]).setups["loop"]
    return setup, setup.city.build(setup.run.seed)


def turns(arm, replicates: int) -> Iterator:
    """Every turn of an arm for replicates 0 .. replicates - 1; valid until the next."""
    setup, city = arm
    numbers = np.arange(replicates, dtype=np.uint32)
    yield from open_loop(setup, city, numbers, make_start(setup, city, numbers)).run(setup.run.days)


def written(value) -> str:
    """A mapping or list as a line of an override has it."""
    import json

    return json.dumps(value).replace('"', "")
