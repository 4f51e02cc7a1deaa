"""The stops of a block of days: how many each visit makes, who is stopped, what is found.

The stops of a visit hang on (cell, day, place in the visit): the same visit stops the same
people whatever the policy, and a longer visit only adds stops.
"""

import numpy as np
from numba import njit

from loopsim.philox import STOP, STOP_COUNT, UNIT, philox
from loopsim.world.kernels.knobs import CHILL, FLAG_ABOVE, LABEL_EFFECT, STOP_RATE
from loopsim.world.kernels.place import below, moved, poisson
from loopsim.world.kernels.recording import grade_of, write

PIECE = 32.0  # a mean beyond 32 is drawn in pieces, so that more patrol only adds stops
STRETCH = 64  # cells looked at together: most stretches hold no patrol at all
TRIES = 65_536  # to find where a visitor comes from; then the person is not known
NOBODY = np.uint32(0xFFFFFFFF)  # as a signed number -1
_ZERO = np.uint32(0)


@njit(cache=True, nogil=True)
def visits(plan, present, knobs, cells, means, none):
    """List the patrolled cells where anybody is; mean number of stops, probability of none."""
    m, last, bits = 0, present.shape[1] - 1, plan.view(np.int64)
    for start in range(0, plan.size, STRETCH):
        some = np.int64(0)
        for c in range(start, min(start + STRETCH, plan.size)):
            some |= bits[c]
        if some == 0:
            continue
        for c in range(start, min(start + STRETCH, plan.size)):
            if plan[c] > 0.0 and present[c, last] > 0.0 and knobs[STOP_RATE] > 0.0:
                mean = knobs[STOP_RATE] * plan[c]
                if plan[c] > knobs[FLAG_ABOVE]:
                    mean *= (1.0 + knobs[LABEL_EFFECT]) * (1.0 - knobs[CHILL])
                cells[m], means[m] = c, mean
                m += 1
    for j in range(m):
        none[j] = np.exp(-min(means[j], PIECE))
    return m


@njit(cache=True, nogil=True)
def make_stops(n, keys, day, at, m, visit, stop_block):
    """Append the stops that a day's m visits make to the block; returns how many in all."""
    cells, means, none, words = visit
    stop_at, stop_cell, stop_number = stop_block[:3]
    today = np.uint32(day & 0xFFFFFFFF)
    for j in range(m):
        words[j], _, _, _ = philox(cells[j], today, STOP_COUNT, _ZERO, keys[0], keys[1])
    for j in range(m):
        u = words[j] * UNIT
        if u < none[j]:
            continue
        count, piece, left = poisson(u, min(means[j], PIECE), none[j]), _ZERO, means[j] - PIECE
        while left > 0.0:
            piece = np.uint32(piece + np.uint32(1))
            w, _, _, _ = philox(cells[j], today, STOP_COUNT, piece, keys[0], keys[1])
            count += poisson(w * UNIT, min(left, PIECE), np.exp(-min(left, PIECE)))
            left -= PIECE
        count = min(count, stop_at.size - n)
        for s in range(count):
            stop_at[n + s], stop_cell[n + s], stop_number[n + s] = at, cells[j], s
        n += count
    return n


@njit(cache=True, nogil=True)
def _meet(n, cell, first, present, w0, w1):
    """Turn the words of each stop into a group (w0) and a person of that group in the cell (w1)."""
    groups = present.shape[1]
    for e in range(n):
        c = np.int64(cell[e])
        u, g = w0[e] * UNIT * present[c, groups - 1], 0
        while g < groups - 1 and u >= present[c, g]:
            g += 1
        at = first[c * groups + g]
        w0[e], w1[e] = g, at + below(w1[e], first[c * groups + g + 1] - at)


@njit(cache=True, nogil=True)
def _meet_visitors(n, keys, day, at, cell, number, first, inside, rows, cols, moves, most, group, person):
    """The person of each stop where people travel: home drawn as kernel x residents, by rejection.

    A journey back is kept in proportion to the people of the group who live at its end.
    """
    groups = most.size
    for e in range(n):
        today, g, who = np.uint32((day + np.int64(at[e])) & 0xFFFFFFFF), np.int64(group[e]), NOBODY
        for turn in range(1, TRIES):
            sub = np.uint32(number[e] + np.uint32(turn << 16))
            w0, w1, w2, _ = philox(cell[e], today, STOP, sub, keys[0], keys[1])
            step = w0 >> np.uint32(16)
            home = moved(np.int64(cell[e]), rows, cols, -moves[step, 0], -moves[step, 1], inside, -1)
            if home >= 0:
                start = first[home * groups + g]
                here = first[home * groups + g + 1] - start
                if w1 * UNIT * most[g] < here:
                    who = np.uint32(start + below(w2, here))
                    break
        person[e] = who


@njit(cache=True, nogil=True)
def stop(r, n, keys, day, plan, town, chances, law, knobs, stop_block, page, out):
    """Carry out n stops: a person present in the cell, a search, perhaps an intelligence log."""
    at, cell, number, w0, w1, w2, w3 = stop_block
    _, first, inside, rows, cols, moves, _, _ = town
    found, stop_kind = law[3], law[4]
    days, cells, kinds, patrol, persons = page[1][r], page[2][r], page[3][r], page[4][r], page[5][r]
    tally, i, daily = out[2][r], page[0][r], int(plan.shape[0] > 1)
    for e in range(n):
        today = np.uint32((day + np.int64(at[e])) & 0xFFFFFFFF)
        w0[e], w1[e], w2[e], w3[e] = philox(cell[e], today, STOP, number[e], keys[0], keys[1])
    _meet(n, cell, first, chances[2], w0, w1)
    if moves.shape[0]:
        _meet_visitors(n, keys, day, at, cell, number, first, inside, rows, cols, moves, chances[4], w0, w1)
    for e in range(n):
        c, g, who = np.int64(cell[e]), np.int64(w0[e]), np.int32(w1[e])
        p, what, v = plan[at[e] * daily, c], stop_kind, w2[e] * UNIT
        for j in range(found.size - 1, -1, -1):
            what = stop_kind - found.size + j if v < found[j] else what
        i = write(i, days, cells, kinds, patrol, persons, at[e], c, what, p, who)
        tally[g, what] += 1
        grade = grade_of(w3[e], knobs)
        if grade >= 0:
            i = write(i, days, cells, kinds, patrol, persons, at[e], c, stop_kind + 1 + grade, p, who)
            tally[g, stop_kind + 1 + grade] += 1
    page[0][r] = i
