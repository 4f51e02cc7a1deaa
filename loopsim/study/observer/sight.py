"""Sight: what an observer reads off one turn, in a few passes over the arrays.

The flagged cells of a turn are those that get at least an even share of its patrol: the
top k cells when k cells are patrolled, all cells when patrol is even.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def see_plan(plan, days, even, weights, flag, held, period, exposure, figures):
    """Exposure by group, and which cells are flagged and whether they were before.

    Parameters
    ----------
    plan : (R, n) float, officer-hours a day
    even : float, officer-hours a day from which a cell counts as flagged
    weights : (n, G) float, what an officer-hour in a cell means to each group
    flag : (R, n) bool, flagged cells; the last turn's on entry, this turn's on return
    held : (R, n) int32, days a cell was flagged; added to
    period : (R, n) float, officer-hours of the measure period; added to
    exposure : (R, G) float, written
    figures : (R, 4) float, written: effective cells, flagged cells, in both turns, in either
    """
    groups = weights.shape[1]
    for r in range(plan.shape[0]):
        total, squares, now, both, either = 0.0, 0.0, 0, 0, 0
        exposure[r, :] = 0.0
        for c in range(plan.shape[1]):
            p, was = plan[r, c], flag[r, c]
            if p == 0.0 and not was:
                continue  # most cells of a hotspot plan
            f = p >= even
            now += f
            both += f & was
            either += f | was
            flag[r, c] = f
            if f:
                held[r, c] += np.int32(days)
            period[r, c] += p * days
            total += p
            squares += p * p
            for g in range(groups):
                exposure[r, g] += p * weights[c, g]
        figures[r, 0] = total * total / squares if squares > 0 else 0.0
        figures[r, 1], figures[r, 2], figures[r, 3] = now, both, either


@njit(cache=True, nogil=True)
def see_offences(offences, flag, figures, period, hits):
    """Hits, total and best possible hits on the truth; adds the offences to the period.

    The best that k flagged cells could hold is the sum over t >= 1 of min(k, C_t), where
    C_t is the number of cells with at least t events.
    """
    for r in range(offences.shape[0]):
        found, total = 0, 0
        for c in range(offences.shape[1]):
            y = offences[r, c]
            total += y
            found += y * flag[r, c]
            period[r, c] += y
        best, t = 0, 0
        while total > 0:
            t += 1
            above = 0
            for c in range(offences.shape[1]):
                above += offences[r, c] >= t
            if above == 0:
                break
            best += min(np.int64(figures[r, 1]), above)
        hits[r, 0], hits[r, 1], hits[r, 2] = found, total, best


@njit(cache=True, nogil=True)
def see_page(count, cell, kind, times, channel, crime, flag, figures, period, turn, hits):
    """The same on the recorded crime of a page; adds its records to the period by channel.

    Parameters
    ----------
    times : (R, cap) int32, records that an entry stands for
    channel : (M,) int, channel of each kind
    crime : (M,) bool, whether a kind is recorded crime
    period : (R, channels, n) int32, added to
    turn : (n,) int32, all 0 on entry and return
    hits : (R, 3) int64, written: in flagged cells, in all, the most possible
    """
    room = 2
    for r in range(count.size):
        room = max(room, 2 + times[r, : count[r]].sum())
    above = np.zeros(room, np.int64)
    for r in range(count.size):
        found, total, most = 0, 0, 0
        for i in range(count[r]):
            c, k, m = cell[r, i], kind[r, i], times[r, i]
            period[r, channel[k], c] += m
            for _ in range(m if crime[k] else 0):
                turn[c] += 1
                above[turn[c]] += 1
                most = max(most, turn[c])
                total += 1
                found += flag[r, c]
        best = 0
        for t in range(1, most + 1):
            best += min(np.int64(figures[r, 1]), above[t])
            above[t] = 0
        for i in range(count[r]):
            turn[cell[r, i]] = 0
        hits[r, 0], hits[r, 1], hits[r, 2] = found, total, best


@njit(cache=True, nogil=True)
def day_mean(plan):
    """(R, n) mean over the days of a plan (R, days, n), summed in the order of the days."""
    out = np.zeros((plan.shape[0], plan.shape[2]))
    for r in range(plan.shape[0]):
        for d in range(plan.shape[1]):
            for c in range(plan.shape[2]):
                out[r, c] += plan[r, d, c]
        out[r] /= plan.shape[1]
    return out


def mean_plan(plan):
    """(R, n) officer-hours a day; free when every day has the same plan."""
    if plan.strides[1] == 0 or plan.shape[1] == 1:
        return np.ascontiguousarray(plan[:, 0, :])
    return day_mean(np.ascontiguousarray(plan))
