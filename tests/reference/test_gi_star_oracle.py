"""Gi* against PySAL."""

import numpy as np
import pytest

from loopsim.prediction.gi_star import GiStar, scores

esda = pytest.importorskip("esda")
weights = pytest.importorskip("libpysal.weights")


@pytest.mark.filterwarnings("ignore")
def test_the_score_is_that_of_pysal(make_grid, make_ledger, make_now):
    grid = make_grid(9, 11)
    now = make_now(grid, make_ledger(grid))
    counts = now.evidence.counts(60)
    queen = weights.lat2W(9, 11, rook=False)
    for r in range(2):
        theirs = esda.G_Local(
            counts[r], weights.fill_diagonal(queen, 1.0), transform="B", star=True, permutations=0
        )
        assert np.allclose(scores(counts, grid, 1)[r], theirs.Zs, rtol=1e-10, atol=1e-12)
        risk = GiStar(window_days=60, reach_cells=1, least_z=0.0)(now.evidence, now)[r]
        assert np.allclose(risk, np.maximum(theirs.Zs, 0), rtol=1e-10, atol=1e-12)
