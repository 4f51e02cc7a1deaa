"""FairSense's loop, composed: crimes in flagged cells are seen better, over the published district table."""

from __future__ import annotations

import numpy as np

from loopsim.validation.arm import the_arm, turns, written
from loopsim.validation.judge import mean

GAPS = (0.3, 0.5, 0.6, 0.8)  # p_hot - p_other for which a mean is published


def measure(case, size) -> dict:
    """Correlations of the mean unfairness of a pair of rates with the rates, over replicates."""
    given = case.given
    rates = (("quick_" if size.quick else "") + name for name in ("hot", "other"))
    pairs = np.array(
        [(hot, other) for hots, others in [[given[r] for r in rates]] for hot in hots for other in others]
    )
    replicates = size.of(8, 4)
    unfair = np.array([_unfairness(given, hot, other, replicates) for hot, other in pairs.tolist()])
    causes = {"with_hot": pairs[:, 0], "with_other": pairs[:, 1], "with_gap": pairs[:, 0] - pairs[:, 1]}
    found = {name: mean([np.corrcoef(cause, u)[0, 1] for u in unfair.T]) for name, cause in causes.items()}
    found["ordering"] = mean([_ordered(causes["with_gap"], u) for u in unfair.T])
    return found


def _ordered(gaps, unfair) -> float:
    """Spearman correlation of the gaps with the mean unfairness at each, of those that were run."""
    means = [unfair[np.isclose(gaps, g)].mean() for g in GAPS if np.isclose(gaps, g).any()]
    ranks = np.argsort(np.argsort(means))
    return float(np.corrcoef(ranks, np.arange(len(means)))[0, 1])


def _cells(given):
    """District and weighted residents of each cell: everyone offends alike, so victimisation is in the numbers."""
    names, people = [], []
    for name, (population, victimised, _) in given["districts"].items():
        count = max(1, round(population / given["people_a_cell"]))
        names += [name] * count
        people += [round(population * victimised / count)] * count
    return names, people


def _unfairness(given, hot, other, replicates) -> np.ndarray:
    """(R,) mean over the run of half the sum over districts of |share of predicted - share of true spots|."""
    names, people = _cells(given)
    more = (hot - other) / (1 - other)  # of what is not seen anyway
    rate = 365 * 1000 / given["semester"] / given["scaled"]
    seen = (
        f"reported: {other}, discovered: {-np.log(max(1 - more, 1e-12))}, harm_days: 1, police_found: false"
    )
    arm = the_arm([
        "city=listed", f"city.cols={len(people)}", f"city.people={written({'all': people, 'nobody': [0] * len(people)})}",
        f"city.districts={written(names)}", f"world.offences={{crime: {{true_rate: {rate}, {seen}}}}}", "world.carried={}",
        "world.stop_rate=0", "world.intelligence=0", "bias.level=1", "history_days=180", "prediction=ewma",
        f"prediction.half_life_days={given['half_life']}", "allocation=top_cells", f"allocation.k={given['spots']}",
        f"allocation.budget={given['spots']}", f"days={given['days']}", "refit_days=5",
    ])  # fmt: skip
    grid, total, count = arm[1].grid, 0.0, 0
    of_district = np.eye(len(grid.districts))[grid.district] / given["spots"]
    true = _top(np.array(people, float)[None], given["spots"])
    for turn in turns(arm, replicates):
        total = total + 0.5 * np.abs(((turn.plan[:, 0] > 0) - true) @ of_district).sum(axis=1)
        count += 1
    return total / count


def _top(rates, k) -> np.ndarray:
    """(1, n) chance of each cell to be among the k highest, ties alike."""
    last = np.sort(rates[0])[-k]
    above, tied = rates > last, rates == last
    return above + tied * (k - above.sum()) / tied.sum()
