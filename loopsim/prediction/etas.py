"""Self-exciting records: the likelihood and learning of a gridded ETAS process.

lambda_n(t) = mu_n + sum over earlier records in cell n of theta omega exp(-omega (t - t_i)).
Expectation maximisation by a recursion over records sorted by cell and time, O(N) a sweep
in place of the O(n^2) matrix of parents. Kernels know arrays only.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit


class Sequence(NamedTuple):
    """Records of one replicate sorted by cell, then time; records of one moment are one entry.

    cell : (N,) int32; count : (N,) float, weight; lag : (U,) float, days, every gap that occurs,
    the last entry stands for "first record of its cell"; gap : (N,) int32, index into `lag`;
    age : (N,) int32, index into `ages` (float, days from the record to the end of the window)
    """

    cell: np.ndarray
    count: np.ndarray
    gap: np.ndarray
    lag: np.ndarray
    age: np.ndarray
    ages: np.ndarray

    @classmethod
    def of_days(cls, day, cell, weight, days: int, n: int, times=None) -> Sequence:
        """From records known to the day (-days .. -1, in day order), all placed at midday.

        times : how many records alike an entry stands for; 1 each unless given
        """
        times = np.ones(day.size, np.int16) if times is None else times
        start = np.zeros(n + 1, np.int64)
        entry = np.empty(day.size, np.int32), np.empty(day.size, np.float64), np.empty(day.size, np.int32)
        size = merge(day, cell, weight, times, start, *entry)
        where, count, at = (column[:size] for column in entry)
        gap = np.empty(size, np.int32)
        fresh = np.r_[True, where[1:] != where[:-1]][:size]
        gap[:] = np.where(fresh, days, np.diff(at, prepend=0))
        lag = np.r_[np.arange(days, dtype=np.float64), 0.0]
        return cls(where, count, gap, lag, -1 - at, np.arange(days) + 0.5)

    @classmethod
    def of_times(cls, time, cell, end: float) -> Sequence:
        """From exact times (float, days) of records sorted by cell, then time."""
        fresh = np.r_[True, cell[1:] != cell[:-1]][: cell.size]
        index = np.arange(cell.size, dtype=np.int32)
        lag = np.r_[np.diff(time, prepend=0.0), 0.0]
        gap = np.where(fresh, cell.size, index).astype(np.int32)
        return cls(cell.astype(np.int32), np.ones(cell.size), gap, lag, index, end - time)


class Process(NamedTuple):
    """What was learnt: `mu` (n,) records/day, `theta` offspring per record, `omega` per day."""

    mu: np.ndarray
    theta: float
    omega: float
    sweeps: int = 0


def learn(seq: Sequence, days: float, start: Process, *, shared, corrected, iterations, tolerance) -> Process:
    """EM from `start`; `shared` (n,) bool spreads one background over those cells, None keeps one a cell.

    corrected : bool, account for offspring that the end of the window hides (Lewis & Mohler)
    """
    mu, theta, omega = start.mu.copy(), start.theta, start.omega
    total = seq.count.sum()
    held = np.bincount(seq.age, weights=seq.count, minlength=seq.ages.size)
    own = np.empty(mu.size)
    for done in range(1, iterations + 1):
        decay = np.exp(-omega * seq.lag)
        decay[-1] = 0.0
        born, waited = sweep(seq.cell, seq.count, seq.gap, decay, seq.lag, mu, theta * omega, own)
        hidden = held * np.exp(-omega * seq.ages) if corrected else np.zeros(1)
        waited += theta * (hidden * seq.ages).sum() if corrected else 0.0
        before, visible = (theta, omega), total - hidden.sum()
        mu = own / days if shared is None else shared * (own.sum() / (days * shared.sum()))
        if born <= 0.0 or waited <= 0.0 or visible <= 0.0:
            return Process(mu, 0.0, omega, done)  # no offspring, or none could have been seen yet
        theta, omega = born / visible, born / waited
        if max(abs(theta - before[0]), abs(omega / before[1] - 1.0)) < tolerance:
            break
    return Process(mu, theta, omega, done)


def excitation(seq: Sequence, omega: float, n: int) -> np.ndarray:
    """(n,) E at the end of the window: sum over a cell's records of exp(-omega age)."""
    return np.bincount(seq.cell, weights=seq.count * np.exp(-omega * seq.ages)[seq.age], minlength=n)


@njit(cache=True, nogil=True, error_model="numpy")
def sweep(cell, count, gap, decay, lag, mu, rise, own):
    """One E step: sums of p_ji and of p_ji (t_i - t_j), and of p_ii by cell into `own`."""
    own[:] = 0.0
    S = R = before = born = waited = 0.0
    for i in range(cell.size):
        e = decay[gap[i]]
        n = cell[i]
        R += before
        S = e * (S + lag[gap[i]] * R)
        R *= e
        before = count[i]
        share = before / (mu[n] + rise * R)
        born += R * share
        waited += S * share
        own[n] += mu[n] * share
    return rise * born, rise * waited


@njit(cache=True, nogil=True)
def merge(day, cell, weight, times, start, to_cell, to_count, to_day):
    """Sort records in day order by cell and join those of one cell and day; returns how many."""
    for i in range(cell.size):
        start[cell[i] + 1] += 1
    for n in range(1, start.size):
        start[n] += start[n - 1]
    filled, joined = start[:-1].copy(), 0
    for i in range(cell.size):
        n = cell[i]
        k = filled[n] - 1
        if k < start[n] or to_day[k] != day[i]:
            k += 1
            to_cell[k], to_count[k], to_day[k] = n, 0.0, day[i]
            filled[n] += 1
        else:
            joined += 1
        for _ in range(times[i]):  # one by one: rounding must not depend on what is one entry
            to_count[k] += weight[i]
    size = 0
    for n in range(filled.size if joined else 0):
        for k in range(start[n], filled[n]):
            to_cell[size], to_count[size], to_day[size] = to_cell[k], to_count[k], to_day[k]
            size += 1
    return cell.size - joined
