"""Exposure: crimes recorded around the residents of each group, by small area."""

from __future__ import annotations

import numpy as np

from loopsim.city.importing.areas import Areas
from loopsim.city.importing.people import People

ENOUGH = 30  # crimes; a ratio of fewer says little


def place_in_areas(areas: Areas, codes: np.ndarray, found: np.ndarray) -> np.ndarray:
    """(m,) int area of each crime: the one that the police gave, else the one that holds its point.

    Published points lie on streets, which are the borders of areas: the code is the better word.
    """
    number = {code: i for i, code in enumerate(areas.codes)}
    return np.array([number.get(code, at) for code, at in zip(codes, found)], dtype=np.int64)


def exposure(crimes: np.ndarray, people: np.ndarray) -> np.ndarray:
    """(G,) crimes per resident of one's own area, averaged over the residents of each group.

    Parameters
    ----------
    crimes : (a,) int, by area
    people : (a, G) int, residents by area and group

    **Special cases**: crimes in proportion to residents expose all groups alike.
    """
    here = people.sum(axis=1)
    rate = np.divide(crimes, here, out=np.zeros(here.size), where=here > 0)
    return rate @ people / people.sum(axis=0)


def exposure_said(areas: Areas, people: People, area, kind, types) -> list[str]:
    """A line for each group: its exposure to each crime type against the first group's."""
    number = {code: i for i, code in enumerate(areas.codes)}
    residents = np.zeros((len(areas.codes), len(people.groups)), np.int64)
    residents[[number[code] for code in people.codes]] = people.count
    ratios = {}
    for k, name in enumerate(types):
        crimes = np.bincount(area[kind == k], minlength=len(areas.codes))
        if crimes.sum() >= ENOUGH:
            found = exposure(crimes, residents)
            ratios[name] = found / found[0] if found[0] > 0 else np.full(found.size, np.nan)
    pairs = [f"{name}/{people.groups[0]}" for name in people.groups]
    return [
        f"exposure of residents to recorded crime, {pairs[g]}: "
        + ", ".join(f"{name} {ratio[g]:.2f}" for name, ratio in ratios.items())
        for g in range(1, len(pairs))
        if ratios
    ]
