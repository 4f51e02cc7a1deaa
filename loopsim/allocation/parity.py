"""Parity: the most predicted records, less a penalty on patrol that is unequal per head."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loopsim.allocation.places import at, daily
from loopsim.allocation.ranking import highest
from loopsim.limits import number, validate
from loopsim.stages import Now


@dataclass(frozen=True, kw_only=True)
class Parity:
    """Maximise V - chi sum_g (x_g - mean x)^2 over plans in which no cell gets more than budget / k.

    V is the records predicted where patrol goes, 1 = the most that can be had; x_g is the
    officer-hours around a resident of group g, 1 = those under an even patrol. Found by
    Frank-Wolfe steps with an exact line search: each step moves towards the k cells of the
    highest gradient, so every iterate spends the whole budget. The penalty in this form is a design of this project;
    group shares are public statistics of the map (layers `share:GROUP`).

    Parameters
    ----------
    budget : float, officer-hours a day
    k : int, cells that the whole budget could go to at least
    chi : float, price of unequal exposure
    steps : int, Frank-Wolfe steps

    **Special cases**

    - `chi` 0, or one group: top cells.
    - A very high `chi`: the same officer-hours per head for every group, if cells allow it.

    **Feedback**: patrol still follows records inside each group's share, so places lock in;
    between groups the loop has next to nothing left to feed on.

    References
    ----------
    After Mohler et al. (2018), "A penalized likelihood method for balancing accuracy and
    fairness in predictive policing", IEEE SMC, whose penalty acts on the model instead.
    """

    budget: float = number(above=0, unit="officer-hours/day")
    k: int = number(at_least=1, unit="cells")
    chi: float = number(at_least=0, at_most=1e9)
    steps: int = number(at_least=1, at_most=100_000, unit="steps")

    def __post_init__(self):
        validate(self)

    def __call__(self, risk: np.ndarray, now: Now) -> np.ndarray:
        """Plan, (R, days, n) officer-hours; the same every day until the refit."""
        heads = per_head(now)
        cells = highest(risk, self.k, now)
        hours = now.budget / cells.shape[1]
        plan = at(cells, hours, now)
        best = (risk * plan).sum(axis=1, keepdims=True)
        worth = np.divide(risk, best, out=np.zeros(risk.shape), where=best > 0)
        for _ in range(self.steps if self.chi > 0 and len(heads) > 1 else 0):
            slope = worth - 2.0 * self.chi * (_unequal(plan, heads)[:, :, None] * heads).sum(axis=1)
            slope -= slope.min(axis=1, keepdims=True)
            ahead = at(highest(slope, self.k, now), hours, now) - plan
            plan += self._step(plan, ahead, worth, heads) * ahead
        return daily(plan, now)

    def _step(self, plan, ahead, worth, heads) -> np.ndarray:
        """(R, 1) in [0, 1]: how far along `ahead` the objective is highest."""
        gain = (worth * ahead).sum(axis=1)
        here, change = _unequal(plan, heads), _unequal(ahead, heads)
        bend = 2.0 * self.chi * (change**2).sum(axis=1)
        rise = gain - 2.0 * self.chi * (here * change).sum(axis=1)
        far = np.divide(rise, bend, out=(rise > 0).astype(float), where=bend > 0)
        return np.clip(far, 0.0, 1.0)[:, None]


def per_head(now: Now) -> np.ndarray:
    """(G, n) what an officer-hour in a cell adds to each group's exposure; an even spread exposes all to 1."""
    residents = now.grid.layers["residents"]
    people = [residents * v for name, v in now.grid.layers.items() if name.startswith("share:")]
    groups = [here / here.sum() for here in people if here.sum() > 0]
    return np.array(groups).reshape(-1, now.grid.n) * now.grid.inside.sum() / now.budget


def _unequal(plan: np.ndarray, heads: np.ndarray) -> np.ndarray:
    """(R, G) exposure per head of each group, less the mean over groups."""
    # a sum for each row by itself: a matrix product rounds by how many replicates it is given
    exposure = (plan[:, None, :] * heads).sum(axis=2)
    return exposure - exposure.mean(axis=1, keepdims=True)
