"""Real Southend: the same questions from real records and real residents.

Question. What do the real records of a town do to patrol on day 0, what does feedback add to
it, and what do remedies change?

Design. `configs/scenario/real_southend.yaml` on a file made by `loopsim city import`; every
group against the largest. Answers: the disparity of the first and last plan of every arm and its
growth, what feedback adds, what a clean start would have shown, how long a disparity outlives a
ban, what next year's patrol follows, and hit rates on records and on true offences.

Expected. Most of the disparity is that of living where records are dense.

Result. Written by each run to results/real_southend/answers.csv; see docs/answers.md.

    python experiments/real_southend.py city.file=southend.nc replicates=32
"""

from __future__ import annotations

import hydra

from loopsim.study.answers import answers, experiment
from loopsim.study.answers import words as say

CONTRASTS = {
    "feedback_adds": "loop against frozen model",
    "initial_bias_costs": "loop against clean start",
    "model_costs": "loop against no model",
}
FOLLOWED = {
    "predictability_patrol": "patrol explained by past patrol",
    "predictability_truth": "by past offences",
    "hit_rate_records": "hit rate on records",
    "hit_rate_truth": "on true offences",
}
FIGURES = ("first_and_last",)  # of docs/answers.md


def rows(result) -> list[tuple]:
    """First and last disparity of every arm and pair, the contrasts of the loop, and what patrol follows."""
    table = []
    for pair in (f"{g}/{result.groups[0]}" for g in result.groups[1:]):
        for arm in result.arms:
            table += experiment.first_and_last(result, arm, pair)
        table += _last(result, CONTRASTS, pair, "loop")
        table += _last(result, ("half_life_after", "belief_half_life_after"), pair, "ban")
    for arm in ("loop", "no_model"):
        table += _last(result, FOLLOWED, "all", arm)
    return table


def _last(result, measures, group, arm) -> list[tuple]:
    """The last number of each of these measures, where the arm has it."""
    found = [(m, list(answers.of(result, m, group, arm=arm).items())[-1:]) for m in measures]
    size = result.manifest["replicates"]
    return [(arm, day, m, group, *value, size) for m, rows in found for day, value in rows]


def told(found, about) -> list[str]:
    """The arms by regime, and by whether a disparity is left at all."""
    rows, by = [], {}
    for (a, pair), (first, last, grown) in experiment.ends(found).items():
        regime = about["verdict"][a][pair]["regime"]
        by.setdefault(regime, []).append(f"{say.arm(a)} ({pair})")
        rows.append((say.arm(a), pair, say.times(first), say.times(last), say.times(grown), regime))
    head = "; ".join(f"*{regime}*: {say.listed(names)}" for regime, names in by.items())
    lines = [
        f"By regime: {head}.",
        *(_of_pair(found, pair) for pair in dict.fromkeys(p for _, p in experiment.ends(found))),
    ]
    follows = [
        f"{text} {say.plain(say.last(found, arm='loop', measure=m), 1, 100)} %"
        for m, text in FOLLOWED.items()
    ]
    lines.append(f"In the loop, last year: {say.listed(follows)}.")
    return [" ".join(lines), *say.table(("arm", "pair", "first plan", "last plan", "grown", "regime"), rows)]


def _of_pair(found, pair) -> str:
    """What the contrasts and the ban say of a pair."""
    added = {m: say.last(found, arm="loop", measure=m, group=pair) for m in CONTRASTS}
    parts = [
        f"{text} {say.times(added[m])} ({_effect(added[m])})" for m, text in CONTRASTS.items() if added[m]
    ]
    halved = say.last(found, arm="ban", measure="half_life_after", group=pair)
    belief = say.last(found, arm="ban", measure="belief_half_life_after", group=pair)
    after = [
        f"{what} {say.plain(r, 0)} days" if r else f"{what} not within the run"
        for what, r in (("patrol", halved), ("belief", belief))
    ]
    return (
        f"For {pair}, at the last plan: {say.listed(parts)}. Time to half after the ban: {say.listed(after)}."
    )


def _effect(row) -> str:
    return {"above": "more", "below": "less", "not settled": "not settled"}[say.side(row)]


@hydra.main(version_base="1.3", config_path=experiment.CONFIGS, config_name="experiment/real_southend")
def main(config) -> None:
    """Run, answer, draw."""
    experiment.answer("real_southend", rows)


if __name__ == "__main__":
    main()
