"""A sweep over days and cells in reach against the matrix of parents of every pair of records."""

import numpy as np

from loopsim.prediction.sepp import Sepp
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


def test_one_step_of_em_is_the_edge_corrected_one_over_all_pairs(make_grid, make_ledger, make_now):
    """theta = sum p / (N - sum e^(-omega c)); omega = sum p / (sum p t + theta sum c e^(-omega c))."""
    grid, days = make_grid(6, 7), 50
    now = make_now(grid, make_ledger(grid, days=days, rate=0.1))
    model = Sepp(
        window_days=days, relearn_days=180, reach_cells=2, background_m=300.0, iterations=1, tolerance=0.0,
        start_theta=0.4, start_omega=0.3, start_sigma_m=135.0, least_theta=0.0,
    )  # fmt: skip
    model(now.evidence, now)
    fit, found = now.notes["sepp"]["fits"][0], now.evidence.events(0, days)
    day, cell = found["day"], found["cell"]
    mu = model._smooth(np.bincount(cell, minlength=42), now) / days
    mass = model._mass(0.9, grid)
    row, col = np.divmod(cell, 7)
    down, right = abs(row[:, None] - row), abs(col[:, None] - col)
    near, wait = (down <= 2) & (right <= 2) & (day < day[:, None]), day[:, None] - day
    kernel = np.where(near, np.exp(-0.3 * wait - 0.5 * (down**2 + right**2) / 0.81), 0.0)
    rise = 0.4 * 0.3 * kernel / mass[cell][:, None]
    parent = rise / (mu[cell] + rise.sum(axis=1))[:, None]
    left = -day - 0.5  # days from midday of a record to the end
    hidden = np.exp(-0.3 * left)
    assert np.isclose(fit["theta"], parent.sum() / (day.size - hidden.sum()), rtol=1e-9)
    assert np.isclose(
        fit["omega"], parent.sum() / ((parent * wait).sum() + 0.4 * (left * hidden).sum()), rtol=1e-9
    )
