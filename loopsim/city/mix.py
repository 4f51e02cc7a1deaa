"""Who lives where: groups spread over cells at a wanted dissimilarity.

The odds of group g against the reference group (the first) in cell c are
exp(a_g + k_g z_cg) for a smooth map z. The intercepts a meet the group totals; the
contrasts k meet the dissimilarity. For Gaussian z and a small group the dissimilarity is
2 Phi(k/2) - 1 (the distance between two normals that differ by k), which is the scale on
which k is searched. All of it is measured on the whole people, never on expectations.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from loopsim.city.fields import whole

TOLERANCE = 0.01  # the promise: dissimilarity is met to +-0.01
_STEPS, _STEEPEST = 60, 200.0


def dissimilarity(residents: np.ndarray) -> np.ndarray:
    """Index of dissimilarity of each group against the first, D = 1/2 sum_c |x_c/X - y_c/Y|.

    Parameters
    ----------
    residents : (n, G) int

    Returns
    -------
    (G - 1,) float in [0, 1]

    Special cases
    -------------
    The same mix in every cell is 0; no cell shared is 1.
    """
    parts = residents / residents.sum(axis=0)
    return 0.5 * np.abs(parts[:, 1:] - parts[:, :1]).sum(axis=0)


def blocks(weight: np.ndarray, totals: np.ndarray, ties: np.ndarray) -> np.ndarray:
    """(n,) int residents in cells sized so that the city's mix fits them in whole people."""
    smallest = int(np.argmin(totals))
    homes = whole(weight, int(totals[smallest]), ties=ties)
    # the others in proportion to the smallest group, which is the hardest to cut
    return np.sum([whole(homes * float(t), int(t), ties=ties) for t in totals], axis=0)


def mixed(people: np.ndarray, totals: np.ndarray, maps: np.ndarray, target: float, ties: np.ndarray):
    """Residents by cell and group, nearest to the target dissimilarity that was found.

    Parameters
    ----------
    people : (n,) int, residents of each cell
    totals : (G,) int, residents of each group; sums to people.sum()
    maps : (n, G-1) float, mean 0 and deviation 1
    target : float in [0, 1]
    ties : (n,) float in [0, 1)

    Returns
    -------
    residents : (n, G) int64
    miss : float, largest distance of a group's dissimilarity from the target
    """
    contrast = np.full(maps.shape[1], _scale(target))
    level = np.zeros(maps.shape[1])
    best, nearest, last = None, np.inf, None
    for _ in range(_STEPS):
        expected, level = _expected(people, totals, maps, contrast, level)
        residents = _whole_people(expected, people, totals, ties)
        reached = dissimilarity(residents)
        miss = np.abs(reached - target).max()
        if miss < nearest:
            best, nearest = residents, miss
        if miss <= TOLERANCE / 5 or not contrast.any():
            break
        contrast, last = _next_contrast(contrast, reached, target, last)
    return best, float(nearest)


def _scale(d):
    """The contrast at which two normals are `d` apart; 0 at 0."""
    return 2 * ndtri((1 + np.clip(d, 0, 1 - 1e-9)) / 2)


def _next_contrast(contrast, reached, target, last):
    """A secant step in (log contrast, log scale of D), with the slope held to sane values."""
    here = np.log(np.maximum(_scale(reached), 1e-6))
    position = np.log(np.maximum(contrast, 1e-6))
    slope = np.full(contrast.shape, 0.8)
    if last is not None:
        moved = position - last[0]
        seen = np.divide(here - last[1], moved, out=slope.copy(), where=np.abs(moved) > 1e-9)
        slope = np.where(np.isfinite(seen) & (seen > 0), np.clip(seen, 0.25, 1.5), 0.8)
    step = np.clip((np.log(max(_scale(target), 1e-6)) - here) / slope, -2, 2)
    return np.minimum(np.exp(position + step), _STEEPEST), (position, here)


def _expected(people, totals, maps, contrast, level):
    """Expected (n, G-1) people whose sums meet the totals: Newton on the intercepts."""
    slope = maps * contrast
    wanted = totals[1:].astype(float)
    for _ in range(40):
        score = level + slope
        peak = np.maximum(score.max(axis=1), 0)
        odds = np.exp(score - peak[:, None])
        part = odds / (np.exp(-peak) + odds.sum(axis=1))[:, None]
        expected = people[:, None] * part
        gap = wanted - expected.sum(axis=0)
        if np.abs(gap).max() < 1e-6 * people.sum():
            break
        bend = np.diag(expected.sum(axis=0)) - part.T @ expected
        bend[np.diag_indices(wanted.size)] += 1e-9 * people.sum()
        level = level + np.clip(np.linalg.solve(bend, gap), -2, 2)
    return expected, level


def _whole_people(expected, people, totals, ties):
    """(n, G) whole people: cells and groups keep their totals; the reference takes the rest."""
    residents = np.zeros((people.size, totals.size), np.int64)
    room = people.copy()
    for g in np.argsort(totals[1:], kind="stable") + 1:
        # whoever is rounded first moves into the cells with most room for him
        residents[:, g] = whole(np.minimum(expected[:, g - 1], room), int(totals[g]), room, ties)
        room = room - residents[:, g]
    residents[:, 0] = room
    return residents
