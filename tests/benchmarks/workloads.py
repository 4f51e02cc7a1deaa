"""Workloads: the cities that are timed, as overrides of the default scenario.

W1: 100 x 100 cells of 150 m, 200,000 residents, hazard 1e-3 a day, 730 days, 100 patrol
units of 8 hours, discovery 0.4 and 10 stops where a unit is, report 0.3, a weekly KDE
(1.5 cells, 90 days) and the top 100 cells.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from loopsim.study.compose import compose
from loopsim.study.run import open_loop

HOURS, DISCOVERY, REPORT, STOPS = 8.0, 0.4, 0.3, 10.0
WINDOW, REFIT, SIGMA = 90, 7, 1.5


@lru_cache(maxsize=16)
def the_arm(residents=200_000, days=730, hazard=1e-3, side=100, units=100, extra=()):
    """The typed arm and the city of a workload (seed 1)."""
    setup = compose(overrides(residents, days, hazard, side, units, extra)).setups["loop"]
    return setup, setup.city.build(setup.run.seed)


def overrides(residents=200_000, days=730, hazard=1e-3, side=100, units=100, extra=()) -> list[str]:
    """A workload as a user would type it."""
    offence = {
        "true_rate": hazard * 365_000, "reported": REPORT, "discovered": -math.log(1 - DISCOVERY) / HOURS,
        "harm_days": 10, "police_found": "false",
    }  # fmt: skip
    row = ",".join(f"{k}:{v}" for k, v in offence.items())
    lines = [
        f"city.rows={side}", f"city.cols={side}", f"city.residents={residents}", f"days={days}",
        f"refit_days={REFIT}", f"history_days={WINDOW}", "bias.level=1", "arms=[loop]", "replicates=1",
        f"world.offences={{offence:{{{row}}}}}", "world.carried={}", "world.intelligence=0",
        f"world.stop_rate={STOPS / HOURS}", "allocation=top_cells", f"allocation.k={units}",
        f"allocation.budget={HOURS * units}", *extra,
    ]  # fmt: skip
    if not any(line.startswith("prediction=") for line in extra):
        lines += ["prediction=kde", f"prediction.sigma_m={SIGMA * 150}", f"prediction.window_days={WINDOW}"]
    return lines


def a_loop(arm, replicates):
    """The loop of an arm on the morning of day 0, as `loopsim run` builds it."""
    setup, city = arm
    return open_loop(setup, city, np.atleast_1d(np.asarray(replicates, np.uint32)))


def turn_all(loop, days: int) -> None:
    """Turn a loop to its horizon."""
    for _ in loop.run(days):
        pass
