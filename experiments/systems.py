"""What does each police system make of a biased start?

Question. Every prediction system of the register gets the same city, the same crimes and the
same biased records. How far does each magnify the bias at its first plan, and does it grow?

Design. `configs/scenario/systems.yaml`: one arm for each system, used as its force is known
to use it (records shown, refits, allocation; what is not published stands in the register as
assumed), and patrol by population. Answers: leverage, compounding with its regime, and the
disparity of the first and the last plan.

Expected. Fewer places and more police-generated records, more leverage; systems fed by
victims' reports of one offence hardly pass the bias on; most intervals of compounding span 0.

Result. Written by each run to results/systems/answers.csv and results/systems/systems.md; the
page docs/systems.md is such a file, of 64 replicates:

    python experiments/systems.py && cp results/systems/systems.md docs/systems.md
"""

from __future__ import annotations

import hydra

from loopsim.study.answers import answers, experiment, systems


def rows(result) -> list[tuple]:
    """Leverage, first and last disparity, and compounding, of every arm."""
    pair, size, table = f"{result.groups[1]}/{result.groups[0]}", result.manifest["replicates"], []
    for arm in result.arms:
        leverage = answers.of(result, "leverage", pair, arm=arm)
        table += [(arm, day, "leverage", pair, *value, size) for day, value in leverage.items()]
        table += experiment.first_and_last(result, arm, pair)
    return table


@hydra.main(version_base="1.3", config_path=experiment.CONFIGS, config_name="experiment/systems")
def main(config) -> None:
    """Run, answer, write the page."""
    result = experiment.run("systems")
    found = rows(result)
    answers.write(result, found)
    (result.path / "systems.md").write_text(systems.page(result), "utf-8")
    experiment.tell(result, found)


if __name__ == "__main__":
    main()
