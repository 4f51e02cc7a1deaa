"""Stops: how unequal place alone makes them, and what is left over for a bias in whom officers stop."""

from __future__ import annotations

import numpy as np

from loopsim.validation.arm import the_arm, turns
from loopsim.validation.judge import statistic


def measure(case, size) -> dict:
    """Ratios of stops per head by place alone, and what would bring them to a published ratio.

    `leftover`: the weight of the smaller group in whom officers stop; `level`: the initial
    bias of the records at which place alone is enough.
    """
    given, replicates = case.given, size.of(32, 8)
    weights, levels = (given["quick_" + name if size.quick else name] for name in ("weights", "levels"))
    by_weight = {w: _tally(given, replicates, f"world.stop_bias={{orange: {w}}}") for w in weights}
    by_level = [_ratio(_tally(given, replicates, f"bias.level={level}")) for level in levels]
    by_weight_ratios, place = [_ratio(tally) for tally in by_weight.values()], by_weight[1.0]
    found = {}
    for row in case.rows:
        kind, target = row.given["kind"], row.given.get("target")
        if kind == "place":
            found[row.name] = _ratio(place)
        elif kind == "nfa":
            found[row.name] = statistic(place[:, 4:6], lambda m: 1 - m[:, 0] / m[:, 1])
        elif kind == "find":
            found[row.name] = statistic(
                place[:, [2, 0, 3, 1]], lambda m: m[:, 0] / m[:, 1] / (m[:, 2] / m[:, 3])
            )
        elif kind == "level":
            found[row.name] = _needed(target, levels, by_level)
        else:
            found[row.name] = _needed(target, weights, by_weight_ratios)
    return found


def _needed(target, tried, ratios) -> tuple[float, float, float]:
    """The setting at which the ratio is `target`, by straight lines in logs between those tried."""
    ratios = np.array(ratios)
    return tuple(_where(target, tried, ratios[:, i]) for i in (0, 2, 1))


def _where(target, tried, ratios) -> float:
    x, y = np.log(tried), np.log(ratios)
    i = int(np.clip(np.searchsorted(y, np.log(target)) - 1, 0, len(x) - 2))
    return float(np.exp(x[i] + (np.log(target) - y[i]) * (x[i + 1] - x[i]) / (y[i + 1] - y[i])))


def _ratio(tally) -> tuple[float, float, float]:
    """Stops per head of the smaller group over those of the larger: columns 0 and 1 of the tally."""
    return statistic(tally[:, :2], lambda m: m[:, 0] / m[:, 1])


def _tally(given, replicates, line) -> np.ndarray:
    """(R, 6) stops per head of orange and blue, finds per head of both, all finds, all stops."""
    arm = the_arm([*given["lines"], line])
    city, kinds, total = arm[1], arm[0].world.kinds, 0
    for turn in turns(arm, replicates):
        total = total + turn.truth.tally
    searches, stops = kinds.of_channel("search"), kinds.of_channel("search") | kinds.of_channel("stop")
    finds, stops = total[:, :, searches].sum(axis=2), total[:, :, stops].sum(axis=2)
    head = city.people[::-1]
    return np.column_stack(
        [stops[:, ::-1] / head, finds[:, ::-1] / head, finds.sum(axis=1), stops.sum(axis=1)]
    )
