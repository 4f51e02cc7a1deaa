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
    size, table = result.manifest["replicates"], []
    pair = f"{result.groups[1]}/{result.groups[0]}"
    for arm in result.arms:
        for measure in ("patrol_disparity", "compounding"):
            days = list(answers.of(result, measure, pair, arm=arm).items())
            for day, value in (days[0], days[-1]) if measure == "patrol_disparity" else days[-1:]:
                table.append((arm, day, measure, pair, *value, size))
    return table


@hydra.main(version_base="1.3", config_path="../configs", config_name="experiment")
def main(config) -> None:
    """Run, answer, draw."""
    result = experiment.run("counter_examples")
    found = rows(result)
    answers.write(result, found)
    for arm, day, measure, _, *value in found:
        print(f"{arm:16} day {day:5} {measure:18} {experiment.said(value)}")
    for arm in result.arms:
        print(f"{arm:16} {next(iter(result.verdict[arm].values()))['regime']}")


if __name__ == "__main__":
    main()
