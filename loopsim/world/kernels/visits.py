"""The visits of a day: which cells patrols are in, and how many stops each visit makes.

The number of stops of a visit hangs on (cell, day): a longer visit only adds stops.
"""

import numpy as np
from numba import njit

from loopsim.philox import STOP_COUNT, UNIT, philox
from loopsim.world.kernels.knobs import CHILL, FLAG_ABOVE, LABEL_EFFECT, STOP_RATE
from loopsim.world.kernels.place import poisson

PIECE = 32.0  # a mean beyond 32 is drawn in pieces, so that more patrol only adds stops
TABLE = 48  # counts tabulated at most, in eights; a rarer one is summed up to
OFTEN = 0.999  # of all counts lie in the table
STRETCH = 64  # cells looked at together: most stretches hold no patrol at all
WORDS = 4294967296.0  # how many different words there are
_ZERO, _ONE = np.uint32(0), np.uint32(1)


@njit(cache=True, nogil=True)
def visits(plan, present, knobs, cells, means, none, shares):
    """List the patrolled cells where anybody is: mean number of stops, probability of none.

    shares[g, j] : the word from which on a stop of visit j is of a group after g
    """
    m, last, bits = 0, present.shape[1] - 1, plan.view(np.int64)
    for start in range(0, plan.size, STRETCH):
        some, stretch = np.int64(0), bits[start : start + STRETCH]
        for i in range(stretch.size):
            some |= stretch[i]
        if some == 0:
            continue
        for c in range(start, min(start + STRETCH, plan.size)):
            if plan[c] > 0.0 and present[c, last] > 0.0 and knobs[STOP_RATE] > 0.0:
                mean = knobs[STOP_RATE] * plan[c]
                if plan[c] > knobs[FLAG_ABOVE]:
                    mean *= (1.0 + knobs[LABEL_EFFECT]) * (1.0 - knobs[CHILL])
                cells[m], means[m] = c, mean
                for g in range(last):
                    shares[g, m] = present[c, g] / present[c, last] * WORDS
                m += 1
    for j in range(m):
        none[j] = np.exp(-min(means[j], PIECE))
    return m


@njit(cache=True, nogil=True)
def tabulate(mean, none, law):
    """Tabulate the words by which `poisson` counts one more, as far as counts are not rare.

    Returns how many there are, a multiple of eight. A word from the last on is for `poisson`.
    """
    p, total, size = none, none, 0
    while size < law.size and total < OFTEN:
        for k in range(size, size + 8):
            law[k] = np.uint32(min(np.ceil(total * WORDS), WORDS - 1.0))
            p *= mean / (k + 1)
            total += p
        size += 8
    return size


@njit(cache=True, nogil=True)
def stop_counts(m, keys, day, cells, means, none, words, law, counts):
    """How many stops each of a day's m visits makes; `law` tabulates the last one's mean, where that is one piece."""
    tabled = means[m - 1] if law.size else -1.0
    rare, today = law[-1] if law.size else _ZERO, np.uint32(day & 0xFFFFFFFF)
    for j in range(m):
        words[j], _, _, _ = philox(cells[j], today, STOP_COUNT, _ZERO, keys[0], keys[1])
    counts[:m] = 0
    for k in range(law.size):
        bound = law[k]
        for j in range(m):
            counts[j] += np.int32(words[j] >= bound)
    for j in range(m):
        if means[j] == tabled and words[j] < rare:
            continue
        counts[j] = poisson(words[j] * UNIT, min(means[j], PIECE), none[j])
        piece, left = _ZERO, means[j] - PIECE
        while left > 0.0:
            piece = np.uint32(piece + _ONE)
            w, _, _, _ = philox(cells[j], today, STOP_COUNT, piece, keys[0], keys[1])
            counts[j] += poisson(w * UNIT, min(left, PIECE), np.exp(-min(left, PIECE)))
            left -= PIECE
