"""SEPP: every record makes others more likely, for a while and nearby."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loopsim.limits import number, validate
from loopsim.prediction.spacetime import by_day, gaussian, spread, sweep, width
from loopsim.prediction.stencil import gaussian_mean
from loopsim.prediction.window import days_held, recipe, remark

BOUND = 0.999  # offspring per record at most: at 1 the process has no mean


@dataclass(frozen=True, kw_only=True)
class Sepp:
    """Space-time self-exciting point process: background plus theta offspring, lag 1/omega, spread sigma.

    Who: Mohler et al. 2011, the paper behind PredPol; Akpinar, De-Arteaga & Chouldechova 2021
    studied its bias with lambda = mu(x) + sum theta omega exp(-omega dt) g(dx). Here g is a
    Gaussian over the cells in reach, divided by what of it lies inside the city around the cell
    that is excited: its weights over the cells that excite a cell sum to 1 up to the border, so
    uniform stays uniform, and away from it theta is the offspring per record (theirs is not
    normalised: multiply by 2 pi sigma^2). mu is the declustered records smoothed with a fixed
    bandwidth. Both gridded forms are designs of this project.
    Learnt by EM with `relearn_days` between learnings; in between the state of each cell
    follows the day's records, all at midday, those of one day setting off none of each
    other. The turn is stepped by days: expected records of one day excite the next.

    Parameters
    ----------
    window_days, relearn_days : int, days learnt from; days between learnings
    reach_cells : int, offspring lie within so many cells each way; bounds the cost
    background_m : float, metres, bandwidth of the background
    iterations, tolerance : EM sweeps at most; stop when no parameter moves more
    start_theta, start_omega, start_sigma_m : where the first EM starts
    least_theta : float, below it the records are taken as Poisson and theta = 0

    **Special cases**
    reach_cells = 0: PredPol's coupling, each cell by itself.
    Poisson records: theta = 0, the risk is the smoothed mean count, noted in the manifest.
    No records: one record over the window, spread evenly, noted. theta >= 1: 0.999, noted.

    **Feedback**
    As PredPol, and a record lifts the neighbours too: patrol that goes to them writes the
    offspring that the model expected. Discoveries, searches, stops and intelligence close the
    loop; victim reports alone leave it open.

    References
    ----------
    Mohler et al. (2011), JASA 106, section 3; Akpinar et al. (2021), FAccT, section 4.
    """

    window_days: int = number(at_least=2, unit="days")
    relearn_days: int = number(at_least=1, unit="days")
    reach_cells: int = number(at_least=0, at_most=16, unit="cells")
    background_m: float = number(above=0, unit="m")
    iterations: int = number(at_least=1, at_most=10000, unit="sweeps")
    tolerance: float = number(at_least=0, below=1)
    start_theta: float = number(above=0, below=1, unit="offspring per record")
    start_omega: float = number(above=0, unit="per day")
    start_sigma_m: float = number(above=0, unit="m")
    least_theta: float = number(at_least=0, below=1, unit="offspring per record")

    def __post_init__(self):
        validate(self)

    @property
    def memory_days(self) -> int:
        """Days of records it looks back on."""
        return self.window_days

    def __call__(self, evidence, now) -> np.ndarray:
        """risk, (R, n) expected records per cell and day over the turn."""
        rules, have = recipe(evidence), now.notes.get("sepp")
        if have is None or have["rules"] != rules or now.day - have["learnt"] >= self.relearn_days:
            fits = [self._learn(evidence, now, r, have) for r in range(evidence.shape[0])]
            have = now.notes["sepp"] = {"rules": rules, "learnt": now.day, "day": now.day, "fits": fits}
        for ago in range(now.day - have["day"] - 1, -1, -1):
            for fit, new in zip(have["fits"], evidence.counts(1, ago=ago), strict=True):
                fit["E"] = next_morning(fit, fit["E"], new)
        have["day"] = now.day
        return np.array([self._expect(fit, now) for fit in have["fits"]])

    def _expect(self, fit: dict, now) -> np.ndarray:
        """(n,) mean expected records a day, stepping through the turn."""
        total, E, felt = np.zeros(now.grid.n), fit["E"], np.empty(now.grid.n)
        bell = gaussian(fit["sigma"], self.reach_cells)
        for _ in range(now.days):
            spread(E, now.grid.rows, now.grid.cols, bell, felt)
            today = fit["mu"] + fit["theta"] * -np.expm1(-fit["omega"]) * felt / fit["mass"]
            today *= now.grid.inside  # nobody is outside to set off the next record
            total, E = total + today, next_morning(fit, E, today)
        return total / now.days

    def _learn(self, evidence, now, row: int, before: dict | None) -> dict:
        """EM for one replicate, from its own last answer, and what to believe where there is none."""
        grid, days, inside = now.grid, days_held(evidence, self.window_days), now.grid.inside
        start = self.start_theta, self.start_omega, self.start_sigma_m / grid.cell_m
        if before is not None and before["fits"][row]["theta"] > 0:
            start = tuple(before["fits"][row][name] for name in ("theta", "omega", "sigma"))
        found = evidence.events(row, days)
        if found["day"].size == 0:
            remark(now, "sepp: no records: risk spread evenly")
            even = inside / (days * inside.sum())
            return fit_of(even, 0.0, self.start_omega, start[2], np.zeros(grid.n), np.ones(grid.n))
        records = by_day(found["day"], found["cell"], found["weight"], days, grid.n)
        mu, theta, omega, sigma = self._em(records, days, start, now)
        if theta < self.least_theta or omega * days < 1.0:
            remark(now, "sepp: no contagion in the records: theta = 0, risk is the smoothed mean")
            mu, theta, omega = (
                self._smooth(np.bincount(found["cell"], found["weight"], grid.n), now) / days,
                0.0,
                1.0,
            )
        if theta > BOUND:
            remark(now, f"sepp: theta >= 1 in the records: held at {BOUND}")
            theta = BOUND
        E = np.bincount(found["cell"], found["weight"] * np.exp(omega * (found["day"] + 0.5)), grid.n)
        return fit_of(mu, theta, omega, sigma, E, self._mass(sigma, grid))

    def _em(self, records, days: int, start, now):
        """Background, theta, omega and sigma (cells) by expectation maximisation."""
        grid, (first, cell, count) = now.grid, records
        theta, omega, sigma = start
        own = np.bincount(cell, count, grid.n)
        mu, total, ages = self._smooth(own, now) / days, count.sum(), np.arange(days) + 0.5
        held = np.add.reduceat(np.r_[count, 0.0], np.minimum(first[:-1], count.size))[::-1] * (
            np.diff(first)[::-1] > 0
        )
        for _ in range(self.iterations):
            bell, before = gaussian(sigma, self.reach_cells), (theta, omega, sigma)
            decay, mass = np.exp(-omega * np.arange(days + 1)), self._mass(sigma, grid)
            born, waited, far = sweep(
                first, cell, count, decay, (grid.rows, grid.cols), mu, theta * omega, bell, mass, own
            )
            hidden = held * np.exp(-omega * ages)
            waited += theta * (hidden * ages).sum()
            mu = self._smooth(own, now) / days
            if born <= 0.0 or waited <= 0.0:
                return mu, 0.0, omega, sigma
            theta, omega, sigma = (
                born / (total - hidden.sum()),
                born / waited,
                width(far / born, self.reach_cells),
            )
            if np.abs(np.subtract((theta, omega, sigma), before)).max() < self.tolerance:
                break
        return mu, theta, omega, sigma

    def _smooth(self, counts: np.ndarray, now) -> np.ndarray:
        """(n,) fixed-bandwidth mean over the cells around."""
        return gaussian_mean(counts[None].astype(np.float64), self.background_m, now.grid, now.notes)[0]

    def _mass(self, sigma: float, grid) -> np.ndarray:
        """(n,) what of the Gaussian around each cell lies inside the city; 1 outside."""
        mass = np.empty(grid.n)
        spread(grid.inside.astype(np.float64), grid.rows, grid.cols, gaussian(sigma, self.reach_cells), mass)
        return np.where(grid.inside, mass, 1.0)


def fit_of(mu, theta, omega, sigma, E, mass) -> dict:
    """What one replicate has learnt: rates a day, cells, and the state of its cells."""
    return {"mu": mu, "theta": theta, "omega": omega, "sigma": sigma, "E": E, "mass": mass}


def next_morning(fit: dict, E: np.ndarray, records: np.ndarray) -> np.ndarray:
    """(n,) the state a day later: it fades, and the day's records stand at its midday."""
    return E * np.exp(-fit["omega"]) + records * np.exp(-0.5 * fit["omega"])
