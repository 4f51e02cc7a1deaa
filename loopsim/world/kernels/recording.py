"""What is written down: one uniform an offence decides, so more patrol only adds records."""

import numpy as np
from numba import njit

from loopsim.philox import OFFENCE, OFFSPRING, UNIT, philox
from loopsim.world.kernels.knobs import GRADES, INTELLIGENCE, RAISES
from loopsim.world.kernels.place import below


@njit(cache=True, nogil=True, inline="always")
def write(i, day, cell, kind, patrol, person, at, c, what, p, who):
    """Write record i of a row of the page where there is room; returns the next i."""
    if i < cell.size:
        day[i], cell[i], kind[i], patrol[i] = at, c, what, p
        if person.size:
            person[i] = who
    return i + 1


@njit(cache=True, nogil=True, inline="always")
def grade_of(word, knobs):
    """Grade of the intelligence log that a word adds, or -1: its high half decides."""
    if (word >> np.uint32(16)) * 2.0**-16 >= knobs[INTELLIGENCE]:
        return np.int64(-1)
    return below((word & np.uint32(0xFFFF)) << np.uint32(16), np.int64(knobs[GRADES]))


@njit(cache=True, nogil=True)
def record(r, n, born, keys, plan, law, knobs, block, page, out):
    """Write down each offence that is reported (w < r) or found (r <= w < r + (1 - r) d)."""
    at, kind, person, group, cell, a, b, w1, w2, w3 = block
    reported, discovered, multiplier, found, stop_kind = law
    offences, by_group, tally = out[0][r], out[1][r], out[2][r]
    day, cells, kinds, patrol, persons = page[1][r], page[2][r], page[3][r], page[4][r], page[5][r]
    i, daily = page[0][r], int(plan.shape[0] > 1)
    for e in range(n):
        c, k, g = cell[e], kind[e], group[e]
        if c < 0:
            continue
        offences[c] += 1
        by_group[g, k] += 1
        p = plan[at[e] * daily, c]
        rate, w = reported[k] * multiplier[c], w3[e] * UNIT
        if p > 0.0 and knobs[RAISES] > 0.0:
            rate = min(rate * (1.0 + knobs[RAISES] * (1.0 - np.exp(-p))), 1.0)
        if w < rate:
            i = write(i, day, cells, kinds, patrol, persons, at[e], c, k, p, person[e])
            tally[g, k] += 1
        elif p > 0.0 and w < rate + (1.0 - rate) * (1.0 - np.exp(-discovered[k] * p)):
            what = reported.size + k
            i = write(i, day, cells, kinds, patrol, persons, at[e], c, what, p, person[e])
            tally[g, what] += 1
            stream = OFFENCE if e < born else OFFSPRING
            _, _, _, v = philox(a[e], b[e], stream, np.uint32(2), keys[0], keys[1])
            grade = grade_of(v, knobs)
            if grade >= 0:
                i = write(
                    i, day, cells, kinds, patrol, persons, at[e], c, stop_kind + 1 + grade, p, person[e]
                )
                tally[g, stop_kind + 1 + grade] += 1
    page[0][r] = i
