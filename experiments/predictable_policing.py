"""Predictable policing: what does next year's patrol follow?

Question. How much of next year's patrol is predicted by last year's patrol, how much by last
year's true offences; and how accurate is the model on its own records against the truth?

Design. `configs/scenario/predictable_policing.yaml`: five years, measured yearly. Deviance of
a year's patrol over cells that is explained by the year before (1 = wholly, 0 = not at all),
and the hit rate of the patrolled cells on records and on true offences.

Expected. Patrol predicts patrol, true offences hardly do; the model looks better on records.

Result. Written by each run to results/predictable_policing/answers.csv; see docs/answers.md.

    python experiments/predictable_policing.py replicates=64
"""

from __future__ import annotations

import hydra

from loopsim.study.answers import answers, experiment
from loopsim.study.answers import words as say

MEASURES = (
    ("predictability_patrol", "all"),
    ("predictability_truth", "all"),
    ("hit_rate_records", "all"),
    ("hit_rate_truth", "all"),
    ("self_confirmation", "hit_rate"),
)
EXPLAINED, HITS = ("predictability_patrol", "predictability_truth"), ("hit_rate_records", "hit_rate_truth")
FIGURES = ("predictability",)  # of docs/answers.md


def rows(result) -> list[tuple]:
    """The measures of every arm and year."""
    size = result.manifest["replicates"]
    return [
        (arm, day, measure, group, *value, size)
        for arm in result.arms
        for measure, group in MEASURES
        for day, value in answers.of(result, measure, group, arm=arm).items()
    ]


def told(found, about) -> list[str]:
    """What explains patrol in the second and in the last year, and how far the hit rates are apart."""
    lines, rows = [], []
    explained = say.pick(found, measure=EXPLAINED[0])
    arms = list(dict.fromkeys(r.arm for r in explained if r.mean == r.mean))
    for a in arms:
        ends = [
            [say.plain(get(found, arm=a, measure=m), 1, 100) for get in (say.first, say.last)]
            for m in EXPLAINED
        ]
        hits = [say.plain(say.last(found, arm=a, measure=m), 2, 100) for m in HITS]
        lines.append(
            f"{say.arm(a)}: the patrol of the year before explains {ends[0][0]} % of patrol at first and {ends[0][1]} % in the last "
            f"year, true offences {ends[1][0]} % and {ends[1][1]} %; the patrolled cells catch {hits[0]} % of recorded crime and "
            f"{hits[1]} % of true offences."
        )
    none = [say.arm(a) for a in say.each(found, "arm") if a not in arms]
    lines.append(f"Patrol is even, so that there is nothing to explain, in {say.listed(none)}.")
    for a in arms:
        for day in sorted({r.day for r in say.pick(found, arm=a)}):
            cells = [
                say.plain(say.last(found, arm=a, measure=m, day=day), 1, 100) for m in (*EXPLAINED, *HITS)
            ]
            rows.append((say.arm(a), day, *cells))
    names = (
        "arm",
        "day",
        "explained by past patrol, %",
        "by past offences, %",
        "hit rate on records, %",
        "on true offences, %",
    )
    return [" ".join(lines), *say.table(names, rows)]


@hydra.main(version_base="1.3", config_path=experiment.CONFIGS, config_name="experiment/predictable_policing")
def main(config) -> None:
    """Run, answer, draw."""
    experiment.answer("predictable_policing", rows)


if __name__ == "__main__":
    main()
