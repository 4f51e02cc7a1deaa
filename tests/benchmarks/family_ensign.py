"""The urn of Ensign et al. (2018): 1,000 draws of 1,000 urns with decay, as the authors' figures.

`urn_vs_ensign` sets the published figure, 28 s for one such run of the authors' code on a
2-core machine (71 thousand cell-steps a second), against the CPU time of
`loopsim.theory.urn.shares`, the code behind `loopsim validate ensign_2018`.
`urn_vs_python` measures a tuned Python form of the authors' scheme, written from its
description, in this process: one urn after the other, one draw after the other.
`loop_vs_ensign` is the same urn composed from the stages of the loop, 200 of the urns.
"""

from __future__ import annotations

import random

import numpy as np
from stopwatch import cpu, in_turns, ratio

KEYS = ("urn_vs_ensign", "urn_vs_python", "loop_vs_ensign")
DRAWS, URNS, SAMPLE, COMPOSED = 1000, 1000, 20, 200
RATES, START, DECAY = (3.68511, 2.816466), (609.0, 379.0), 0.01
PUBLISHED = 28.0  # s, the authors' code for one figure; measured on a 2-core machine


def by_the_kernel(i):
    """CPU seconds of 1,000 urns."""
    from loopsim.theory.urn import shares

    return cpu(lambda: shares(seed=i, replicates=URNS, days=DRAWS, rates=RATES, start=START, decay=DECAY))


def in_python(i):
    """CPU seconds of 1,000 urns, from a sample of them: generators bound once, no objects."""
    rng, draw = np.random.default_rng(i), random.Random(i).random
    poisson, binomial = rng.poisson, rng.binomial

    def live():
        for _ in range(SAMPLE):
            a, b = START
            for _ in range(DRAWS):
                if draw() * (a + b) < a:
                    a += poisson(RATES[0])
                else:
                    b += poisson(RATES[1])
                a = max(1, a - binomial(a, DECAY))
                b = max(1, b - binomial(b, DECAY))

    return cpu(live) * URNS / SAMPLE


def by_the_loop(i):
    """CPU seconds of 1,000 urns, from a sample that ledger, model and allocator turn together."""
    from loopsim.validation.urn import final_shares, the_urn

    setup = the_urn(rates=RATES, start=[int(s) for s in START], days=DRAWS, decay=DECAY)
    return cpu(lambda: final_shares(setup, range(COMPOSED * i, COMPOSED * (i + 1)))) * URNS / COMPOSED


def measure(keys, rounds: int) -> dict[str, float]:
    """The ratios asked for."""
    jobs = {"urn": by_the_kernel} | ({"python": in_python} if "urn_vs_python" in keys else {})
    taken = in_turns(jobs | ({"loop": by_the_loop} if "loop_vs_ensign" in keys else {}), rounds)
    median = {name: float(np.median(seconds)) for name, seconds in taken.items()}
    found = {"urn_vs_ensign": PUBLISHED / median["urn"]}
    if "python" in taken:
        found["urn_vs_python"] = ratio(taken, "python", "urn")
    if "loop" in taken:
        found["loop_vs_ensign"] = PUBLISHED / median["loop"]
    return found
