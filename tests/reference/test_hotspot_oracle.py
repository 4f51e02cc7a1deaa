"""The retrospective hotspot against its formula over every pair of record and cell."""

import numpy as np
import pytest

from loopsim.prediction.hotspot import Hotspot


@pytest.mark.parametrize(("kernel", "reach"), [("quartic", 200.0), ("quartic", 730.0), ("gaussian", 450.0)])
def test_the_hotspot_is_the_published_sum_over_what_lies_inside(
    make_grid, make_ledger, make_now, kernel, reach
):
    grid = make_grid(13, 16, outside=9)
    now = make_now(grid, make_ledger(grid, rate=0.1))
    risk = Hotspot(window_days=60, reach_m=reach, kernel=kernel)(now.evidence, now)
    at = grid.centres()
    d = np.hypot(*(at[:, None] - at).transpose(2, 0, 1)) / reach
    hill = np.where(d <= 1, (1 - d**2) ** 2 if kernel == "quartic" else np.exp(-0.5 * (3 * d) ** 2), 0.0)
    published = now.evidence.counts(60) @ hill
    golden = published / (hill @ grid.inside) / 60 * grid.inside
    assert np.allclose(risk, golden, rtol=1e-10, atol=1e-11)
    everywhere = hill @ np.ones(grid.n)
    interior = (everywhere > everywhere.max() - 1e-9) & np.isclose(hill @ grid.inside, everywhere)
    assert interior.sum() > 5
    assert np.corrcoef(risk[0, interior], published[0, interior])[0, 1] > 1 - 1e-10  # same ranks there
