"""Venues: bars, schools, shops and the like, strewn by where people, centre and want are.

The number of a kind is `count`, or Poisson with mean `per_1000` x residents / 1,000. A
venue stands in cell c with probability proportional to

    residents_c ^ people x exp(centrality x middle_c + deprivation x deprivation_c)

with middle 1 at the centre and 0 in the corners, deprivation in [0, 1]; within its cell
it stands anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from loopsim.city import fields
from loopsim.limits import nearest

_KEYS = ("per_1000", "count", "people", "centrality", "deprivation")


def strewn(venues: Mapping, residents, deprivation, shape: tuple[int, int], cell_m: float, seed: int) -> dict:
    """Points of each kind, metres east and south of the north-west corner.

    Parameters
    ----------
    venues : kind -> {per_1000 or count, people, centrality, deprivation}
    residents : (n,) int
    deprivation : (n,) float in [0, 1]
    shape : (rows, cols)

    Returns
    -------
    kind -> (m, 2) float

    Special cases
    -------------
    A kind with count 0 has no points; adding a kind moves no venue of another kind.
    """
    middle = fields.centrality(*shape)
    points = {}
    for kind, how in venues.items():
        rng = fields.generator(seed, fields.VENUE, kind)
        mean = how.get("per_1000", 0) * residents.sum() / 1000
        number = int(how["count"]) if "count" in how else int(rng.poisson(mean))
        pull = how.get("centrality", 0) * middle + how.get("deprivation", 0) * deprivation
        weight = np.power(residents.astype(float), how.get("people", 0)) * np.exp(pull - pull.max())
        upto = np.cumsum(weight)
        cell = np.searchsorted(upto, rng.random(number) * upto[-1], side="right").clip(max=residents.size - 1)
        within = rng.random((number, 2))
        points[kind] = (np.column_stack([cell % shape[1], cell // shape[1]]) + within) * cell_m
    return points


def faults(venues) -> list[str]:
    """What is wrong with the venues of a config, a line each."""
    if not isinstance(venues, Mapping):
        return [f"city.venues must map kinds to numbers, got {venues}; set city.venues"]
    return [line for kind, how in venues.items() for line in _faults(f"city.venues.{kind}", kind, how)]


def _faults(key: str, kind, how) -> list[str]:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", str(kind)):
        return [f"{key} must be named in letters, digits and _, got {kind}; set city.venues"]
    if not isinstance(how, Mapping) or ("per_1000" in how) == ("count" in how):
        return [f"{key} must give either per_1000 or count, got {how}; set {key}"]
    found = []
    for name, value in how.items():
        if name not in _KEYS:
            found.append(f"{key}.{name} is not known ({nearest(name, _KEYS)}); remove {key}.{name}")
        elif isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) <= 1e6:
            found.append(f"{key}.{name} must be a number, got {value}; set {key}.{name}")
        elif name in ("per_1000", "count", "people") and value < 0:
            found.append(f"{key}.{name} must be >= 0, got {value}; set {key}.{name}")
        elif name == "count" and value != int(value):
            found.append(f"{key}.count must be a whole number, got {value}; set {key}.count")
    return found
