"""The offences of a block of days: who, where, prevented or not. One simple loop a pass.

An offence has an address: (index, day) for a first offence, a pair of random words handed
down by the parent for a near repeat. All its random words hang on that address, so no
policy can change them. `block` is the tuple of columns that `FastWorld` makes once:

    at, kind, person, group, cell, a, b, w1, w2, w3     one entry an offence

A cell of -1 marks an offence that did not happen after all.
"""

import numpy as np
from numba import njit

from loopsim.philox import OFFENCE, OFFENCE_COUNT, OFFSPRING, UNIT, philox
from loopsim.world.kernels.knobs import (
    CHILL,
    DETERRENCE,
    DISPLACEMENT,
    FLAG_ABOVE,
    LAG,
    RING,
    SPREAD,
    THETA,
    VENUE_PULL,
)  # fmt: skip
from loopsim.world.kernels.place import below, moved, poisson, quantile

_ZERO = np.uint32(0)


@njit(cache=True, nogil=True)
def commit(keys, day, first_at, days, cdf, home, groups, block, w0):
    """First offences of the days day .. day + days - 1; returns how many."""
    at, kind, person, group, cell, a, b, w1, w2, w3 = block
    n = 0
    for d in range(days):
        today, start = np.uint32((day + d) & 0xFFFFFFFF), n
        for k in range(cdf.shape[0]):
            u, v, _, _ = philox(np.uint32(k), today, OFFENCE_COUNT, _ZERO, keys[0], keys[1])
            end = n + quantile((u + v * UNIT) * UNIT, cdf[k])
            kind[n:end] = k
            n = end
        at[start:n] = first_at + d
        b[start:n] = today
        for i in range(n - start):
            a[start + i] = i
    _throw(n, a, b, keys, w0, w1, w2, w3)
    _who(n, home, groups, w0, person, group, cell)
    return n


@njit(cache=True, nogil=True)
def _throw(n, a, b, keys, w0, w1, w2, w3):
    """The four words of each first offence."""
    for i in range(n):
        w0[i], w1[i], w2[i], w3[i] = philox(a[i], b[i], OFFENCE, _ZERO, keys[0], keys[1])


@njit(cache=True, nogil=True)
def _who(n, home, groups, w0, person, group, cell):
    """The offender of each offence, any resident alike, and the cell and group they live in."""
    for i in range(n):
        person[i] = below(w0[i], home.size)
    for i in range(n):
        cell[i] = home[person[i]]
    bits = 0
    while 1 << bits < groups:
        bits += 1
    bits, mask = np.int32(bits), np.int32((1 << bits) - 1)
    for i in range(n):
        group[i] = cell[i] & mask
    for i in range(n):
        cell[i] = cell[i] >> bits


@njit(cache=True, nogil=True)
def travel(n, keys, plan, knobs, inside, rows, cols, moves, venues, block):
    """Move each offence from home to where it happens: a venue, or the end of a journey."""
    at, kind, person, group, cell, a, b, w1, w2, w3 = block
    daily = int(plan.shape[0] > 1)
    for i in range(n):
        there = np.int64(cell[i])
        if (w1[i] & np.uint32(0xFFFF)) * 2.0**-16 < knobs[VENUE_PULL] and venues.size:
            there = np.int64(venues[below(w1[i] & np.uint32(0xFFFF0000), venues.size)])
        elif moves.shape[0]:
            step = w1[i] >> np.uint32(16)
            there = moved(there, rows, cols, moves[step, 0], moves[step, 1], inside, there)
        p = plan[at[i] * daily, there]
        if knobs[CHILL] > 0 and there != cell[i] and p > knobs[FLAG_ABOVE]:
            w, _, _, _ = philox(a[i], b[i], OFFENCE, np.uint32(1), keys[0], keys[1])
            if w * UNIT < knobs[CHILL]:
                continue
        cell[i] = there


@njit(cache=True, nogil=True)
def accept(n, born, keys, knobs, hazard, felt, inside, rows, cols, near, block):
    """Strike out offences that a lower hazard or deterrence prevents; some move nearby.

    One uniform decides: candidates below the hazard are the same under every policy, and
    those that survive more patrol are a subset of those that survive less.
    """
    at, kind, person, group, cell, a, b, w1, w2, w3 = block
    for i in range(n):
        u, limit = w2[i] * UNIT, hazard[group[i]] if i < born else 1.0
        if u >= limit:
            cell[i] = -1
        elif felt.size and u >= limit * np.exp(-knobs[DETERRENCE] * felt[cell[i]]):
            stream = OFFENCE if i < born else OFFSPRING
            _, w, v, _ = philox(a[i], b[i], stream, np.uint32(1), keys[0], keys[1])
            if w * UNIT < knobs[DISPLACEMENT]:
                step = below(v, near.shape[0])
                cell[i] = moved(cell[i], rows, cols, near[step, 0], near[step, 1], inside, -1)
            else:
                cell[i] = -1


@njit(cache=True, nogil=True)
def set_off(r, n, born, keys, day, knobs, inside, rows, cols, block, waiting):
    """Queue the near repeats of each offence that happened, under addresses of their own."""
    at, kind, person, group, cell, a, b, w1, w2, w3 = block
    for i in range(n):
        if cell[i] < 0:
            continue
        stream = OFFENCE if i < born else OFFSPRING
        w, _, _, _ = philox(a[i], b[i], stream, np.uint32(3), keys[0], keys[1])
        for j in range(poisson(w * UNIT, knobs[THETA], np.exp(-knobs[THETA]))):
            u, v, x, new_a = philox(a[i], b[i], stream, np.uint32(4 + 2 * j), keys[0], keys[1])
            new_b, _, _, _ = philox(a[i], b[i], stream, np.uint32(5 + 2 * j), keys[0], keys[1])
            # brackets: a word is unsigned, and its negative would wrap around
            lag = max(1, int(np.ceil(-np.log1p(-(u * UNIT)) * knobs[LAG])))
            radius = knobs[SPREAD] * np.sqrt(-2.0 * np.log1p(-(v * UNIT)))
            angle = 2.0 * np.pi * x * UNIT
            d_row, d_col = int(np.rint(radius * np.sin(angle))), int(np.rint(radius * np.cos(angle)))
            place = moved(cell[i], rows, cols, d_row, d_col, inside, cell[i])
            if lag < RING:
                _wait(r, (day + lag) % RING, person[i], group[i], place, kind[i], new_a, new_b, waiting)


@njit(cache=True, nogil=True)
def _wait(r, due, person, group, cell, kind, a, b, waiting):
    """Put one near repeat on the list of the day it is due; a full room is marked by -1."""
    persons, groups, cells, kinds, aa, bb, nexts, heads, free = waiting
    slot = free[r]
    if slot < 0:
        return
    free[r] = nexts[r, slot]
    persons[r, slot], groups[r, slot], cells[r, slot], kinds[r, slot] = person, group, cell, kind
    aa[r, slot], bb[r, slot] = a, b
    nexts[r, slot] = heads[r, due]
    heads[r, due] = slot


@njit(cache=True, nogil=True)
def recur(r, n, keys, day, first_at, block, waiting):
    """Add the near repeats that are due today after the n first offences; returns how many in all."""
    at, kind, person, group, cell, a, b, w1, w2, w3 = block
    persons, groups, cells, kinds, aa, bb, nexts, heads, free = waiting
    slot = heads[r, day % RING]
    heads[r, day % RING] = -1
    while slot >= 0 and n < at.size:
        at[n], kind[n], person[n] = first_at, kinds[r, slot], persons[r, slot]
        group[n], cell[n], a[n], b[n] = groups[r, slot], cells[r, slot], aa[r, slot], bb[r, slot]
        _, w1[n], w2[n], w3[n] = philox(a[n], b[n], OFFSPRING, _ZERO, keys[0], keys[1])
        after = nexts[r, slot]
        nexts[r, slot], free[r] = free[r], slot
        slot = after
        n += 1
    return n
