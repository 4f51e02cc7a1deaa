"""Stops: how unequal place alone makes them, and what is left over for a bias in whom officers stop."""

from __future__ import annotations

import numpy as np

from loopsim.validation.arm import the_arm, turns
from loopsim.validation.judge import statistic


def measure(case, size) -> dict:
    """Ratios of stops per head; a `leftover` row says with what weight the published ratio is reached."""
    weights = case.given["quick_weights" if size.quick else "weights"]
    tallies = {w: _tally(case.given, w, size.of(32, 8)) for w in weights}
    ratios = np.array([_ratio(tally) for tally in tallies.values()])
    place, found = tallies[1.0], {}
    for row in case.rows:
        kind = row.given["kind"]
        if kind == "place":
            found[row.name] = _ratio(place)
        elif kind == "nfa":
            found[row.name] = statistic(place[:, 4:6], lambda m: 1 - m[:, 0] / m[:, 1])
        elif kind == "find":
            found[row.name] = statistic(
                place[:, [2, 0, 3, 1]], lambda m: m[:, 0] / m[:, 1] / (m[:, 2] / m[:, 3])
            )
        else:
            found[row.name] = tuple(_weight(row.given["target"], weights, ratios[:, i]) for i in (0, 2, 1))
    return found


def _weight(target, weights, ratios) -> float:
    """The stop bias at which the ratio is `target`: a straight line in logs between those tried."""
    x, y = np.log(weights), np.log(ratios)
    i = int(np.clip(np.searchsorted(y, np.log(target)) - 1, 0, len(x) - 2))
    return float(np.exp(x[i] + (np.log(target) - y[i]) * (x[i + 1] - x[i]) / (y[i + 1] - y[i])))


def _ratio(tally) -> tuple[float, float, float]:
    """Stops per head of the smaller group over those of the larger: columns 0 and 1 of the tally."""
    return statistic(tally[:, :2], lambda m: m[:, 0] / m[:, 1])


def _tally(given, bias, replicates) -> np.ndarray:
    """(R, 6) stops per head of orange and blue, finds per head of both, all finds, all stops."""
    arm = the_arm([*given["lines"], f"world.stop_bias={{orange: {bias}}}"])
    city, kinds, total = arm[1], arm[0].world.kinds, 0
    for turn in turns(arm, replicates):
        total = total + turn.truth.tally
    searches, stops = kinds.of_channel("search"), kinds.of_channel("search") | kinds.of_channel("stop")
    finds, stops = total[:, :, searches].sum(axis=2), total[:, :, stops].sum(axis=2)
    head = city.people[::-1]
    return np.column_stack(
        [stops[:, ::-1] / head, finds[:, ::-1] / head, finds.sum(axis=1), stops.sum(axis=1)]
    )
