"""What is written down: one uniform an offence decides, so more patrol only adds records."""

import numpy as np
from numba import njit

from loopsim.philox import OFFENCE, OFFSPRING, UNIT, philox
from loopsim.world.kernels.knobs import GRADES, INTELLIGENCE, RAISES
from loopsim.world.kernels.place import below

SHORT = 4096  # entries whose count fits in 16 bits
FEW = 12  # counters; beyond them one pass over all is faster than a pass for each


@njit(cache=True, nogil=True, inline="always")
def grade_of(word, knobs):
    """Grade of the intelligence log that a word adds, or -1: its high half decides."""
    if (word >> np.uint32(16)) * 2.0**-16 >= knobs[INTELLIGENCE]:
        return np.int64(-1)
    return below((word & np.uint32(0xFFFF)) << np.uint32(16), np.int64(knobs[GRADES]))


@njit(cache=True, nogil=True)
def count_pairs(a, b, most, out):
    """out[g, k] += how often a = g and b = k; values of b from `most` on count nowhere."""
    if out.shape[0] * most > FEW:
        for e in range(a.size):
            if b[e] < most:
                out[a[e], b[e]] += 1
        return
    for start in range(0, a.size, SHORT):
        some, others = a[start : start + SHORT], b[start : start + SHORT]
        for g in range(out.shape[0]):
            for k in range(most):
                count, mine, its = np.uint16(0), a.dtype.type(g), b.dtype.type(k)
                for e in range(some.size):
                    count = np.uint16(count + np.uint16((some[e] == mine) & (others[e] == its)))
                out[g, k] += count


@njit(cache=True, nogil=True)
def record(r, n, born, keys, plan, law, knobs, block, scratch, page, out):
    """Write down each offence that is reported (w < r) or found (r <= w < r + (1 - r) d)."""
    at, kind, person, group, cell, a, b, _, _, w3 = block
    patrol, whose, what = scratch
    _take_note(n, plan, at, kind, group, cell, patrol, out[0][r], out[1][r])
    m = _decide(n, born, keys, law, knobs, kind, cell, a, b, w3, patrol, whose, what)
    i, tally = page[0][r], out[2][r]
    end, page[0][r] = min(i + m, page[2].shape[1]), i + m
    _copy(page[1][r, i:end], at, whose)
    _copy(page[2][r, i:end], cell, whose)
    page[3][r, i:end] = what[: end - i]
    page[4][r, i:end] = 1
    _copy(page[5][r, i:end], patrol, whose)
    if page[6].shape[1]:
        _copy(page[6][r, i:end], person, whose)
    for j in range(m):
        tally[group[whose[j]], what[j]] += 1


@njit(cache=True, nogil=True)
def _take_note(n, plan, at, kind, group, cell, patrol, offences, by_group):
    """What truly happened, and the patrol it happened under."""
    daily, types = int(plan.shape[0] > 1), by_group.shape[1]
    for e in range(n):
        c = cell[e]
        if c < 0:
            kind[e] = types
        else:
            offences[c] += 1
            patrol[e] = plan[at[e] * daily, c]
    count_pairs(group[:n], kind[:n], types, by_group)


@njit(cache=True, nogil=True)
def _decide(n, born, keys, law, knobs, kind, cell, a, b, w3, patrol, whose, what):
    """List the records to write: whose offence and as what; returns how many."""
    reported, discovered, multiplier, _, stop_kind = law
    uneven = np.int64(multiplier.size > 1)  # one number stands for all cells
    raises, logged, m = knobs[RAISES], knobs[INTELLIGENCE] > 0.0, 0
    types, maybe = np.int64(reported.size), whose[n:]  # never more records than 2 for each one looked at
    for j in range(_sift(n, reported, cell, w3, patrol, maybe)):
        e = np.int64(maybe[j])
        c, k, p, w = cell[e], np.int64(kind[e]), patrol[e], w3[e] * UNIT
        rate, found = reported[k] * multiplier[c * uneven], False
        if p > 0.0:
            if raises > 0.0:
                rate = min(rate * (1.0 + raises * (1.0 - np.exp(-p))), 1.0)
            found = w >= rate and w < rate + (1.0 - rate) * (1.0 - np.exp(-discovered[k] * p))
        whose[m], what[m] = e, types + k if found else k
        m += (w < rate) | found  # what is not seen is written over
        if found and logged:
            stream = OFFENCE if e < born else OFFSPRING
            _, _, _, v = philox(a[e], b[e], stream, np.uint32(2), keys[0], keys[1])
            grade = grade_of(v, knobs)
            if grade >= 0:
                whose[m], what[m] = e, stop_kind + 1 + grade
                m += 1
    return m


@njit(cache=True, nogil=True)
def _sift(n, reported, cell, w3, patrol, maybe):
    """List the offences that may be on record, reported or under patrol; returns how many.

    Deprivation only lowers a reporting rate, so none is above the highest of `reported`.
    """
    highest, m = 0.0, 0
    for k in range(reported.size):
        highest = max(highest, reported[k])
    for e in range(n):
        maybe[m] = e
        m += (cell[e] >= 0) & ((w3[e] * UNIT < highest) | (patrol[e] > 0.0))
    return m


@njit(cache=True, nogil=True)
def _copy(out, column, whose):
    for j in range(out.size):
        out[j] = column[whose[j]]
