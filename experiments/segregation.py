"""Segregation: how much of the disparity is that of living apart?

Question. How does the disparity of patrol grow with the dissimilarity index of the groups,
and does deprivation stand in for group?

Design. `configs/scenario/segregation.yaml`: nine cities from dissimilarity 0.1 to 0.9, the
shuffled city as the null, and reporting that falls with deprivation, biased and not. Answers:
the disparity of the first and the last plan, and compounding.

Expected. More apart, more disparity; hardly any in the shuffled city.

Result. Written by each run to results/segregation/answers.csv; see docs/answers.md.

    python experiments/segregation.py replicates=32
"""

from __future__ import annotations

import hydra

from loopsim.study import answers, experiment


def rows(result) -> list[tuple]:
    """First and last disparity, and compounding, of every arm."""
    pair, table = f"{result.groups[1]}/{result.groups[0]}", []
    for arm in result.arms:
        table += experiment.first_and_last(result, arm, pair)
    return table


@hydra.main(version_base="1.3", config_path="../configs", config_name="experiment")
def main(config) -> None:
    """Run, answer, draw."""
    result = experiment.run("segregation")
    found = rows(result)
    answers.write(result, found)
    experiment.tell(result, found)


if __name__ == "__main__":
    main()
