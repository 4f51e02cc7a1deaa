"""Public statistics of a synthetic city: unemployment and the like, each tied to another map.

A statistic is an index from 0 to 1 over the inhabited cells. Its Pearson correlation with
the map that it follows is exactly as set; what is left is a smooth map of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

KEYS = ("follows", "correlation")
RESERVED = ("residents", "deprivation")


def statistic(follows: np.ndarray, own: np.ndarray, correlation: float, here: np.ndarray) -> np.ndarray:
    """(n,) index from 0 to 1 with this correlation with `follows` over the cells that are `here`.

    **Special cases**
    A map that is the same everywhere cannot be followed: the statistic is its own map.
    """
    lead = scaled(follows, here)
    rest = scaled(own, here)
    rest = scaled(rest - np.mean(rest[here] * lead[here]) * lead, here)
    value = correlation * lead + np.sqrt(1.0 - correlation**2) * rest if lead[here].any() else rest
    low, high = value[here].min(), value[here].max()
    return np.clip((value - low) / (high - low), 0.0, 1.0) if high > low else np.zeros(value.size)


def scaled(values: np.ndarray, here: np.ndarray) -> np.ndarray:
    """Values with mean 0 and deviation 1 over `here`; 0 where they do not vary."""
    deviation = values[here].std()
    return (values - values[here].mean()) / deviation if deviation > 1e-12 else np.zeros(values.size)


def layers_of(statistics: Mapping, layers: Mapping, last_group: str, smooth) -> dict[str, np.ndarray]:
    """Name -> (n,) index of every statistic of a config.

    Parameters
    ----------
    statistics : name -> {follows: deprivation or last_group, correlation}
    layers : the public layers so far: residents, deprivation and the shares of groups
    last_group : name of the group that deprivation leans on
    smooth : a function, name -> (n,) smooth map of its own
    """
    here = layers["residents"] > 0
    led = {"deprivation": layers["deprivation"], "last_group": layers[f"share:{last_group}"]}
    return {
        name: statistic(led[how["follows"]], smooth(name), float(how["correlation"]), here)
        for name, how in statistics.items()
    }


def faults(statistics) -> list[str]:
    """What is wrong with the statistics of a config, a line each."""
    if not isinstance(statistics, Mapping):
        return [
            f"city.statistics must map names to follows and correlation, got {statistics}; set city.statistics"
        ]
    return [
        line for name, how in statistics.items() for line in _faults(f"city.statistics.{name}", name, how)
    ]


def _faults(key: str, name, how) -> list[str]:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", str(name)) or name in RESERVED:
        return [f"{key} must be named in letters, digits and _, got {name}; set city.statistics"]
    if not isinstance(how, Mapping) or set(how) != set(KEYS):
        return [f"{key} must have {', '.join(KEYS)}, got {how}; set {key}"]
    found = []
    if how["follows"] not in ("deprivation", "last_group"):
        found.append(f"{key}.follows must be one of deprivation, last_group, got {how['follows']}; set {key}")
    value = how["correlation"]
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1 <= value <= 1:
        found.append(f"{key}.correlation must be >= -1 and <= 1, got {value}; set {key}.correlation")
    return found
