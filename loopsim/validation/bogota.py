"""FairSense's loop, composed: crimes in flagged cells are seen better, over the published district table."""

from __future__ import annotations

import numpy as np

from loopsim.validation.arm import the_arm, turns, written
from loopsim.validation.judge import mean

GAPS = (0.3, 0.5, 0.6, 0.8)  # p_hot - p_other for which a mean is published
WINDOW = 30  # days over which they average a district's ratio; full of ones at the start


def measure(case, size) -> dict:
    """Correlations of the mean unfairness of a pair of rates with the rates, over replicates."""
    given = case.given
    rates = (("quick_" if size.quick else "") + name for name in ("hot", "other"))
    pairs = np.array(
        [(hot, other) for hots, others in [[given[r] for r in rates]] for hot in hots for other in others]
    )
    replicates = size.of(6, 4)
    unfair = np.array([_unfairness(given, hot, other, replicates) for hot, other in pairs.tolist()])
    causes = {"with_hot": pairs[:, 0], "with_other": pairs[:, 1], "with_gap": pairs[:, 0] - pairs[:, 1]}
    found = {name: mean([np.corrcoef(cause, u)[0, 1] for u in unfair.T]) for name, cause in causes.items()}
    found["ordering"] = mean([_ordered(causes["with_gap"], u) for u in unfair.T])
    for gap in GAPS:
        at = np.isclose(causes["with_gap"], gap)
        if at.any():
            found[f"gap_{10 * gap:.0f}"] = mean(unfair[at].mean(axis=0))
    return found


def _ordered(gaps, unfair) -> float:
    """Spearman correlation of the gaps with the mean unfairness at each, of those that were run."""
    means = [unfair[np.isclose(gaps, g)].mean() for g in GAPS if np.isclose(gaps, g).any()]
    ranks = np.argsort(np.argsort(means))
    return float(np.corrcoef(ranks, np.arange(len(means)))[0, 1])


def _cells(given):
    """District and residents of each cell: everyone offends alike, so victimisation is in the numbers."""
    names, people = [], []
    for name, (population, victimised, _, count) in given["districts"].items():
        names += [name] * count
        people += [round(population * victimised / count)] * count
    return names, people


def _arm(given, hot, other):
    """The city under one pair of rates."""
    names, people = _cells(given)
    more = (hot - other) / (1 - other)  # of what is not seen anyway
    rate = 365 * 1000 / given["semester"] / given["scaled"]
    seen = (
        f"reported: {other}, discovered: {-np.log(max(1 - more, 1e-12))}, harm_days: 1, police_found: false"
    )
    return the_arm([
        "city=listed", f"city.cols={len(people)}", f"city.people={written({'all': people, 'nobody': [0] * len(people)})}",
        f"city.districts={written(names)}", f"world.offences={{crime: {{true_rate: {rate}, {seen}}}}}", "world.carried={}",
        "world.stop_rate=0", "world.intelligence=0", f"world.near_repeat={given['repeats']}",
        f"world.near_repeat_lag_days={1 / given['omega']}", "world.near_repeat_spread_m=100", "bias.level=1",
        "history_days=170", "prediction=ewma", f"prediction.half_life_days={np.log(2) / given['omega']}",
        "allocation=top_cells", f"allocation.k={given['spots']}", f"allocation.budget={given['spots']}",
        f"days={given['days'] + WINDOW}", "refit_days=1",
    ])  # fmt: skip


def _unfairness(given, hot, other, replicates) -> np.ndarray:
    """(R,) mean over the run of their gap; the first days only warm up the true hot spots."""
    arm = _arm(given, hot, other)
    grid, keep = arm[1].grid, np.exp(-given["omega"])
    of_district = np.eye(len(grid.districts))[grid.district]
    truth, single, total = 0.0, np.ones((WINDOW, replicates, len(grid.districts))), 0.0
    for day, turn in enumerate(turns(arm, replicates)):
        if day >= WINDOW:
            flagged, true = ((turn.plan[:, 0] > 0) @ of_district, _top(truth, given["spots"]) @ of_district)
            single[day % WINDOW] = np.where(
                true > 0, flagged / np.maximum(true, 1), np.where(flagged > 0, 2 * flagged, 1)
            )
            total = total + _gap(single.mean(axis=0))
        truth = keep * truth + turn.truth.offences
    return total / given["days"]


def _gap(relative) -> np.ndarray:
    """(R,) mean over pairs of districts of |a - b| / (a + b); 1 where both are 0."""
    first, second = np.triu_indices(relative.shape[1], 1)
    a, b = relative[:, first], relative[:, second]
    return np.where(a + b > 0, np.abs(a - b) / np.maximum(a + b, 1e-300), 1.0).mean(axis=1)


def _top(intensity, k) -> np.ndarray:
    """(R, n) bool, the k highest."""
    chosen = np.zeros(intensity.shape, bool)
    order = np.argpartition(-intensity, k - 1, axis=1)[:, :k]
    np.put_along_axis(chosen, order, True, axis=1)
    return chosen
