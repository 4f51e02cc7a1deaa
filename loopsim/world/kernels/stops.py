"""The stops of a turn: who is stopped, what is found, what is logged. One simple loop a pass.

The stops of a visit hang on (cell, day, place in the visit): the same visit stops the same
people whatever the policy, and a longer visit only adds stops. Four stops share a call of
the generator, a word each, at the counters (cell, day, sub):

    sub = 3q      who: the stops 4q .. 4q + 3 of the visit
    sub = 3q + 1  what is found
    sub = 3q + 2  whether it is logged
    sub = stop in the visit + (try << 16)   where a visitor comes from

`desk` is the tuple of columns that `FastWorld` makes once, in two parts. A call has a cell, a
day, a sub, the stops of the visit from it on, and the share of each group (the word from
which on a stop is of a group after g); words, groups, endings and persons are (4, ROOM). A
sitting is the calls of one visit, known by its first one.
"""

import numpy as np
from numba import njit

from loopsim.philox import STOP, philox
from loopsim.world.kernels.knobs import GRADES, INTELLIGENCE
from loopsim.world.kernels.people import name, trace
from loopsim.world.kernels.recording import count_pairs, grade_of

ROOM = 1024  # calls carried out together: they stay in the nearer caches
WIDE = 8  # calls of a visit written at one stroke
NONE = np.uint8(255)  # no stop here, or one without a record
_ZERO, _ONE, _TWO, _UNIT = np.uint32(0), np.uint32(1), np.uint32(2), 2.0**-32


@njit(cache=True, nogil=True)
def lay(j, done, n, sittings, day, m, cells, counts, shares, calls, start):
    """Lay the stops of a day's visits on the desk, from call `done` of visit j on, until it is full."""
    cell, today, sub, left, share = calls
    first = n
    while j < m:
        c, count = cells[j], counts[j] - 4 * done
        take = min((count + 3) // 4, ROOM - n)
        for s in range(max(take, WIDE) if take else 0):
            cell[np.uint64(n + s)] = c
        for s in range(max(take, WIDE) if take else 0):
            sub[np.uint64(n + s)] = 3 * (done + s)
        for s in range(max(take, WIDE) if take else 0):
            left[np.uint64(n + s)] = count - 4 * s
        for g in range(share.shape[0] if take else 0):
            limit = shares[g, j]
            for s in range(max(take, WIDE)):
                share[g, np.uint64(n + s)] = limit
        start[sittings] = n
        n, sittings = n + take, sittings + (take > 0)
        if 4 * take < count:
            done += take
            break
        j, done = j + 1, 0
    today[first:n], start[sittings] = np.uint32(day & 0xFFFFFFFF), n
    return j, done, n, sittings


@njit(cache=True, nogil=True)
def sit(r, keys, n, sittings, day, plan, desk, town, most, law, knobs, page, out):
    """Carry out the stops that lie on the desk: people present, searches, intelligence logs."""
    calls, start, words, group, ending, person = desk
    cell, today, sub, left, share = calls
    found, kind, log, tally = law[3], law[4], page[6].shape[1] > 0, out[2][r]
    _draw(n, keys, today, _ZERO, cell, sub, words)
    for i in range(4):
        _meet(words[i], share, group[i, :n])
        if log:
            name(words[i], cell, share, group[i, :n], town[1], person[i])
        if log and town[5].shape[0]:
            trace(i, keys, today, cell, sub, left, group[i, :n], town, most, person[i])
    if found.size:
        _draw(n, keys, today, _ONE, cell, sub, words)
    for i in range(4):
        _end(i, words[i], left, found, ending[i, :n])
        count_pairs(group[i, :n], ending[i, :n], found.size + 1, tally[:, kind - found.size :])
    if found.size or log:
        _book(r, sittings, day, plan, kind - found.size, found.size + 1, desk, page)
    else:
        _book_alike(r, sittings, day, plan, kind, calls, start, page)
    if knobs[INTELLIGENCE] > 0.0:
        _draw(n, keys, today, _TWO, cell, sub, words)
        grades = np.int64(knobs[GRADES])
        for i in range(4):
            _grade(i, words[i], left, knobs, ending[i, :n])
            count_pairs(group[i, :n], ending[i, :n], grades, tally[:, kind + 1 :])
        _book(r, sittings, day, plan, kind + 1, grades, desk, page)


@njit(cache=True, nogil=True)
def _draw(n, keys, today, what, cell, sub, words):
    """The four words of each call on the desk."""
    w0, w1, w2, w3 = words[0], words[1], words[2], words[3]
    for e in range(n):
        w0[e], w1[e], w2[e], w3[e] = philox(cell[e], today[e], STOP, sub[e] + what, keys[0], keys[1])


@njit(cache=True, nogil=True)
def _meet(w, share, group):
    """The group of each person stopped: as many as are present, all alike but for stop bias."""
    group[:] = 0
    for g in range(share.shape[0]):
        limit = share[g]
        for e in range(group.size):
            group[e] += np.uint8(w[e] >= limit[e])


@njit(cache=True, nogil=True)
def _end(i, w, left, found, ending):
    """What a search ends in: the item found, else (found.size) nothing; NONE beyond the visit's stops."""
    nothing = np.uint8(found.size)
    for e in range(ending.size):
        ending[e] = nothing if i < left[e] else NONE
    for j in range(found.size - 1, -1, -1):
        for e in range(ending.size):
            ending[e] = np.uint8(j) if w[e] * _UNIT < found[j] and i < left[e] else ending[e]


@njit(cache=True, nogil=True)
def _grade(i, w, left, knobs, ending):
    """The grade of the intelligence log that a stop adds, or NONE."""
    for e in range(ending.size):
        grade = grade_of(w[e], knobs)
        ending[e] = np.uint8(grade) if grade >= 0 and i < left[e] else NONE


@njit(cache=True, nogil=True)
def _book_alike(r, sittings, first_day, plan, first_kind, calls, start, page):
    """Write one entry a sitting, where all stops end alike and no people are named."""
    cells, today, _, left, _ = calls
    entry, daily = page[0][r], plan.shape[0] > 1
    page[0][r] = entry + sittings
    room = min(sittings, max(page[2].shape[1] - entry, 0))
    day, cell, kind = page[1][r, entry:], page[2][r, entry:], page[3][r, entry:]
    times, hours = page[4][r, entry:], page[5][r, entry:]
    for s in range(room):
        call, kind[s] = start[s], first_kind
        at = np.int64(np.int32(today[call] - np.uint32(first_day & 0xFFFFFFFF)))
        day[s], cell[s] = at, cells[call]
        times[s], hours[s] = min(left[call], 4 * (start[s + 1] - call)), plan[at * daily, cells[call]]


@njit(cache=True, nogil=True)
def _book(r, sittings, first_day, plan, first_kind, kinds, desk, page):
    """Write the stops of each sitting that end alike: one entry, or one for each person named."""
    (cells, today, _, _, _), start, _, _, ending, person = desk
    entry, log, room, daily = page[0][r], page[6].shape[1] > 0, page[2].shape[1], plan.shape[0] > 1
    day, cell, kind = page[1][r], page[2][r], page[3][r]
    times, hours, persons = page[4][r], page[5][r], page[6][r]
    for s in range(sittings):
        first, end = start[s], start[s + 1]
        c, at = cells[first], np.int64(np.int32(today[first] - np.uint32(first_day & 0xFFFFFFFF)))
        patrol = plan[at * daily, c]
        for k in range(kinds):
            count = 0
            for e in range(first, end):
                for i in range(4):
                    if ending[i, e] != k:
                        continue
                    if not log:
                        count += 1
                    elif entry < room:
                        day[entry], cell[entry], kind[entry] = at, c, first_kind + k
                        times[entry], hours[entry], persons[entry] = 1, patrol, person[i, e]
                    entry += log
            if count:
                if entry < room:
                    day[entry], cell[entry], kind[entry] = at, c, first_kind + k
                    times[entry], hours[entry] = count, patrol
                entry += 1
    page[0][r] = entry
