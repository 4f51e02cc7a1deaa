"""Regimes: where does a bias fade, lock in, compound or run away?

Question. How do the share of records that patrol generates and the exponent of the allocation
decide what becomes of a bias; and does the mean field say where it turns?

Design. `configs/scenario/regimes.yaml`, swept over `world.stop_rate` (the records that patrol
makes) and `allocation.gamma`. Answers: the share of records that patrol made, and what the
linear theory gives for compounding: n log mu, the growth of a small disparity in n refits, with
mu of equation 4 of the mean field.

Expected. The bias fades while exponent times share is below 1, and grows above.

Result. Written by each run to results/regimes/answers.csv; see docs/answers.md.

    python experiments/regimes.py replicates=16
"""

from __future__ import annotations

import math
from itertools import product

import hydra

from loopsim.study import answers, experiment
from loopsim.theory.mean_field import uniform_eigenvalue

GRID = ("world.stop_rate=0.0165,0.05,0.1,0.2,0.4,0.8", "allocation.gamma=0.5,0.75,1,1.25,1.5,2,2.5,3")
CHANNELS = ("report", "discovery", "search", "stop", "intelligence")


def rows(result) -> list[tuple]:
    """The share of records that patrol made, and the compounding of the linear theory."""
    pair, config = f"{result.groups[1]}/{result.groups[0]}", result.config
    refits = config["days"] // config["refit_days"]
    forget = min(1.0, config["refit_days"] / config["prediction"]["window_days"])
    table, none = [], float("nan")
    for values in product(*result.swept.values()):
        at = dict(zip(result.swept, values))
        gamma = at.get("allocation.gamma", config["allocation"].get("gamma"))
        rate = {c: last(result.at(at, "loop", f"recorded_rate_{c}", "all")) for c in CHANNELS}
        share = 1.0 - rate["report"]["mean"] / sum(r["mean"] for r in rate.values())
        day, size = rate["report"]["day"], rate["report"]["replicates"]
        table.append((*values, "loop", day, "patrol_generated_share", "all", share, none, none, size))
        growth = refits * math.log(uniform_eigenvalue(gamma, share, forget=forget))
        table.append((*values, "theory", day, "compounding", pair, growth, none, none, size))
    return table


def last(found) -> dict:
    """The row of the last day."""
    return max(found, key=lambda row: row["day"])


@hydra.main(version_base="1.3", config_path="../configs", config_name="experiment")
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
