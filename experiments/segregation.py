"""Segregation: how much of the disparity is that of living apart?

Question. How does the disparity of patrol grow with the dissimilarity index of the groups,
and does deprivation stand in for group?

Design. `configs/scenario/segregation.yaml`: nine cities from dissimilarity 0.1 to 0.9, the
shuffled city as the null; reporting that falls with deprivation, biased and not; and a model that
is shown deprivation alone. Answers: how far apart the groups of each city live, the disparity of
the first and the last plan, and compounding. Each arm is one city: intervals are over its futures.

Expected. More apart, more disparity; hardly any in the shuffled city. Deprivation stands in for
group as far as the two go together.

Result. Written by each run to results/segregation/answers.csv; see docs/answers.md.

    python experiments/segregation.py replicates=32
"""

from __future__ import annotations

import hydra

from loopsim.study.answers import experiment
from loopsim.study.answers import words as say
from loopsim.study.manifest import about_city

FIGURES = ("apart",)  # of docs/answers.md


def rows(result) -> list[tuple]:
    """How far apart each city is, then first and last disparity and compounding of every arm."""
    pair, table = f"{result.groups[1]}/{result.groups[0]}", []
    none, size = float("nan"), result.manifest["replicates"]
    for arm in result.arms:
        city = about_city(result.cities[arm])[pair]
        for measure in ("dissimilarity", "deprivation_correlation"):
            table.append((arm, 0, measure, pair, city[measure], none, none, size))
        table += experiment.first_and_last(result, arm, pair)
    return table


def told(found, about) -> list[str]:
    """The ends of the line, the null, and deprivation."""
    line = sorted(say.pick(found, measure="dissimilarity"), key=lambda r: r.mean)
    line = [r for r in line if r.arm.startswith("apart")]
    ends = [f"at {r.mean:.2f} it is {say.times(_plan(found, r.arm, 0))} at the first plan and {say.times(_plan(found, r.arm, -1))} "
            f"at the last" for r in (line[0], line[-1])] if line else []  # fmt: skip
    grown = [r.arm for r in line if say.side(say.last(found, arm=r.arm, measure="compounding")) == "above"]
    head = f"With the dissimilarity index of the city the disparity rises: {'; '.join(ends)}. " if _rises(found, line) else (
        f"The disparity of the first plan does not rise at every step of the dissimilarity index: {'; '.join(ends)}. ")  # fmt: skip
    head += f"Growth since the first plan is beyond its interval in {say.listed(map(say.arm, grown))}."
    rest = [
        f"{say.arm(a)} {say.times(_plan(found, a, 0))}, then {say.times(_plan(found, a, -1))}"
        for a in say.each(found, "arm") if not a.startswith("apart")
    ]  # fmt: skip
    measures = ("dissimilarity", "deprivation_correlation", "compounding")
    rows = []
    for a in say.each(found, "arm"):
        city = [say.plain(say.last(found, arm=a, measure=m)) for m in measures[:2]]
        growth = say.last(found, arm=a, measure="compounding")
        rows.append(
            (
                say.arm(a),
                *city,
                say.times(_plan(found, a, 0)),
                say.times(_plan(found, a, -1)),
                say.times(growth),
                _regime(about, a),
            )
        )
    names = (
        "arm",
        "dissimilarity",
        "deprivation with group, correlation",
        "first plan",
        "last plan",
        "grown",
        "regime",
    )
    return [head, f"Beside them, first and last plan: {'; '.join(rest)}.", "", *say.table(names, rows)]


def _plan(found, arm, which):
    plans = say.pick(found, arm=arm, measure="patrol_disparity")
    return sorted(plans, key=lambda r: r.day)[which]


def _rises(found, line) -> bool:
    firsts = [_plan(found, r.arm, 0).mean for r in line]
    return firsts == sorted(firsts)


def _regime(about, arm) -> str:
    return next(iter(about["verdict"][arm].values()))["regime"]


@hydra.main(version_base="1.3", config_path=experiment.CONFIGS, config_name="experiment/segregation")
def main(config) -> None:
    """Run, answer, draw."""
    experiment.answer("segregation", rows)


if __name__ == "__main__":
    main()
