"""The rota of Southend: 8 of 20 hotspots a day."""

from __future__ import annotations

import numpy as np
import pytest

from loopsim.allocation.ranking import highest
from loopsim.allocation.rota import Rota
from loopsim.limits import Refused


def test_southend_has_720_treatment_and_1080_control_place_days(make_grid, make_now):
    now = make_now(make_grid(10, 10), days=90, budget=8.0)
    risk = np.random.default_rng(1).random((2, 100))
    plan = Rota(budget=8.0, k=20, m=8)(risk, now)
    spots = highest(risk, 20, now)
    treated = [(plan[r][:, spots[r]] > 0).sum() for r in range(2)]
    assert treated == [720, 720] and 90 * 20 - treated[0] == 1080
    assert [(plan[r] > 0).sum() for r in range(2)] == [720, 720]  # no patrol but in hotspots
    assert set(np.unique(plan)) == {0.0, 1.0}


def test_every_hotspot_is_as_likely_as_every_other_whatever_its_risk(make_grid, make_now):
    now = make_now(make_grid(4, 5), days=4000, replicates=[0])
    plan = Rota(budget=48.0, k=20, m=8)(np.arange(20.0)[None, :] + 1, now)
    days = (plan[0] > 0).sum(axis=0)
    assert np.abs(days - 1600).max() < 4 * np.sqrt(4000 * 0.4 * 0.6)


def test_a_rota_of_all_hotspots_is_top_cells(make_grid, make_now):
    now = make_now(make_grid(4, 5), days=3, budget=6.0)
    risk = np.tile(np.arange(20.0), (2, 1))
    plan = Rota(budget=6.0, k=3, m=3)(risk, now)
    assert (plan[:, :, 17:] == 2.0).all() and (plan[:, :, :17] == 0).all()


def test_more_hotspots_a_day_than_there_are_is_refused():
    with pytest.raises(
        Refused, match=r"^allocation.m must be <= allocation.k \(8\), got 20; set allocation.m$"
    ):
        Rota(budget=8.0, k=8, m=20)
