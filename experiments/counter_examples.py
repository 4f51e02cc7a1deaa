"""Counter-examples: when does the loop do no harm?

Question. Under which settings does nothing compound, and under which does the bias reverse?

Design. `configs/scenario/counter_examples.yaml`: the loop of twin_cities beside arms that
differ in one thing. Answers: the disparity of the first and of the last plan, compounding
and the regime of each arm.

Expected. Proportional patrol fades; reports only leaves nothing; a reversed start falls on
the other group; without bias there is no direction on average.

Result. Written by each run to results/counter_examples/answers.csv; see docs/answers.md.

    python experiments/counter_examples.py replicates=32
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
    result = experiment.run("counter_examples")
    found = rows(result)
    answers.write(result, found)
    experiment.tell(result, found)


if __name__ == "__main__":
    main()
