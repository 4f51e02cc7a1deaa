"""Who is stopped, by name: only an event log asks."""

import numpy as np
from numba import njit

from loopsim.philox import STOP, UNIT, philox
from loopsim.world.kernels.place import below, moved

TRIES = 65_536  # to find where a visitor comes from; then the person is not known


@njit(cache=True, nogil=True)
def name(w, cell, share, group, first, person):
    """The resident that a word stands for among those of the group in the cell."""
    groups = share.shape[0] + 1
    for e in range(group.size):
        g = np.int64(group[e])
        low = share[g - 1, e] if g else 0.0
        high = share[g, e] if g < groups - 1 else 2.0**32
        at = np.int64(cell[e]) * groups + g
        here = first[at + 1] - first[at]
        person[e] = first[at] + min(np.int64((w[e] - low) / (high - low) * here), here - 1)


@njit(cache=True, nogil=True)
def trace(i, keys, today, cell, sub, left, group, town, most, person):
    """The person of each stop where people travel: home drawn as kernel x residents, by rejection.

    A journey back is kept in proportion to the people of the group who live at its end.
    """
    _, first, inside, rows, cols, moves, _, _ = town
    groups = most.size
    for e in range(group.size):
        g, person[e] = np.int64(group[e]), -1
        number = 4 * (np.int64(sub[e]) // 3) + i
        for turn in range(1, TRIES if i < left[e] else 1):
            key = np.uint32(number + (turn << 16))
            w0, w1, w2, _ = philox(cell[e], today[e], STOP, key, keys[0], keys[1])
            step = w0 >> np.uint32(16)
            home = moved(np.int64(cell[e]), rows, cols, -moves[step, 0], -moves[step, 1], inside, -1)
            if home >= 0:
                start = first[home * groups + g]
                here = first[home * groups + g + 1] - start
                if w1 * UNIT * most[g] < here:
                    person[e] = start + below(w2, here)
                    break
