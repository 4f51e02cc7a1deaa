"""Regimes: where does a bias fade, lock in, compound or run away?

Question. How do the share of records that patrol generates and the exponent of the allocation
decide what becomes of a bias; and does the mean field say where it turns?

Design. `configs/scenario/regimes.yaml`, swept over `world.stop_rate` (the records that patrol
makes) and `allocation.gamma`. Answers: the share of records that patrol made, and what the
linear theory gives for compounding: n log mu, the growth of a small disparity in n refits, with
mu of equation 4 of the mean field.

Expected. The bias fades while exponent times share is below 1, and grows above.

Result. Written by each run to results/regimes/answers.csv; see docs/answers.md.

    python experiments/regimes.py replicates=64
"""

from __future__ import annotations

import math
from itertools import product

import hydra

from loopsim.records.kinds import CHANNELS
from loopsim.study.answers import answers, experiment
from loopsim.study.answers import words as say
from loopsim.study.answers.dose import metrics_by_point
from loopsim.study.observer.tables import draws_of
from loopsim.theory.mean_field import uniform_eigenvalue

GRID = ("world.stop_rate=0.0165,0.05,0.1,0.2,0.4,0.8", "allocation.gamma=0.5,0.75,1,1.25,1.5,2,2.5,3")
FIGURES = ("regime_map",)  # of docs/answers.md


def rows(result) -> list[tuple]:
    """The share of records that patrol made, and the compounding of the linear theory."""
    pair, config = f"{result.groups[1]}/{result.groups[0]}", result.config
    refits = config["days"] // config["refit_days"]
    forget = min(1.0, config["refit_days"] / config["prediction"]["window_days"])
    table, none = [], float("nan")
    made = metrics_by_point(result, [f"recorded_rate_{c}" for c in CHANNELS], "loop", "all")
    for values in product(*result.swept.values()):
        at = dict(zip(result.swept, values, strict=True))
        day, rates = made[values]
        size = rates.shape[1]
        share, limits = share_of_patrol(rates)
        table.append((*values, "loop", day, "patrol_generated_share", "all", share, *limits, size))
        mu = uniform_eigenvalue(at["allocation.gamma"], share, forget=forget)
        table.append((*values, "theory", day, "compounding", pair, refits * math.log(mu), none, none, size))
    return table


def share_of_patrol(rates) -> tuple[float, tuple[float, float]]:
    """Share of records that are no reports, of (channels, R) rates with reports first, and its interval."""
    size = rates.shape[1]
    drawn = rates @ draws_of(size).T
    limits = answers.limits_of(1.0 - drawn[0] / drawn.sum(axis=0), size)
    return float(1.0 - rates[0].sum() / rates.sum()), limits


def told(found, about) -> list[str]:
    """How many points of each regime lie on which side of the line, and what the share was."""
    keys = list(about["points"][0]["values"])
    verdict = {
        tuple(float(p["values"][k]) for k in keys): next(iter(p["verdict"]["loop"].values()))
        for p in about["points"]
    }
    rows, judged = [], []
    for r in (r for r in found if r.measure == "patrol_generated_share"):
        ours, gamma = verdict[tuple(r.at[k] for k in keys)], r.at["allocation.gamma"]
        side = "grows" if gamma * r.mean > 1 else "fades"
        judged.append((side, ours["regime"]))
        growth = say.times(
            r._replace(**dict(zip(("mean", "lo", "hi"), map(_number, ours["compounding"]), strict=True)))
        )
        rows.append(
            (
                *(f"{r.at[k]:g}" for k in keys),
                say.plain(r),
                f"{gamma * r.mean:.2f}",
                side,
                growth,
                ours["regime"],
            )
        )
    head = " ".join(
        f"Where the mean field says that a bias {side} ({len(there)} of {len(judged)} points), the simulation says: {say.counted(there)}."
        for side in ("fades", "grows")
        if (there := [regime for s, regime in judged if s == side])
    )
    wrong = sum((s, r) in (("fades", "compounds"), ("grows", "fades")) for s, r in judged)
    settled = sum(r in ("fades", "compounds", "runs away") for _, r in judged)
    ends = f"Of {settled} points at which the simulation settles on one or the other, {wrong} lie on the wrong side of the line."
    names = (
        *keys,
        "share from patrol",
        "exponent × share",
        "mean field",
        "grown since the first plan",
        "regime",
    )
    return [f"{head} {ends}", *say.table(names, rows)]


def _number(value) -> float:
    return float("nan") if value is None else value


@hydra.main(version_base="1.3", config_path=experiment.CONFIGS, config_name="experiment/regimes")
def main(config) -> None:
    """Sweep, answer."""
    result = experiment.sweep("regimes", list(GRID))
    found = rows(result)
    answers.write(result, found, before=tuple(result.swept))
    experiment.draw(result)
    for *values, arm, day, measure, _, mean, _, _, _ in found:
        at = "  ".join(f"{key}={value}" for key, value in zip(result.swept, values))
        print(f"{at}  day {day}  {arm}  {measure} {mean:.3g}")


if __name__ == "__main__":
    main()
