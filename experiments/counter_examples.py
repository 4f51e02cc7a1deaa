"""Counter-examples: when does the loop do no harm?

Question. Under which settings does nothing compound, and under which does the bias reverse?

Design. `configs/scenario/counter_examples.yaml`: the loop of twin_cities beside arms that
differ in one thing. Answers: the disparity of the first and of the last plan, compounding
and the regime of each arm.

Expected. Proportional patrol fades; reports only leaves nothing; a reversed start falls on
the other group; without bias there is no direction on average.

Result. Written by each run to results/counter_examples/answers.csv; see docs/answers.md.

    python experiments/counter_examples.py replicates=128
"""

from __future__ import annotations

import hydra

from loopsim.study.answers import experiment
from loopsim.study.answers import words as say

FIGURES = ("first_and_last",)  # of docs/answers.md


def rows(result) -> list[tuple]:
    """First and last disparity, and compounding, of every arm."""
    pair, table = f"{result.groups[1]}/{result.groups[0]}", []
    for arm in result.arms:
        table += experiment.first_and_last(result, arm, pair)
    return table


def told(found, about) -> list[str]:
    """The arms by regime, and by whether a disparity is left at all."""
    rows, by = [], {}
    for (a, pair), (first, last, grown) in experiment.ends(found).items():
        regime = about["verdict"][a][pair]["regime"]
        by.setdefault(regime, []).append(say.arm(a))
        rows.append((say.arm(a), say.times(first), say.times(last), say.times(grown), regime))
    lasts = {a: last for (a, _), (_, last, _) in experiment.ends(found).items()}
    sides = {
        w: [say.arm(a) for a, r in lasts.items() if say.side(r) == w]
        for w in ("above", "below", "not settled")
    }
    head = "; ".join(f"*{regime}*: {say.listed(names)}" for regime, names in by.items())
    more = (
        f"At the last plan the smaller group has more patrol per head in {say.listed(sides['above'])}, less in "
        f"{say.listed(sides['below'])}, and neither within the interval in {say.listed(sides['not settled'])}. A regime is of the "
        "growth since the first plan: a disparity that was next to nothing and went to nothing stays inside the band."
    )
    return [
        f"By regime: {head}. {more}",
        *say.table(("arm", "first plan", "last plan", "grown", "regime"), rows),
    ]


@hydra.main(version_base="1.3", config_path=experiment.CONFIGS, config_name="experiment/counter_examples")
def main(config) -> None:
    """Run, answer, draw."""
    experiment.answer("counter_examples", rows)


if __name__ == "__main__":
    main()
