"""PredPol: every record makes the next one in the same box more likely, for a while."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from loopsim.limits import choice, number, validate, words
from loopsim.prediction.etas import Process, Sequence, excitation, learn
from loopsim.prediction.window import days_held, recipe, remark

BOUND = 0.999  # offspring per record at most: at 1 the process has no mean


@dataclass(frozen=True, kw_only=True)
class Predpol:
    """Gridded ETAS: a background rate per box plus theta offspring per record with mean lag 1/omega.

    Who: PredPol in Kent 2013-18 (about 100,000 pounds a year), LAPD and others (Amnesty
    International UK 2025; Mohler et al. 2015). Learnt by EM from `window_days` of records, with
    forced re-learning; in between, the state E of each box follows the day's new records:
    E <- E exp(-omega) + N exp(-omega / 2), lambda = mu + theta omega E. The risk is the mean
    over the turn of the expected records of all generations, lambda_inf h +
    (lambda - lambda_inf)(1 - exp(-kappa h)) / kappa with kappa = omega (1 - theta).
    Records are known to the day: all stand at midday and those of one day set off none of
    each other, a design of this project. theta is under-estimated where records are sparse.

    Parameters
    ----------
    window_days : int, days of records it learns from
    rewindow_days : int, days between two learnings; also re-learns when the evidence changes its rules
    background : "cell" (one mu a box) or "common" (one mu for the city)
    edge_correction : bool, account for offspring after the end of the window (Lewis & Mohler)
    iterations, tolerance : EM sweeps at most; stop when theta and omega move less
    start_theta, start_omega : where EM starts; later learnings start at the last answer
    least_theta : float, below it the records are taken as Poisson and theta = 0

    **Special cases**
    No records: one record over the window, spread evenly over the city, noted in the manifest.
    Poisson records: theta = 0, the risk is the mean count; omega has no meaning, noted.
    theta at or above 1: held at 0.999, noted. One cell: its own process.
    h -> 0: the intensity; theta = 0: the background.

    **Feedback**
    Each record that a patrol writes down lifts tomorrow's risk of its own box by theta omega,
    so a visit begets a visit; at re-learning the visits become background for good. It cannot
    tell contagion from patrols that return. Discoveries, searches, stops and intelligence
    close the loop; victim reports alone leave it open.

    References
    ----------
    Mohler et al. (2015), Randomized controlled field trials of predictive policing, JASA 110.
    """

    window_days: int = number(at_least=2, unit="days")
    rewindow_days: int = number(at_least=1, unit="days")
    background: str = choice("cell", "common")
    edge_correction: bool = words()
    iterations: int = number(at_least=1, at_most=10000, unit="sweeps")
    tolerance: float = number(at_least=0, below=1)
    start_theta: float = number(above=0, below=1, unit="offspring per record")
    start_omega: float = number(above=0, unit="per day")
    least_theta: float = number(at_least=0, below=1, unit="offspring per record")

    def __post_init__(self):
        validate(self)

    @property
    def memory_days(self) -> int:
        """Days of records it looks back on."""
        return self.window_days

    def __call__(self, evidence, now) -> np.ndarray:
        """risk, (R, n) expected records per cell and day over the turn."""
        rules = recipe(evidence)
        have = now.notes.get("predpol")
        if have is None or have["rules"] != rules or now.day - have["learnt"] >= self.rewindow_days:
            have = now.notes["predpol"] = self._learn(evidence, now, have) | {"rules": rules}
        if now.days not in have["weigh"]:
            have["weigh"][now.days] = horizon(have["theta"], have["omega"], now.days)
        days, have["day"] = now.day - have["day"], now.day
        if days == 0:
            return expect(have["mu"], have["E"], *have["weigh"][now.days])
        for ago in range(days - 1, -1, -1):
            records = evidence.counts(1, ago=ago)
            renew(have["E"], records, have["keep"], have["mu"], *have["weigh"][now.days])
        return records

    def _learn(self, evidence, now, before) -> dict:
        """Learn each replicate's process from its own records, from its own last answer."""
        replicates, n = evidence.shape
        days = days_held(evidence, self.window_days)
        have = {
            "learnt": now.day,
            "day": now.day,
            "mu": np.empty((replicates, n)),
            "E": np.empty((replicates, n)),
        }
        have |= {"theta": np.empty(replicates), "omega": np.empty(replicates), "weigh": {}}
        for r in range(replicates):
            theta, omega = self.start_theta, self.start_omega
            if before is not None and before["theta"][r] > 0:
                theta, omega = before["theta"][r], before["omega"][r]
            found = evidence.events(r, days, apart=False)
            times = found.get("times")
            seq = Sequence.of_days(found["day"], found["cell"], found["weight"], days, n, times)
            fit = self._fit(seq, days, theta, omega, now)
            have["mu"][r], have["theta"][r], have["omega"][r] = fit.mu, fit.theta, fit.omega
            have["E"][r] = excitation(seq, fit.omega, n)
        return have | {"keep": np.exp(-have["omega"])}

    def _fit(self, seq: Sequence, days: int, theta: float, omega: float, now) -> Process:
        """EM, and what to believe where it has no answer."""
        inside = now.grid.inside.astype(np.float64)
        mean = np.bincount(seq.cell, weights=seq.count, minlength=inside.size) / days
        if seq.cell.size == 0:
            remark(now, "predpol: no records: risk spread evenly")
            return Process(inside / (days * inside.sum()), 0.0, self.start_omega)
        common = self.background == "common"
        flat = inside * mean.sum() / inside.sum()
        start = Process(flat if common else mean, theta, omega)
        settings = {
            "iterations": self.iterations,
            "tolerance": self.tolerance,
            "corrected": self.edge_correction,
        }
        fit = learn(seq, days, start, shared=inside if common else None, **settings)
        if not self.least_theta <= fit.theta or fit.omega * days < 1.0:
            remark(now, "predpol: no contagion in the records: theta = 0, risk is the mean count")
            return Process(flat if common else mean, 0.0, self.start_omega)
        if fit.theta > BOUND:
            remark(now, f"predpol: theta >= 1 in the records: held at {BOUND}")
            return fit._replace(theta=BOUND)
        return fit


def horizon(theta, omega, days: float):
    """Weights of mu and of E in the mean expected records a day over `days` days, all generations."""
    x = omega * (1.0 - theta) * days
    waiting = -np.expm1(-x) / x
    return (1.0 - theta * waiting) / (1.0 - theta), theta * omega * waiting


@njit(cache=True, nogil=True)
def renew(E, new, keep, mu, weigh_mu, weigh_E):
    """One day later: E fades by `keep`, the day's new records stand at its midday.

    The expected records a day of each cell take the place of `new`.
    """
    for r in range(E.shape[0]):
        half, base, rise = np.sqrt(keep[r]), weigh_mu[r], weigh_E[r]
        e, records, background = E[r], new[r], mu[r]
        for i in range(e.size):
            e[i] = e[i] * keep[r] + records[i] * half
            records[i] = base * background[i] + rise * e[i]


@njit(cache=True, nogil=True)
def expect(mu, E, weigh_mu, weigh_E):
    """(R, n) expected records a day of each cell."""
    risk = np.empty_like(mu)
    for r in range(mu.shape[0]):
        for i in range(mu.shape[1]):
            risk[r, i] = weigh_mu[r] * mu[r, i] + weigh_E[r] * E[r, i]
    return risk
