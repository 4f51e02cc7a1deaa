"""Tables: observations become estimates with paired intervals, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from loopsim.measures import after as reforms
from loopsim.measures import compounding as loop_growth
from loopsim.measures import intervals
from loopsim.measures.disparity import log_ratio
from loopsim.measures.glossary import MEASURES
from loopsim.measures.rates import share
from loopsim.study.observer.observations import Observations

CONTRASTS = {"feedback_adds": "frozen", "initial_bias_costs": "clean_start", "model_costs": "no_model"}
_ORDER = {name: i for i, name in enumerate(MEASURES)}


@dataclass(eq=False)
class Estimates:
    """Rows (day, measure, group) of one arm: (S,) point, (S, B) draws, (S, R) per replicate."""

    keys: list
    point: np.ndarray
    draws: np.ndarray
    values: np.ndarray

    def __post_init__(self):
        self._found, self._looked = {}, 0  # (measure, group) -> rows, of the first so many rows

    def of(self, measure: str, group: str) -> Estimates:
        """The rows of one measure and group, in day order."""
        for i in range(self._looked, len(self.keys)):
            self._found.setdefault(self.keys[i][1:], []).append(i)
        self._looked = len(self.keys)
        rows = self._found.get((measure, group), [])
        keys = [self.keys[i] for i in rows]
        return Estimates(keys, self.point[rows], self.draws[rows], self.values[rows])

    def kept(self, keys: set) -> Estimates:
        """Only these rows."""
        rows = [i for i, key in enumerate(self.keys) if key in keys]
        return Estimates([self.keys[i] for i in rows], self.point[rows], self.draws[rows], self.values[rows])

    def plus(self, keys, point, draws, values) -> None:
        """Append rows."""
        self.keys = self.keys + keys
        self.point = np.concatenate([self.point, point])
        self.draws = np.concatenate([self.draws, draws])
        self.values = np.concatenate([self.values, values])

    def rows(self, arm: str) -> list[tuple]:
        """(arm, day, measure, group, mean, lo, hi, replicates), in the order of the glossary."""
        replicates = self.values.shape[1]
        low, high = intervals.limits(np.ascontiguousarray(self.draws.T), replicates)
        found = [
            (arm, day, measure, group, float(self.point[i]), float(low[i]), float(high[i]), replicates)
            for i, (day, measure, group) in enumerate(self.keys)
        ]
        return sorted(found, key=lambda row: (_ORDER.get(row[2], 999), row[1]))


@lru_cache(maxsize=4)
def draws_of(replicates: int) -> np.ndarray:
    """The bootstrap draws that all arms of R replicates share; one replicate needs one.

    Of few replicates only the different draws, which `intervals.limits` knows how to weigh.
    """
    if 1 < replicates <= intervals.FEW:
        return intervals.distinct(replicates)[0]
    return intervals.weights(replicates, 1 if replicates == 1 else intervals.DRAWS)


def estimate(observed: Observations) -> Estimates:
    """Ratios of sums, and logs of them, for the ensemble, every draw and every replicate."""
    replicates = observed.replicates.size
    logs = ~np.isnan(observed.pseudo[:, 0])
    pseudo = np.where(logs, observed.pseudo.mean(axis=1), 0.0)

    def ratio(w):
        a, b = (intervals.resample(w, np.ascontiguousarray(x.T)) for x in (observed.a, observed.b))
        return np.where(logs, log_ratio(a, b, pseudo), share(a, b)).T

    values = np.where(
        logs[:, None], log_ratio(observed.a, observed.b, observed.pseudo), share(observed.a, observed.b)
    )
    point = ratio(np.ones((1, replicates), np.int64))[:, 0]
    return Estimates(list(observed.keys), point, ratio(draws_of(replicates)), values)


def extend(
    found: Estimates, observed: Observations, log_bias: dict, changed: int | None = None
) -> dict[str, dict]:
    """Add what follows from the disparity over time; returns the verdict of each pair.

    `changed` is the day of a ban or switch.
    """
    verdicts = {}
    pairs = dict.fromkeys(g for _, measure, g in found.keys if measure == "patrol_disparity")
    for pair in pairs:
        disparity = found.of("patrol_disparity", pair)
        _spread(found, disparity)
        _after(found, pair, changed)
        growth = _growth(found, disparity, observed, log_bias.get(pair, np.nan))
        verdicts[pair] = _verdict(found, disparity, growth)
    _self_confirmation(found)
    return verdicts


def _spread(found, disparity):
    """Standard deviation between replicates: lock-in shows there."""
    replicates = disparity.values.shape[1]
    if replicates < 2:
        return
    w, x = draws_of(replicates), np.ascontiguousarray(disparity.values.T)
    grow = replicates / (replicates - 1)
    mean, square = (intervals.resample(w, y) / replicates for y in (x, x * x))
    keys = [(day, "disparity_spread", group) for day, _, group in disparity.keys]
    draws = np.sqrt(np.maximum(square - mean * mean, 0.0) * grow).T
    none = np.full(disparity.values.shape, np.nan)
    found.plus(keys, disparity.values.std(axis=1, ddof=1), draws, none)


def _after(found, pair, changed):
    """What is left of the disparities since a change, and when half of it was gone.

    Of patrol, and of what the model believes: a ban changes the one at once, the other lives
    on in the records.
    """
    for prefix, measure in (("", "patrol_disparity"), ("belief_", "risk_disparity")):
        series = found.of(measure, pair)
        days = np.array([day for day, _, _ in series.keys])
        if changed is None or not (days < changed).any() or not (days >= changed).any():
            return
        first = int(np.flatnonzero(days < changed)[-1])  # the last plan before the change
        rows = slice(first, None)
        parts = [reforms.what_is_left(x[rows]) for x in (series.point[:, None], series.draws, series.values)]
        keys = [(int(day), f"{prefix}after_ban", pair) for day in days[rows]]
        found.plus(keys, parts[0][:, 0], parts[1], parts[2])
        point, draws, values = (reforms.halving_time(x, days[rows])[None] for x in parts)
        if np.isfinite(point).all():  # else half was never gone within the run
            values = np.where(np.isfinite(values), values, np.nan)
            found.plus([(int(days[first]), f"{prefix}half_life_after", pair)], point[:, 0], draws, values)


def _growth(found, disparity, observed, log_bias):
    """Leverage, compounding and what they mean in days; returns compounding."""
    days = [day for day, _, _ in disparity.keys]
    pair = disparity.keys[0][2]
    sign, _ = _direction(disparity)
    refit = [observed.refits[day] for day in days]
    parts = []
    for level in (disparity.point[:, None], disparity.draws, disparity.values):
        c = loop_growth.compounding(level, sign)
        rate = loop_growth.compounding_rate(c, refit)
        last = {
            "leverage": loop_growth.leverage(level[0], log_bias),
            "compounding_rate": rate,
            "half_life": loop_growth.half_life(rate, level[0], observed.refit_days),
            "doubling_time": loop_growth.doubling_time(rate, observed.refit_days),
        }
        parts.append({"compounding": c, "amplification": np.exp(c)} | {k: v[None] for k, v in last.items()})
    for name in parts[0]:
        point, draws, values = (part[name] for part in parts)
        if name not in ("compounding", "amplification") and not np.isfinite(point).all():
            continue
        keys = [(day, name, pair) for day in (days if len(point) > 1 else days[-1:])]
        keys = [(days[0], name, pair)] if name == "leverage" else keys
        found.plus(keys, point[:, 0], draws, np.where(np.isfinite(values), values, np.nan))
    return found.of("compounding", pair)


def _verdict(found, disparity, growth):
    """The regime, from the intervals of c at the horizon, of the disparity it is of, and of the effective cells."""
    low, high = (x[0] for x in _limits(growth, [-1]))
    cells, ends = found.of("effective_cells", "all"), [0, -1]
    most = _limits(cells, [-1])[1][0]
    none = loop_growth.even(*_limits(disparity, ends), disparity.values[ends].std(axis=1))
    _, clear = _direction(disparity)
    return {
        "regime": loop_growth.regime(low, high, cells.point[0], most, none=none, clear=clear),
        "compounding": [_plain(growth.point[-1]), _plain(low), _plain(high)],
        "band": loop_growth.BAND,
        "day": growth.keys[-1][0],
    }


def _direction(disparity):
    """The side that growth is measured to, and whether it is clear, of the first and the last plan together."""
    both = disparity.draws[[0, -1]].sum(axis=0)[:, None]
    return loop_growth.direction(
        disparity.point[0], *(x[0] for x in intervals.limits(both, disparity.values.shape[1]))
    )


def _limits(found, rows):
    draws = np.ascontiguousarray(found.draws[rows].T)
    return intervals.limits(draws, found.values.shape[1])


def _plain(value):
    return float(f"{value:.10g}") if np.isfinite(value) else None


def _self_confirmation(found):
    for name in ("hit_rate", "pai", "pei"):
        own, truth = (found.of(f"{name}_{on}", "all") for on in ("records", "truth"))
        keys = [(day, "self_confirmation", name) for day, _, _ in own.keys]
        found.plus(keys, own.point - truth.point, own.draws - truth.draws, own.values - truth.values)


def contrast(arms: dict[str, Estimates], replicates: dict[str, np.ndarray]) -> None:
    """Add to arm `loop` how much more disparity it has than the other arms, paired."""
    for measure, other in CONTRASTS.items():
        if not {"loop", other} <= arms.keys() or not np.array_equal(replicates["loop"], replicates[other]):
            continue
        pairs = dict.fromkeys(g for _, m, g in arms["loop"].keys if m == "patrol_disparity")
        for pair in pairs:
            one, two = (arms[a].of("patrol_disparity", pair) for a in ("loop", other))
            if [k[0] for k in one.keys] == [k[0] for k in two.keys]:
                keys = [(day, measure, pair) for day, _, _ in one.keys]
                values = one.values - two.values
                arms["loop"].plus(keys, one.point - two.point, one.draws - two.draws, values)
