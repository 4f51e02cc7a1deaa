"""Compounding: whether the loop lets an initial disparity fade, locks it in or lets it grow.

L is a log disparity by refit, (T, m): time by bootstrap draws, replicates or one value.
"""

from __future__ import annotations

import numpy as np

BAND = 0.1  # log units: within a factor of 1.105 of the first plan counts as unchanged
ROUNDING = 1e-9  # log units: an interval this near parity holds it
VANISHING = 0.1  # a tenth of the first plan's effective cells
REGIMES = ("fades", "locks in", "compounds", "runs away", "no disparity", "undetermined")


def leverage(first, log_bias):
    """L0 / log b: what model and allocation make of the bias at first use; NaN when b = 1.

    b : patrol per head that one group lived under before day 0 against the other, as realised
    """
    first = np.asarray(first, float)
    return first / log_bias if np.isfinite(log_bias) and log_bias != 0 else np.full(first.shape, np.nan)


def direction(first, low, high):
    """The side s of a disparity, 1.0 or -1.0, and whether it is clear which plan is further off.

    Parameters
    ----------
    first : float, L0 of the first plan
    low, high : float, interval of L0 + L_T, L_T of the last plan; NaN is not clear

    Returns
    -------
    L_T² - L0² = (L_T - L0) (L_T + L0). So where the interval lies to one side of parity (0), s is
    that side, and s (L_T - L0) > 0 exactly when the last plan is further from parity than the
    first: s is the sign of L0, unless the disparity grew out of parity or over to the other side.
    Where the interval holds parity, s is the sign of L0, which then may be chance.
    """
    clear = bool(low > ROUNDING or high < -ROUNDING)
    return (-1.0 if (low if clear else first) < 0 else 1.0), clear


def compounding(disparity, sign):
    """(T, m) c(t) = s (L_t - L0): growth of the disparity, in logs, since the first plan.

    `sign` is the `direction` s. **Special cases**: 0 at the first plan; a constant disparity is 0
    throughout.
    """
    return sign * (disparity - disparity[:1])


def amplification(c):
    """exp c: the factor by which the disparity has grown since the first plan; 1 = locked in."""
    return np.exp(c)


def compounding_rate(c, refit):
    """(m,) least-squares slope of c, in logs per refit; NaN with fewer than two refits.

    Parameters
    ----------
    c : (T, m) compounding
    refit : (T,) number of the refit of each row
    """
    x = np.asarray(refit, float) - np.mean(refit)
    spread = (x * x).sum()
    return (x[:, None] * c).sum(axis=0) / spread if spread > 0 else np.full(c.shape[1], np.nan)


def half_life(rate, first, refit_days):
    """Days in which a fading log disparity loses half its first value; inf if it does not fade."""
    fades = np.asarray(rate) < 0
    days = 0.5 * np.abs(first) * refit_days / np.where(fades, -np.asarray(rate), 1.0)
    return np.where(fades, days, np.where(np.isnan(rate), np.nan, np.inf))


def doubling_time(rate, refit_days):
    """Days in which a growing disparity ratio doubles; inf if it does not grow."""
    grows = np.asarray(rate) > 0
    days = np.log(2.0) * refit_days / np.where(grows, rate, 1.0)
    return np.where(grows, days, np.where(np.isnan(rate), np.nan, np.inf))


def even(low, high, spread, band=BAND):
    """Whether patrol per head is even: on average over replicates, and in single ones.

    Parameters
    ----------
    low, high : interval of the log disparity, float or one for each plan asked about
    spread : standard deviation of it between replicates, likewise
    band : float, log units

    Returns
    -------
    True when each interval holds parity (0) and lies inside the band, and the spread does too.
    An interval that holds parity because it is wide shows nothing; nor is there no disparity
    where every replicate locks in to a side of its own and the sides cancel out.
    """
    held = (np.asarray(low) <= ROUNDING) & (np.asarray(high) >= -ROUNDING)
    inside = (np.asarray(low) >= -band) & (np.asarray(high) <= band) & (np.asarray(spread) <= band)
    return bool(np.all(held & inside))


def regime(low, high, cells_first=np.nan, cells_last_high=np.nan, band=BAND, none=False, clear=True):
    """The regime, from the interval of c at the horizon, never from a point estimate.

    Parameters
    ----------
    low, high : float, interval of c; NaN gives "undetermined"
    cells_first : float, effective number of patrolled cells in the first plan
    cells_last_high : float, upper limit of the same in the last plan
    band : float, log units in which c counts as no change
    none : bool, whether the disparity of the first plan and of the last is `even`
    clear : bool, whether it is clear which plan is further from parity, by `direction`

    Returns
    -------
    "runs away" when a vanishing number of cells takes all patrol: a tenth of the first
    plan's effective cells, or one cell; else "no disparity" when `none`, "locks in" when the
    interval lies inside the band, "compounds" when low > band (the last plan is further from
    parity than the first), "fades" when high < -band (it is nearer), the last two only if
    `clear`; else "undetermined".
    """
    if not (np.isfinite(low) and np.isfinite(high)):
        return "undetermined"
    if cells_first >= 1.5 and cells_last_high <= max(VANISHING * cells_first, 1.1):
        return "runs away"
    if none:
        return "no disparity"
    if low >= -band and high <= band:
        return "locks in"
    if low > band and clear:
        return "compounds"
    return "fades" if high < -band and clear else "undetermined"
