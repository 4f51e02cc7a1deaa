"""Columns: inputs of a regression, brought to mean 0 and deviation 1 over the rows that are fitted."""

from __future__ import annotations

import numpy as np

FLAT = 1e-9  # deviation, relative to the size, below which a column is constant


def standardised(x: np.ndarray, *others: np.ndarray) -> tuple[np.ndarray, ...]:
    """The columns that vary, scaled; `others` are scaled alike.

    Parameters
    ----------
    x : (m, p) float, the rows that are fitted
    others : (k, p) float, further rows of the same columns

    **Special cases**
    A column that is the same everywhere says nothing and is left out.
    """
    mean, deviation = x.mean(axis=0), x.std(axis=0)
    varied = deviation > FLAT * (1.0 + np.abs(mean))
    scale = np.where(varied, deviation, 1.0)
    return tuple(((rows - mean) / scale)[:, varied] for rows in (x, *others))
