"""Journeys: how far people go, the same for every group.

The journey to crime falls off as exp(-d / scale) over the cells around home. Its realised
median is about 1.68 scales in two dimensions (a Gamma law of shape 2), not scale x ln 2.
"""

from __future__ import annotations

import numpy as np

TABLE = 65536  # equally likely journeys in the look-up table
_REACH = 8.0  # scales; beyond them 0.3 % of the mass of a Gamma(2) law is cut off


def journey_kernel(scale: float) -> np.ndarray:
    """Square array of probabilities of a displacement; `scale` in cells.

    Special cases: scale -> 0 puts all mass on the middle (at home).
    """
    reach = int(np.ceil(_REACH * scale))
    steps = np.arange(-reach, reach + 1)
    weight = np.exp(-np.hypot(*np.meshgrid(steps, steps)) / max(scale, 1e-12))
    return weight / weight.sum()


def journey_moves(scale: float) -> np.ndarray:
    """(65536, 2) int16 equally likely (rows, columns) displacements with that law."""
    kernel = journey_kernel(scale)
    reach = kernel.shape[0] // 2
    edges = np.round(np.cumsum(kernel.ravel()) * TABLE).astype(int)
    where = np.searchsorted(edges, np.arange(TABLE), side="right").clip(max=kernel.size - 1)
    row, col = np.divmod(where, kernel.shape[1])
    return np.column_stack([row - reach, col - reach]).astype(np.int16)


def disc_moves(radius: float) -> np.ndarray:
    """(m, 2) int16 displacements within `radius` cells, without the middle; at least the four nearest."""
    reach = max(int(radius), 1)
    row, col = (a.ravel() for a in np.meshgrid(np.arange(-reach, reach + 1), np.arange(-reach, reach + 1)))
    far = np.hypot(row, col)
    keep = (far > 0) & (far <= max(radius, 1.0))
    return np.column_stack([row[keep], col[keep]]).astype(np.int16)
