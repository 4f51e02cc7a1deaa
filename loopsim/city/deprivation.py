"""Deprivation of a synthetic city: a public map that leans on one group's homes."""

from __future__ import annotations

import numpy as np

from loopsim.city import fields
from loopsim.limits import Refused

TOLERANCE = 0.01  # the promise: the correlation is met to +-0.01
_STEPS = 24


def deprivation_map(target: float, residents: np.ndarray, group_map, own, tied: bool) -> np.ndarray:
    """Ranks in [0, 1] whose correlation with the last group's share is the target.

    Parameters
    ----------
    target : Pearson correlation over inhabited cells
    residents : (n, G) int
    group_map, own : (n,) float, smooth maps: the last group's and one of its own
    tied : False = lean on the group's map with weight `target` and do not look at shares

    Returns
    -------
    (n,) float in [0, 1], 1 the most deprived

    Special cases
    -------------
    One mix everywhere is no guide: the map leans on the group's map instead.
    A correlation out of reach is refused: a rank is never quite a share.
    """
    here = residents.sum(axis=1) > 0
    share = residents[here, -1] / residents[here].sum(axis=1)
    if not tied or share.std() < 1e-9:
        return fields.ranked(_leaning(target, group_map, own))
    rough = np.zeros(here.size)
    rough[here] = fields.standardised(share)
    reached = []
    # the smooth map first; only a strong correlation needs the very shares, with all their noise
    for guide in (group_map, rough + 1e-3 * group_map):
        deprivation, correlation = _correlated(target, guide, own, here, share)
        if abs(correlation - target) <= TOLERANCE:
            return deprivation
        reached.append(correlation)
    furthest = min(reached, key=lambda c: abs(c - target))
    raise Refused(
        f"city.deprivation_corr must be nearer 0 for this city (the furthest reached is {furthest:.2f}), "
        f"got {target:g}; set city.deprivation_corr"
    )


def _leaning(weight: float, guide: np.ndarray, own: np.ndarray) -> np.ndarray:
    return weight * guide + np.sqrt(1 - weight**2) * own


def _correlated(target: float, guide, own, here, share) -> tuple[np.ndarray, float]:
    """The nearest map to the target and its correlation, by bisection on the lean."""

    def at(weight):
        deprivation = fields.ranked(_leaning(weight, guide, own))
        if deprivation[here].std() < 1e-12:
            return deprivation, 0.0
        return deprivation, float(np.corrcoef(deprivation[here], share)[0, 1])

    low, high = -1.0, 1.0
    end = at(low if target < 0 else high)
    if abs(end[1]) <= abs(target):
        return end
    best = end
    for _ in range(_STEPS):
        weight = (low + high) / 2
        tried = at(weight)
        best = min(best, tried, key=lambda t: abs(t[1] - target))
        if abs(best[1] - target) < TOLERANCE / 10:
            break
        low, high = (weight, high) if tried[1] < target else (low, weight)
    return best
