"""Polya urns: where the share of a colour ends, in closed form.

Notation: n_A, n_B balls at the start, S_0 = n_A + n_B, p_0 = n_A / S_0; delta or rate_i
balls added when colour i is drawn; draws in proportion to the balls.
"""

from __future__ import annotations

import numpy as np


def beta_law(start, delta) -> tuple[float, float]:
    """Parameters (a, b) of the Beta law of the final share under equal, fixed updates.

    (1)  share -> Beta(n_A / delta, n_B / delta), delta the balls added at each draw.

    **Special cases**: start (delta, delta) is uniform on [0, 1].

    References
    ----------
    Eggenberger & Polya (1923); Pemantle (2007), A survey of random processes with
    reinforcement, theorem 2.1.
    """
    a, b = np.asarray(start, float) / delta
    return float(a), float(b)


def final_mean_sd(start, delta) -> tuple[float, float]:
    """Mean and standard deviation of the final share under equal updates of `delta` balls.

    (2)  mean p_0, variance p_0 (1 - p_0) / (S_0 / delta + 1).

    For updates that are Poisson(rate) the mean is p_0 exactly (a martingale) and
    delta = rate + 1 gives the variance to first order in rate / S_0 (second moment of the
    update over its mean).
    """
    a, b = beta_law(start, delta)
    p = a / (a + b)
    return p, float(np.sqrt(p * (1 - p) / (a + b + 1)))


def mixed_root(matrix) -> float:
    """Share of the first colour at which an urn with matrix [[a, b], [c, d]] settles.

    Drawing the first colour adds (a, b), drawing the second (c, d); b, c > 0.

    (3)  (c + d - a - b) x^2 + (a - 2 c - d) x + c = 0, the root in [0, 1].

    **Special cases**: symmetric matrices settle at 1/2; b = c = 0 has no such root inside
    (the larger of a and d takes all).
    """
    (a, b), (c, d) = np.asarray(matrix, float)
    roots = np.roots([c + d - a - b, a - 2 * c - d, c])
    inside = [float(r.real) for r in roots if abs(r.imag) < 1e-9 and -1e-12 <= r.real <= 1 + 1e-12]
    return min(max(min(inside, key=lambda x: _slope(x, a, b, c, d)), 0.0), 1.0)


def _slope(x, a, b, c, d) -> float:
    """Derivative of the drift of the share: negative where it settles."""
    return 2 * (c + d - a - b) * x + (a - 2 * c - d)


def corrected_share(rates) -> np.ndarray:
    """Where the urn settles when a find counts for 1 / p of its cell: (4) rate_i / sum of rates."""
    rates = np.asarray(rates, float)
    return rates / rates.sum()


def two_cell_rule_share(rates) -> np.ndarray:
    """Where the urn settles under the published rule (1 - p): (5) (1 - p_i) rate_i alike for all i.

    Cells whose rate is too low for that are starved to 0: with m cells left,
    1 - p_i = C / rate_i and C = (m - 1) / sum of 1 / rate_i over them.

    **Special cases**: two cells give (4). Equal rates give equal shares.
    """
    rates = np.asarray(rates, float)
    kept = np.ones(rates.size, bool)
    while True:
        level = (kept.sum() - 1) / (1 / rates[kept]).sum()
        share = np.where(kept, 1 - level / rates, 0.0)
        if kept.sum() <= 1 or (share >= 0).all():
            return share
        kept &= share >= 0


def thinned(rate, kept) -> float:
    """Rate of a Poisson process of which each event is kept with a chance: (6) rate x kept."""
    return rate * kept


def runaway_exponent(rates) -> float:
    """The power by which the loser grows: (7) n_B ~ n_A ^ (rate_B / rate_A), rate_A the larger.

    At exponent near 1 the share of B falls as n_A ^ -(1 - exponent): slowly.
    """
    low, high = sorted(np.asarray(rates, float))
    return low / high


def allocation_regime(gamma) -> str:
    """What patrol in proportion to records^gamma does with equal rates and discovery alone.

    (8)  gamma < 1: every cell ends alike ("fades"); gamma = 1: Beta or Dirichlet law
    ("locks in"); gamma > 1: one cell takes all ("runs away").

    References
    ----------
    Hill, Lane & Sudderth (1980), A strong law for some generalized urn processes.
    """
    if gamma == 1:
        return "locks in"
    return "fades" if gamma < 1 else "runs away"
