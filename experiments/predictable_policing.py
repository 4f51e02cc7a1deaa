"""Predictable policing: what does next year's patrol follow?

Question. How much of next year's patrol is predicted by last year's patrol, how much by last
year's true offences; and how accurate is the model on its own records against the truth?

Design. `configs/scenario/predictable_policing.yaml`: five years, measured yearly. Deviance of
a year's patrol over cells that is explained by the year before (1 = wholly, 0 = not at all),
and the hit rate of the patrolled cells on records and on true offences.

Expected. Patrol predicts patrol, true offences hardly do; the model looks better on records.

Result. Written by each run to results/predictable_policing/answers.csv; see docs/answers.md.

    python experiments/predictable_policing.py replicates=32
"""

from __future__ import annotations

import hydra

from loopsim.study import answers, experiment

MEASURES = (
    ("predictability_patrol", "all"),
    ("predictability_truth", "all"),
    ("hit_rate_records", "all"),
    ("hit_rate_truth", "all"),
    ("self_confirmation", "hit_rate"),
)


def rows(result) -> list[tuple]:
    """The measures of every arm and year."""
    size = result.manifest["replicates"]
    return [
        (arm, day, measure, group, *value, size)
        for arm in result.arms
        for measure, group in MEASURES
        for day, value in answers.of(result, measure, group, arm=arm).items()
    ]


@hydra.main(version_base="1.3", config_path="../configs", config_name="experiment")
def main(config) -> None:
    """Run, answer, draw."""
    result = experiment.run("predictable_policing")
    found = rows(result)
    answers.write(result, found)
    experiment.tell(result, found)


if __name__ == "__main__":
    main()
