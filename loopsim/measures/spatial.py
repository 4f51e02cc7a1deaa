"""Spatial context: how separated the groups live and how patchy a map is.

Each equals PySAL's own figure (`segregation.Dissim`, `esda.Moran`), and a test says so.
"""

from __future__ import annotations

import numpy as np


def dissimilarity(one, other):
    """Index of dissimilarity, half the sum of |a_i / A - b_i / B|; NaN for a group of nobody.

    **Special cases**: the same spread is 0; groups that share no cell are 1.
    """
    one, other = np.asarray(one, float), np.asarray(other, float)
    if one.sum() <= 0 or other.sum() <= 0:
        return np.nan
    return 0.5 * np.abs(one / one.sum() - other / other.sum()).sum()


def _neighbour_sums(raster):
    """Sum over the (up to eight) queen neighbours of each cell."""
    rows = np.pad(raster, ((1, 1), (0, 0)))
    rows = rows[:-2] + rows[1:-1] + rows[2:]
    both = np.pad(rows, ((0, 0), (1, 1)))
    return both[:, :-2] + both[:, 1:-1] + both[:, 2:] - raster


def moran(values, rows, cols):
    """Moran's I with row-standardised queen neighbours; NaN for a flat map or a single cell.

    Parameters
    ----------
    values : (n,) float, flat row-major
    """
    z = np.asarray(values, float).reshape(rows, cols)
    z = z - z.mean()
    variance = (z * z).sum()
    if variance <= 0 or z.size < 2:
        return np.nan
    return float((z * _neighbour_sums(z) / _neighbour_sums(np.ones_like(z))).sum() / variance)


def correlation(one, other, weights):
    """Weighted Pearson correlation; NaN if either is constant where the weights are."""
    weights = np.asarray(weights, float)
    if weights.sum() <= 0:
        return np.nan
    a = one - np.average(one, weights=weights)
    b = other - np.average(other, weights=weights)
    size = (weights * a * a).sum() * (weights * b * b).sum()
    return float((weights * a * b).sum() / np.sqrt(size)) if size > 0 else np.nan
