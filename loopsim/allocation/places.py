"""Places: a plan from the cells that were chosen."""

from __future__ import annotations

import numpy as np
from numba import njit

from loopsim.stages import Now


def at(cells: np.ndarray, hours: float, now: Now) -> np.ndarray:
    """(R, n) officer-hours where each of the chosen cells, (R, k), gets `hours`; repeats add up."""
    plan = np.zeros((cells.shape[0], now.grid.n))
    _give(plan, cells, hours)
    return plan


@njit(cache=True, nogil=True)
def _give(plan, cells, hours):
    for r in range(cells.shape[0]):
        for j in range(cells.shape[1]):
            plan[r, cells[r, j]] += hours


def daily(plan: np.ndarray, now: Now) -> np.ndarray:
    """(R, days, n) view of a plan, (R, n), that is the same every day."""
    (rows, n), (down, right) = plan.shape, plan.strides
    # as broadcast_to, at a tenth of its time
    view = np.ndarray((rows, now.days, n), plan.dtype, plan, 0, (down, 0, right))
    view.flags.writeable = False
    return view


def evenly(now: Now) -> np.ndarray:
    """(n,) officer-hours of a budget that is spread alike over the cells inside the city."""
    return now.budget * now.grid.inside / now.grid.n_inside
