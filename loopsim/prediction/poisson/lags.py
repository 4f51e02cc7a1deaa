"""Lags: what a forecast for some weeks could know on its morning, from weekly counts."""

from __future__ import annotations

import numpy as np

YEAR, QUARTER, MONTH = 52, 13, 4  # weeks
PSEUDO = 0.5  # records, added before the logarithm


class Lags:
    """Sums over stretches of weeks, by cell.

    Parameters
    ----------
    weeks : name -> (W, n) counts of each week, the newest first; `crimes` and perhaps others
    """

    def __init__(self, weeks: dict[str, np.ndarray]):
        self.upto = {name: np.insert(np.cumsum(w, axis=0), 0, 0.0, axis=0) for name, w in weeks.items()}
        self.weeks = len(weeks["crimes"])

    def sum(self, name: str, since: int, before: int) -> np.ndarray:
        """(n,) count of the weeks numbered since .. before - 1 (0 = the newest)."""
        upto = self.upto[name]
        return upto[min(before, self.weeks)] - upto[min(since, self.weeks)]

    def inputs(self, origin: int, ahead: int) -> np.ndarray:
        """(n, p) logarithms of what is known `origin` weeks ago about the `ahead` weeks after it.

        Columns: the last 4 weeks, the last 13, the mean of `ahead` weeks over all that is
        held, the same weeks a year before, and 13 weeks of each other input.
        """
        whole = self.sum("crimes", origin, self.weeks) * (ahead / max(self.weeks - origin, 1))
        columns = [
            self.sum("crimes", origin, origin + MONTH),
            self.sum("crimes", origin, origin + QUARTER),
            whole,
            self.sum("crimes", origin + YEAR - ahead, origin + YEAR),
        ]
        others = [name for name in self.upto if name != "crimes"]
        columns += [self.sum(name, origin, origin + QUARTER) for name in others]
        return np.log(PSEUDO + np.column_stack(columns))


def slope(totals: np.ndarray, ahead: int) -> float:
    """Growth of the logarithm a week of a force's weekly totals, newest first; 0 below a year of them.

    A log-linear Poisson fit to sums of `ahead` weeks.
    """
    from loopsim.prediction.poisson.ridge import ridge_poisson, start

    blocks = len(totals) // ahead
    if blocks * ahead < YEAR or not totals.any():
        return 0.0
    y = totals[: blocks * ahead].reshape(blocks, ahead).sum(axis=1)
    x, none = -ahead * np.arange(blocks)[:, None] / YEAR, np.zeros(blocks)
    beta = start(y, none, 1)
    return float(beta[1]) / YEAR if ridge_poisson(x, y, none, 0.0, beta) else 0.0
