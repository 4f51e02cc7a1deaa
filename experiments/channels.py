"""Channels: through which records does the bias travel?

Question. Which of the five recording channels carries the disparity of patrol?

Design. `configs/scenario/channels.yaml`: the model is shown every set of channels, 32 arms on
the same crimes. Answer: exact Shapley values of the log disparity of the first and of the
last plan, what each channel adds to it, with intervals over replicates, paired between all arms.

Expected. Stops, searches and intelligence carry it; reports dilute it.

Result. Written by each run to results/channels/answers.csv; see docs/answers.md.

    python experiments/channels.py replicates=128
"""

from __future__ import annotations

import hydra
import numpy as np

from loopsim.measures.shapley import coalitions, shapley
from loopsim.records.kinds import CHANNELS
from loopsim.study.answers import answers, experiment
from loopsim.study.answers import words as say

SIDES = {"above": "Carry it", "below": "Dilute it", "not settled": "Neither, within the interval"}
FIGURES = ("attribution",)  # of docs/answers.md


def rows(result) -> list[tuple]:
    """What each channel contributes to the log disparity, and its share of the whole."""
    pair, table = f"{result.groups[1]}/{result.groups[0]}", []
    names = [*(".".join(c) or "none" for c in coalitions(CHANNELS)[:-1]), "loop"]
    size = result.manifest["replicates"]
    for row in (0, -1):
        day, point, draws = answers.stacked(result, "patrol_disparity", pair, arms=names, row=row)
        parts, spread = shapley(point[:, None])[:, 0], shapley(draws)
        whole, drawn = parts.sum(), spread.sum(axis=0)
        for name, mean, found in zip((*CHANNELS, "sum"), (*parts, whole), (*spread, drawn), strict=True):
            limits = answers.limits_of(found, size)
            table.append(("loop", day, "channel_contribution", name, float(mean), *limits, size))
            limits = answers.limits_of(np.divide(found, drawn), size)
            table.append(("loop", day, "channel_share", name, float(mean / whole), *limits, size))
    return table


def told(found, about) -> list[str]:
    """Which channels carry, dilute or do neither, at the first and at the last plan."""
    days = sorted({r.day for r in found})
    lines, rows = [], []
    for day in days:
        parts = say.pick(found, measure="channel_contribution", day=day)
        whole = next(r for r in parts if r.group == "sum")
        by = {
            w: [f"{r.group} {say.plain(r)}" for r in parts if r is not whole and say.side(r) == w]
            for w in SIDES
        }
        lines.append(
            f"On day {day} the disparity is {say.times(whole)}, that is {say.plain(whole)} in logs. "
            + " ".join(f"{SIDES[w]}: {say.listed(by[w])}." for w in SIDES)
        )
    for name in say.each(found, "group"):
        both = [say.last(found, measure="channel_contribution", group=name, day=day) for day in days]
        share = say.last(found, measure="channel_share", group=name, day=days[-1])
        rows.append((name, *map(say.plain, both), say.plain(share, 0, 100)))
    head = ("channel", *(f"day {day}, logs" for day in days), f"% of the whole on day {days[-1]}")
    return [" ".join(lines), *say.table(head, rows)]


@hydra.main(version_base="1.3", config_path=experiment.CONFIGS, config_name="experiment/channels")
def main(config) -> None:
    """Run, answer, draw."""
    experiment.answer("channels", rows)


if __name__ == "__main__":
    main()
