"""Channels: through which records does the bias travel?

Question. Which of the five recording channels carries the disparity of patrol?

Design. `configs/scenario/channels.yaml`: the model is shown every set of channels, 32 arms on
the same crimes. Answer: exact Shapley values of the disparity of the first and of the last
plan, with intervals over replicates, paired between all arms.

Expected. Stops, searches and intelligence carry it; reports dilute it.

Result. Written by each run to results/channels/answers.csv; see docs/answers.md.

    python experiments/channels.py replicates=32
"""

from __future__ import annotations

import hydra
import numpy as np

from loopsim.measures.shapley import coalitions, shapley
from loopsim.records.kinds import CHANNELS
from loopsim.study import answers, experiment


def rows(result) -> list[tuple]:
    """The share of each channel in the disparity, and their sum."""
    pair, table = f"{result.groups[1]}/{result.groups[0]}", []
    names = [".".join(c) or "none" for c in coalitions(CHANNELS)]
    size = result.manifest["replicates"]
    for row in (0, -1):
        day, point, draws = answers.stacked(result, "patrol_disparity", pair, arms=names, row=row)
        parts = shapley(point[:, None])[:, 0], shapley(draws)
        for name, mean, spread in zip(CHANNELS, *parts):
            table.append(("all", day, "channel_share", name, mean, *answers.limits_of(spread, size), size))
        whole = np.array([p.sum(axis=0) for p in parts], dtype=object)
        table.append(("all", day, "channel_share", "sum", whole[0], *answers.limits_of(whole[1], size), size))
    return table


@hydra.main(version_base="1.3", config_path="../configs", config_name="experiment")
def main(config) -> None:
    """Run, answer, draw."""
    result = experiment.run("channels")
    found = rows(result)
    answers.write(result, found)
    experiment.tell(result, found)


if __name__ == "__main__":
    main()
