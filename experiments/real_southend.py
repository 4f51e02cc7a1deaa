"""Real Southend: the same questions from real records and real residents.

Question. What do the real records of a town do to patrol on day 0, what does feedback add to
it, and what do remedies change?

Design. `configs/scenario/real_southend.yaml` on a file made by `loopsim city import`; every
group against the largest. Answers: the disparity of the first and last plan of every arm, what
the feedback adds, and what a clean start would have shown.

Expected. Most of the disparity is that of living where records are dense.

Result. Written by each run to results/real_southend/answers.csv; see docs/answers.md.

    python experiments/real_southend.py city.file=southend.nc replicates=32
"""

from __future__ import annotations

import hydra

from loopsim.study import answers, experiment


def rows(result) -> list[tuple]:
    """First and last disparity of every arm and pair, and the contrasts of the loop."""
    size, table = result.manifest["replicates"], []
    for pair in (f"{g}/{result.groups[0]}" for g in result.groups[1:]):
        for arm in result.arms:
            days = list(answers.of(result, "patrol_disparity", pair, arm=arm).items())
            table += [(arm, day, "patrol_disparity", pair, *v, size) for day, v in (days[0], days[-1])]
        for measure in ("feedback_adds", "initial_bias_costs", "model_costs"):
            days = list(answers.of(result, measure, pair, arm="loop").items())
            table += [("loop", day, measure, pair, *v, size) for day, v in days[-1:]]
    return table


@hydra.main(version_base="1.3", config_path="../configs", config_name="experiment")
def main(config) -> None:
    """Run, answer, draw."""
    result = experiment.run("real_southend")
    found = rows(result)
    answers.write(result, found)
    experiment.tell(result, found)


if __name__ == "__main__":
    main()
