"""Which k cells are the highest: the same whatever the ranking remembers of other turns."""

from __future__ import annotations

import numpy as np
import pytest

from loopsim.allocation.ranking import LOOK, _from_hint, highest

K = 10


@pytest.fixture
def ranked(make_grid, make_now):
    """The cells that a risk is patrolled in, in order, after a turn with another risk if one is given."""
    grid = make_grid(20, 20)

    def rank(risk, before=None, hints=None):
        now = make_now(grid, replicates=range(len(risk)))
        if before is not None:
            highest(before, K, now)
        if hints is not None:
            now.notes["highest", K] = np.array(hints, float)
        return np.sort(highest(risk, K, now), axis=1)

    return rank


def risks(seed=1):
    """(3, 400) risks no two of which are alike."""
    return np.random.default_rng(seed).random((3, 400))


def the_highest(risk):
    return np.sort(np.argsort(-risk, axis=1)[:, :K], axis=1)


HINTS = [0.0, 5e-324, 1e-300, 0.1, 0.9, 0.97, 0.999, 1.0, 1e300, np.inf, np.nan, -1.0]


@pytest.mark.parametrize("hint", HINTS)
def test_no_hint_however_absurd_changes_which_cells_are_highest(ranked, hint):
    assert (ranked(risks(), hints=[hint] * 3) == the_highest(risks())).all()


@pytest.mark.parametrize("factor", [-1.0, 0.0, 1e-9, 0.5, 0.9, 0.99, 1.01, 3.0, 1e9])
def test_what_the_risk_was_last_turn_is_forgotten(ranked, factor):
    assert (ranked(risks(), before=factor * risks()) == the_highest(risks())).all()
    assert (ranked(factor * risks(), before=risks()) == ranked(factor * risks())).all()
    assert (ranked(risks(), before=risks(2)) == the_highest(risks())).all()


def test_each_replicate_has_a_hint_of_its_own(ranked):
    scale = np.array([[1.0], [1e-6], [1e6]])
    assert (ranked(scale * risks(), before=scale[::-1] * risks()) == the_highest(risks())).all()


def test_cells_that_tie_with_the_last_but_lie_below_the_hint_draw_lots_too(ranked):
    risk = np.zeros((3, 400))
    risk[:, :K] = 1.0
    risk[:, K : 4 * K] = 1.0 - 1e-10  # as high as the first but for rounding
    chosen = ranked(risk)
    assert (chosen >= K).any(axis=1).all()  # lots are drawn among all that tie
    for hint in (1.0 - 2e-10, 1.0 - 1e-10, 1.0 - 5e-11, 1.0, 1.0 + 1e-10):
        assert (ranked(risk, hints=[hint] * 3) == chosen).all()


def test_a_chunk_of_another_size_starts_without_hints(ranked):
    assert (ranked(risks(), hints=[0.9]) == the_highest(risks())).all()


def test_the_next_turn_is_found_from_the_hint(make_grid, make_now):
    now = make_now(make_grid(20, 20), replicates=range(3))
    highest(risks(), K, now)
    last = np.sort(risks(), axis=1)[:, -K]
    hints = now.notes["highest", K]
    assert hints == pytest.approx(LOOK * last)
    for row, hint in zip(risks(), hints.view(np.int64), strict=True):
        found = _from_hint(row.view(np.int64), now.grid.inside, K, hint, np.empty(400, np.int64))
        assert K <= found == (row.view(np.int64) >= hint).sum()
