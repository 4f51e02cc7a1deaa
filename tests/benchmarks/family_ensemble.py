"""W3: 256 replicates against 256 single runs, and what a second thread costs in CPU time."""

from __future__ import annotations

import tempfile

from stopwatch import cpu, in_turns, ratio
from workloads import a_loop, the_arm, turn_all

from loopsim.study.run import CHUNK

KEYS = ("w3_vs_256_w1", "threads_2_cpu_inflation")
REPLICATES, SINGLES, DAYS = 256, 32, 730


def together(i):
    """CPU seconds of 256 replicates of W1, in chunks as a study runs them."""
    arm, taken = the_arm(), 0.0
    for start in range(0, REPLICATES, CHUNK):
        loop = a_loop(arm, range(i * REPLICATES + start, i * REPLICATES + start + CHUNK))
        taken += cpu(lambda loop=loop: turn_all(loop, DAYS))
    return taken


def one_by_one(i):
    """CPU seconds of 256 single runs of W1, from a sample of them."""
    arm = the_arm()
    loops = [a_loop(arm, i * REPLICATES + j) for j in range(SINGLES)]
    return sum(cpu(lambda loop=loop: turn_all(loop, DAYS)) for loop in loops) * REPLICATES / SINGLES


def a_study(threads: int):
    """CPU seconds of a whole `loopsim.run` of 16 replicates with some threads."""
    from loopsim.study.compose import compose
    from loopsim.study.run import run

    def job(i):
        with tempfile.TemporaryDirectory() as folder:
            lines = [
                f"seed={i + 2}",
                f"threads={threads}",
                "replicates=16",
                f"out={folder}/results",
                "arms=[loop]",
            ]
            study = compose(lines)
            return cpu(lambda: run(study))

    return job


def measure(keys, rounds: int) -> dict[str, float]:
    """The ratios asked for."""
    found = {}
    if "w3_vs_256_w1" in keys:
        taken = in_turns({"w3": together, "w1": one_by_one}, rounds)
        found["w3_vs_256_w1"] = ratio(taken, "w3", "w1")
    if "threads_2_cpu_inflation" in keys:
        taken = in_turns({"two": a_study(2), "one": a_study(1)}, rounds)
        found["threads_2_cpu_inflation"] = ratio(taken, "two", "one")
    return found
