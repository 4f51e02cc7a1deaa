"""Accuracy of a map of flagged cells, on any count raster: the records or the truth.

Chainey, Tompson & Uhlig (2008) for PAI, Hunt (2016) for PEI. Call each twice: on what was
recorded (what a vendor reports) and on what happened (what only a simulator knows).
"""

from __future__ import annotations

import numpy as np

from loopsim.measures.rates import share


def hit_rate(hits, total):
    """Share of events in flagged cells, n / N; NaN without events."""
    return share(hits, total)


def precision(counts, flagged):
    """Share of flagged cells with at least one event; NaN if no cell is flagged."""
    return share(((counts > 0) & flagged).sum(axis=-1), flagged.sum(axis=-1))


def pai(hits, total, area, whole):
    """Prediction accuracy index (n / N) / (a / A); NaN without events or area.

    **Special cases**: everything flagged is 1.
    """
    return share(share(hits, total), share(area, whole))


def pei(hits, best):
    """Prediction efficiency index n / n*, with n* the most that as many cells could have held."""
    return share(hits, best)


def best_hits(counts, flagged_cells):
    """(R,) events in the `flagged_cells` fullest cells: sum over t >= 1 of min(k, C_t).

    C_t is the number of cells with at least t events.
    """
    counts = np.atleast_2d(counts)
    cells = np.broadcast_to(np.asarray(flagged_cells), counts.shape[:1])
    ranked = -np.sort(-counts, axis=-1)
    return np.array([row[:k].sum() for row, k in zip(ranked, cells, strict=True)])


def index_curve(observed, predicted):
    """PAI and PEI after flagging 1, 2, ... cells in order of prediction.

    Ties are broken against the forecast: of equally risky cells the emptier comes first.

    Parameters
    ----------
    observed : (n,) int, events
    predicted : (n,) float, risk
    """
    observed = np.asarray(observed, float)
    order = np.lexsort((observed, -np.asarray(predicted, float)))
    hits, best = np.cumsum(observed[order]), np.cumsum(-np.sort(-observed))
    area = np.arange(1, observed.size + 1)
    return pai(hits, observed.sum(), area, observed.size), pei(hits, best)


def self_confirmation(on_records, on_truth):
    """How much better the model looks on its own records than it is: the difference."""
    return np.asarray(on_records) - np.asarray(on_truth)
