"""A sweep over days and cells in reach against the matrix of parents of every pair of records."""

import numpy as np

from loopsim.prediction.spacetime import by_day, gaussian, spread, sweep


def test_a_sweep_is_the_sum_over_all_pairs():
    rng = np.random.default_rng(1)
    rows, cols, days, reach = 6, 7, 50, 2
    n = rows * cols
    day, cell = np.sort(rng.integers(-days, 0, 250)), rng.integers(0, n, 250)
    weight = rng.integers(1, 4, 250).astype(float)
    mu, theta, omega, sigma = rng.uniform(0.01, 0.1, n), 0.4, 0.3, 0.9
    bell, mass, own = gaussian(sigma, reach), np.empty(n), np.empty(n)
    spread(np.ones(n), rows, cols, bell, mass)
    records = by_day(day, cell, weight, days, n)
    decay = np.exp(-omega * np.arange(days + 1))
    sums = sweep(*records, decay, (rows, cols), mu, theta * omega, bell, mass, own)

    row, col = np.divmod(cell, cols)
    down, right = abs(row[:, None] - row), abs(col[:, None] - col)
    near = (down <= reach) & (right <= reach) & (day < day[:, None])
    wait, square = day[:, None] - day, down**2 + right**2
    kernel = np.where(near, np.exp(-omega * wait - 0.5 * square / sigma**2), 0.0) / mass[cell][:, None]
    rise = theta * omega * kernel * weight
    rate = mu[cell] + rise.sum(axis=1)
    parent = weight[:, None] * rise / rate[:, None]
    golden = parent.sum(), (parent * wait).sum(), (parent * square).sum()
    assert np.allclose(sums, golden, rtol=1e-10)
    assert np.allclose(own, np.bincount(cell, weight * mu[cell] / rate, n), rtol=1e-10)
