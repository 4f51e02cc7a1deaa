"""What stops the loop?

Question. Which change makes the disparity of patrol fall, how fast, and at what cost in
offences that patrol finds?

Design. `configs/scenario/stop_the_loop.yaml`: every remedy and the ban, put in force on day
182 and on day 546, against the loop that goes on; the same crimes in every arm. Answers: the
halving time of the disparity of patrol and of belief after the change, the disparity that is
left at the end, and the change in offences found by patrol (per 1,000 residents a year).

Expected. A ban evens patrol out at once, while belief stays skewed for the window of the
records. Reports only works as fast. Remedies that thin the evidence work slowly or not at all.

Result. Written by each run to results/stop_the_loop/answers.csv; see docs/answers.md.

    python experiments/stop_the_loop.py replicates=32
"""

from __future__ import annotations

import hydra

from loopsim.study import answers, experiment

NEVER = (float("nan"),) * 3  # half was not gone within the run
FOUND = ("recorded_rate_discovery", "recorded_rate_search")


def rows(result) -> list[tuple]:
    """The answer of every arm that changes something."""
    pair, last = f"{result.groups[1]}/{result.groups[0]}", result.manifest["days"]
    size, table = result.manifest["replicates"], []
    for arm in (a for a in result.arms if a != "loop"):
        day = int(arm.rpartition("_")[2])
        for measure in ("half_life_after", "belief_half_life_after"):
            found = answers.of(result, measure, pair, arm=arm) or {day: NEVER}
            table += [(arm, day, measure, pair, *v, size) for v in found.values()]
        left = list(answers.of(result, "after_ban", pair, arm=arm).items())[-1]
        table.append((arm, left[0], "after_ban", pair, *left[1], size))
        for measure in FOUND:
            lost = answers.difference(result, measure, "all", arm=arm, against="loop", day=last)
            table.append((arm, last, f"{measure}_against_loop", "all", *lost))
    return table


@hydra.main(version_base="1.3", config_path="../configs", config_name="experiment")
def main(config) -> None:
    """Run, answer, draw."""
    result = experiment.run("stop_the_loop")
    found = rows(result)
    answers.write(result, found)
    experiment.tell(result, found)


if __name__ == "__main__":
    main()
