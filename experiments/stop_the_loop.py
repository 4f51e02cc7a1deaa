"""What stops the loop?

Question. Which change makes the disparity of patrol fall, how fast, and at what cost in
offences that patrol finds?

Design. `configs/scenario/stop_the_loop.yaml`: every remedy and the ban, put in force on day
28, on day 182 and on day 546, against the loop that goes on; the same crimes in every arm. Answers: the
halving time of the disparity of patrol and of belief after the change, the disparity that is
left at the end, and the change in offences found by patrol (per 1,000 residents a year).

Expected. A ban evens patrol out at once, while belief stays skewed for the window of the
records. Reports only works as fast. Remedies that thin the evidence work slowly or not at all.

Result. Written by each run to results/stop_the_loop/answers.csv; see docs/answers.md.

    python experiments/stop_the_loop.py replicates=64
"""

from __future__ import annotations

import hydra

from loopsim.study.answers import answers, experiment
from loopsim.study.answers import words as say

NEVER = (float("nan"),) * 3  # half was not gone within the run
FOUND = ("recorded_rate_discovery", "recorded_rate_search")
FIGURES = ("remedies",)  # of docs/answers.md


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
        lost = answers.difference(result, FOUND, "all", arm=arm, against="loop", day=last)
        table.append((arm, last, "found_against_loop", "all", *lost))
    return table


def told(found, about) -> list[str]:
    """What halves the disparity, what is left, what it costs, by change and day."""
    names = list(dict.fromkeys(r.arm.rpartition("_day_")[0] for r in found))
    days = sorted({int(r.arm.rpartition("_")[2]) for r in found})
    halved = {
        n: [
            d
            for d in days
            if _of(found, n, d, "half_life_after").mean == _of(found, n, d, "half_life_after").mean
        ]
        for n in names
    }
    always, never = [n for n in names if halved[n] == days], [n for n in names if not halved[n]]
    finds = {n: [say.side(_of(found, n, d, "found_against_loop")) for d in days] for n in names}
    some = [n for n in names if n not in (*always, *never)]
    head = (
        f"The disparity of patrol fell to half within the run after each of the days {say.listed(map(str, days))} with "
        f"{say.listed(map(say.arm, always))}; after none of them with {say.listed(map(say.arm, never))}; only after some of them with "
        f"{say.listed(map(say.arm, some))}. Offences found by patrol and in searches, per 1,000 residents a year, against the loop: the interval lies below 0 with "
        f"{say.listed(_which(finds, 'below', days))}, above 0 with {say.listed(_which(finds, 'above', days))}; of {len(names) * len(days)} "
        f"such intervals {0.05 * len(names) * len(days):.1f} would miss 0 by chance alone."
    )
    shown = ("half_life_after", "belief_half_life_after", "after_ban", "found_against_loop")
    rows = [
        (say.arm(n), d, *(say.plain(_of(found, n, d, m), 0 if "half" in m else 2) for m in shown))
        for n in names
        for d in days
    ]
    titles = (
        "change",
        "on day",
        "patrol halved after, days",
        "belief halved after, days",
        "share of the disparity left",
    )
    return [head, *say.table((*titles, "offences found, per 1,000 residents a year, against the loop"), rows)]


def _of(found, name, day, measure):
    return say.last(found, arm=f"{name}_day_{day}", measure=measure)


def _which(finds, where, days) -> list[str]:
    """Changes whose interval lies on this side, with the days where it is not all of them."""
    told = {
        n: [d for d, side in zip(days, sides, strict=True) if side == where] for n, sides in finds.items()
    }
    return [
        say.arm(n) + ("" if on == days else f" (day {say.listed(map(str, on))})")
        for n, on in told.items()
        if on
    ]


@hydra.main(version_base="1.3", config_path=experiment.CONFIGS, config_name="experiment/stop_the_loop")
def main(config) -> None:
    """Run, answer, draw."""
    experiment.answer("stop_the_loop", rows)


if __name__ == "__main__":
    main()
