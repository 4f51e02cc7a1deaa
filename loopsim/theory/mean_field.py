"""Mean field: the loop without chance, from one refit to the next.

In a large city the records of a cell are near their mean, and the loop becomes a map

(1)  E'_i = (1 - f) E_i + f r_i(h(E)),    h_i = B E_i^gamma / sum_j E_j^gamma  or  B / k in the top k,
(2)  r_i(h) = reports_i + hidden_i (1 + logs) (1 - exp(-discover h_i)) + stops h_i,

with E the remembered records a day, h officer-hours a day, f the share of the memory that
a refit replaces. The channels stand in (2) one after the other: reports do not follow
patrol; discoveries (each with `logs` intelligence logs) follow offences x patrol; stops,
with their searches and logs, follow patrol alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np


def critical_gamma(patrol_share, elasticity=1.0):
    """Exponent above which equal treatment of equal places is unstable.

    (3)  gamma_c = 1 / (s e): s the share of records that patrol generates, e by how many
    per cent they rise with one per cent more patrol (1 while patrol is thin).

    **Special cases**: all records from patrol: 1, the urn. None: infinite, no loop.
    """
    pull = np.asarray(patrol_share, float) * elasticity
    return np.divide(1.0, pull, out=np.full(pull.shape, np.inf), where=pull > 0)


def uniform_eigenvalue(gamma, patrol_share, forget=1.0, elasticity=1.0):
    """Factor by which a small disparity between equal places grows from one refit to the next.

    (4)  mu = 1 - f + f gamma s e; below 1 it fades, at 1 it is locked in, above 1 it grows.
    """
    return 1.0 - forget + forget * np.asarray(gamma) * patrol_share * elasticity


def forgotten(refit_days: float, half_life_days: float) -> float:
    """Share f of the memory that a refit replaces, for an exponentially weighted mean: (5)."""
    return 1.0 - 0.5 ** (refit_days / half_life_days)


@dataclass(frozen=True, kw_only=True)
class MeanField:
    """The map (1)-(2) of a city of n cells.

    Parameters
    ----------
    reports : (n,) float, records a day that do not depend on patrol
    hidden : (n,) float, offences a day that nobody reports and patrol can find
    budget : float, officer-hours a day
    discover : float, per officer-hour
    stops : float, records per officer-hour of stops, searches and their logs together
    logs : float, intelligence logs a discovery
    gamma : float, exponent of the allocation
    k : int or None, top cells instead of the exponent
    forget : float in (0, 1], see (5)

    **Special cases**: with hidden = stops = 0 the records end at the reports whatever the
    start. With reports = 0, gamma = 1 and equal places every share is a fixed point.
    """

    reports: np.ndarray
    hidden: np.ndarray
    budget: float
    discover: float = 0.0
    stops: float = 0.0
    logs: float = 0.0
    gamma: float = 1.0
    k: int | None = None
    forget: float = 1.0

    def patrol(self, evidence) -> np.ndarray:
        """(n,) officer-hours a day; where several cells tie for the last places they share them."""
        evidence = np.asarray(evidence, float)
        if self.k is None:
            weight = (evidence / evidence.max()) ** self.gamma
            return self.budget * weight / weight.sum()
        last = np.sort(evidence)[-self.k]
        above, tied = evidence > last * (1 + 1e-12), np.isclose(evidence, last, rtol=1e-12)
        chance = above + np.where(tied, (self.k - above.sum()) / tied.sum(), 0.0)
        return self.budget / self.k * np.where(above | tied, chance, 0.0)

    def found(self, hours) -> np.ndarray:
        """(n,) records a day that patrol generates."""
        seen = self.hidden * (1.0 + self.logs) * -np.expm1(-self.discover * hours)
        return seen + self.stops * hours

    def step(self, evidence) -> np.ndarray:
        """The next evidence: (1) and (2)."""
        new = self.reports + self.found(self.patrol(evidence))
        return (1.0 - self.forget) * np.asarray(evidence, float) + self.forget * new

    def path(self, evidence, refits: int) -> np.ndarray:
        """(refits + 1, n) evidence at the start and after each refit."""
        rows = [np.asarray(evidence, float)]
        for _ in range(refits):
            rows.append(self.step(rows[-1]))
        return np.array(rows)

    def settle(self, evidence, tolerance=1e-12, most=100_000) -> np.ndarray:
        """The fixed point that a start runs to.

        A start on an unstable one stays there: nudge it to see where it leads.
        """
        for _ in range(most):
            after = self.step(evidence)
            if np.abs(after - evidence).max() <= tolerance * after.sum():
                return after
            evidence = after
        raise ArithmeticError(f"no fixed point within {most} refits")

    def patrol_share(self, evidence) -> float:
        """s: the share of the day's records that patrol generates."""
        found = self.found(self.patrol(evidence)).sum()
        return float(found / (found + self.reports.sum()))

    def elasticity(self, hours: float) -> float:
        """e of (3) in a place with so many officer-hours: 1 where patrol is thin, less as finds run out."""
        hidden = float(np.mean(self.hidden)) * (1.0 + self.logs)
        finds = hidden * -math.expm1(-self.discover * hours)
        slope = hidden * self.discover * math.exp(-self.discover * hours) + self.stops
        return slope * hours / (finds + self.stops * hours)

    def eigenvalue(self, evidence, step=1e-6) -> float:
        """Largest modulus of the derivative of the map at a point, by central differences."""
        evidence = np.asarray(evidence, float)
        size = step * evidence.sum() * np.eye(evidence.size)
        slopes = [(self.step(evidence + d) - self.step(evidence - d)) / (2 * d.sum()) for d in size]
        return float(np.abs(np.linalg.eigvals(np.array(slopes).T)).max())


def fixed_shares(gamma: float, patrol_share: float, points=4001) -> list[tuple[float, float]]:
    """All fixed shares of two equal areas, each with the slope of the map there (stable below 1).

    (6)  x = (1 - s) / 2 + s x^gamma / (x^gamma + (1 - x)^gamma).

    **Special cases**: gamma s <= 1: only 1/2 (every share where gamma = s = 1, of which the
    ends and 1/2 are returned). Above it 1/2 is unstable with a stable share on either side.
    """
    x = np.linspace(0.0, 1.0, points)
    gap = _map(x, gamma, patrol_share) - x
    found = {0.5}
    for a, b, ga, gb in zip(x[:-1], x[1:], gap[:-1], gap[1:], strict=True):
        if ga * gb < 0:
            found.add(_bisected(a, b, gamma, patrol_share))
    found |= {end for end in (0.0, 1.0) if abs(_map(end, gamma, patrol_share) - end) < 1e-15}
    apart = sorted(found)
    kept = [v for i, v in enumerate(apart) if i == 0 or v - apart[i - 1] > 1e-6]
    return [(v, _slope(v, gamma, patrol_share)) for v in kept]


def two_areas(gamma: float, patrol_share: float, forget: float = 1.0) -> MeanField:
    """Two equal areas in which patrol generates this share of the records, by stops alone."""
    even = np.full(2, 0.5)
    law = MeanField(reports=(1.0 - patrol_share) * even, hidden=0 * even, budget=1.0, stops=patrol_share)
    return replace(law, gamma=gamma, forget=forget)


def _map(x, gamma, s):
    up, down = np.power(x, gamma), np.power(1.0 - np.asarray(x), gamma)
    return (1.0 - s) / 2 + s * up / (up + down)


def _slope(x, gamma, s, h=1e-6):
    low, high = max(x - h, 0.0), min(x + h, 1.0)
    return float((_map(high, gamma, s) - _map(low, gamma, s)) / (high - low))


def _bisected(a, b, gamma, s) -> float:
    sign = np.sign(_map(a, gamma, s) - a)
    for _ in range(60):
        middle = (a + b) / 2
        a, b = (middle, b) if np.sign(_map(middle, gamma, s) - middle) == sign else (a, middle)
    return float((a + b) / 2)
