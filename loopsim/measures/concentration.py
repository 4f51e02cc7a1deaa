"""Concentration: on how few cells the patrol lands, and whether they stay the same."""

from __future__ import annotations

import numpy as np

from loopsim.measures.disparity import effective_cells

__all__ = ["effective_cells", "gini", "jaccard", "lorenz", "patrolled", "top_share"]

EVEN = 1.0 - 1e-9  # slack for rounding when a cell is compared with an even spread


def gini(amount):
    """Gini coefficient over the last axis, 0 even .. (n - 1) / n all in one cell; NaN if all are 0.

    **Special cases**: k equal cells of n give 1 - k / n.
    """
    amount = np.sort(np.asarray(amount, float), axis=-1)
    n = amount.shape[-1]
    total = amount.sum(axis=-1)
    ranked = (amount * (2.0 * np.arange(1, n + 1) - n - 1)).sum(axis=-1)
    return np.divide(ranked, n * total, out=np.full(total.shape, np.nan), where=total > 0)


def top_share(amount, part=0.05):
    """Share of the total in the top `part` of cells (at least one cell); NaN if all are 0."""
    amount = np.asarray(amount, float)
    n = amount.shape[-1]
    k = max(1, int(round(part * n)))
    top = np.partition(amount, n - k, axis=-1)[..., n - k :].sum(axis=-1)
    total = amount.sum(axis=-1)
    return np.divide(top, total, out=np.full(total.shape, np.nan), where=total > 0)


def lorenz(amount, points=101):
    """(points,) cumulative share of the total held by the least-patrolled part of cells."""
    amount = np.sort(np.asarray(amount, float))
    total = amount.sum()
    held = np.concatenate([[0.0], np.cumsum(amount)]) / (total if total > 0 else 1.0)
    return np.interp(np.linspace(0, 1, points), np.linspace(0, 1, held.size), held)


def patrolled(patrol, cells):
    """(R, n) bool: cells that get at least an even share of the patrol of `cells` cells.

    **Special cases**: with the top k cells these are the k; an even spread patrols all.
    """
    even = np.asarray(patrol).sum(axis=-1, keepdims=True) / cells
    return (np.asarray(patrol) >= even * EVEN) & (np.asarray(patrol) > 0)


def jaccard(one, other):
    """Cells in both over cells in either, over the last axis; NaN if both sets are empty."""
    both, either = (one & other).sum(axis=-1), (one | other).sum(axis=-1)
    return np.divide(both, either, out=np.full(np.shape(both), np.nan), where=either > 0)
