"""Smooth random maps: where a synthetic city is dense, mixed or deprived.

Every map has its own key (seed, number), so that changing one part of a city leaves
the noise behind the other parts as it was.
"""

from __future__ import annotations

import zlib

import numpy as np
from scipy import fft
from scipy.ndimage import fourier_gaussian

# A map's key is (seed, number): one line each, never reuse a number.
DENSITY, DEPRIVATION, SHUFFLE, GROUP, TIES, VENUE, STATISTIC = 1, 2, 3, 100, 200, 300, 400


def generator(seed: int, number: int, name: str = "") -> np.random.Generator:
    """Random numbers of one map, addressed by seed, number and (for venues and statistics) a name."""
    return np.random.Generator(np.random.Philox(key=[seed, (zlib.crc32(name.encode()) << 16) + number]))


def smooth(rows: int, cols: int, sigma: float, rng: np.random.Generator) -> np.ndarray:
    """White noise under a Gaussian of `sigma` cells, scaled to mean 0 and deviation 1.

    The noise is drawn on a margin of six sigma, so that opposite edges of the city are
    not neighbours. Sigma is held to a quarter of the shorter side: a map always varies.

    Returns
    -------
    (rows * cols,) float

    Special cases
    -------------
    A map of one cell is 0.
    """
    sigma = min(sigma, min(rows, cols) / 4)
    margin = int(np.ceil(6 * sigma))
    shape = [fft.next_fast_len(side + margin, real=True) for side in (rows, cols)]
    spectrum = fourier_gaussian(fft.rfft2(rng.standard_normal(shape)), sigma, n=shape[1])
    return standardised(fft.irfft2(spectrum, s=shape)[:rows, :cols].ravel())


def standardised(values: np.ndarray) -> np.ndarray:
    """Values with mean 0 and deviation 1; a constant becomes 0."""
    deviation = values.std()
    return (values - values.mean()) / deviation if deviation > 1e-12 else np.zeros(values.shape)


def ranked(values: np.ndarray) -> np.ndarray:
    """Ranks scaled to [0, 1]; equal values share a rank, a lone value is 0."""
    _, place, times = np.unique(values, return_inverse=True, return_counts=True)
    rank = np.cumsum(times) - (times + 1) / 2  # as scipy.stats.rankdata, which takes half a second to import
    return rank[place] / max(values.size - 1, 1)


def centrality(rows: int, cols: int) -> np.ndarray:
    """(rows * cols,) float: 1 in the middle of the city, 0 at its corners."""
    y = (np.arange(rows) + 0.5) / rows * 2 - 1
    x = (np.arange(cols) + 0.5) / cols * 2 - 1
    distance = np.hypot(y[:, None], x[None, :]).ravel()
    return 1 - distance / max(distance.max(), 1e-12)


def distance_m(rows: int, cols: int, cell_m: float) -> np.ndarray:
    """(rows * cols,) float: metres from the middle of the city to each cell centre."""
    y = (np.arange(rows) + 0.5 - rows / 2) * cell_m
    x = (np.arange(cols) + 0.5 - cols / 2) * cell_m
    return np.hypot(y[:, None], x[None, :]).ravel()


def whole(expected: np.ndarray, total: int, room: np.ndarray | None = None, ties: np.ndarray | None = None):
    """Whole numbers that sum to `total`, nearest to `expected`: the largest remainders go up.

    Parameters
    ----------
    expected : (n,) float >= 0, people
    total : int, people
    room : (n,) int, the most a place can take; none = no limit
    ties : (n,) float in [0, 1), who goes first among equal remainders

    Returns
    -------
    (n,) int64
    """
    sum_ = expected.sum()
    expected = expected * (total / sum_) if sum_ > 0 else np.full(expected.shape, total / expected.size)
    count = np.floor(expected + 1e-9).astype(np.int64)
    if room is not None:
        count = np.minimum(count, room)
    order_noise = 0 if ties is None else ties * 1e-7
    while (left := total - int(count.sum())) != 0:
        step = 1 if left > 0 else -1
        able = count > 0 if step < 0 else (count < room if room is not None else np.ones(count.shape, bool))
        want = np.where(able, step * (expected - count) + order_noise, -np.inf)
        take = min(abs(left), int(able.sum()))
        if take == 0:
            raise ValueError("more people than room")
        count[np.argpartition(-want, take - 1)[:take]] += step
    return count
