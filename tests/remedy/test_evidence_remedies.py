"""What each remedy makes of an invented ledger."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from loopsim.limits import Refused
from loopsim.remedy.cap import Cap
from loopsim.remedy.decay import Decay
from loopsim.remedy.drop_intelligence import DropIntelligence
from loopsim.remedy.drop_stops import DropStops
from loopsim.remedy.ensign_2018 import Ensign2018
from loopsim.remedy.inverse_exposure import InverseExposure
from loopsim.remedy.reporting_rescale import ReportingRescale
from loopsim.remedy.reports_only import ReportsOnly


@pytest.fixture
def now(make_grid, make_ledger, make_now):
    grid = make_grid(4, 5)
    return make_now(grid, make_ledger(grid), budget=20.0)


def shown_channels(evidence) -> set:
    kinds = evidence.events(0, 60)["kind"]
    return {evidence.kinds.table[k][0] for k in kinds}


ALL = {"report", "discovery", "search", "stop", "intelligence"}


@pytest.mark.parametrize(
    "remedy, left",
    [
        (ReportsOnly(), {"report"}),
        (DropStops(finds=False), ALL - {"stop"}),
        (DropStops(finds=True), ALL - {"stop", "search"}),
        (DropIntelligence(), ALL - {"intelligence"}),
    ],
)
def test_a_dropped_channel_is_gone_and_no_other(now, remedy, left):
    assert shown_channels(now.evidence) == ALL
    assert shown_channels(remedy(now.evidence, now)) == left


def test_inverse_exposure_divides_patrols_records_by_an_even_share_and_leaves_reports(now):
    floor = 0.5
    weighed = InverseExposure(floor=floor)(now.evidence, now)
    raw, kinds = now.evidence.ledger.events(0, -60, 0), now.evidence.kinds
    share = raw["patrol"] / (20.0 / 20)  # budget / cells: an even patrol is 1 officer-hour
    expected = np.where(kinds.channel[raw["kind"]] == 0, 1.0, 1.0 / np.maximum(share, floor))
    np.testing.assert_allclose(weighed.events(0, 60)["weight"], expected)
    cells = np.bincount(raw["cell"], expected, 20)
    np.testing.assert_allclose(weighed.counts(60)[0], cells, atol=len(expected) / 1024)


@pytest.mark.parametrize("remedy", [InverseExposure(floor=0.1), Ensign2018()])
def test_a_record_whose_patrol_nobody_noted_is_not_weighed_by_it(now, remedy):
    """Real records come without patrols: 1 / floor would make each found by police count for ten."""
    for page in now.evidence.ledger.pages:
        page.patrol[:] = np.nan
    weighed, as_is = remedy(now.evidence, now), now.evidence
    np.testing.assert_array_equal(weighed.events(0, 60)["weight"], as_is.events(0, 60)["weight"])
    np.testing.assert_allclose(weighed.counts(60), as_is.counts(60))
    np.testing.assert_allclose(weighed.ewma(0.1), as_is.ewma(0.1))


def test_ensign_2018_takes_off_the_share_of_the_days_patrol(now):
    weighed = Ensign2018()(now.evidence, now)
    raw, kinds = now.evidence.ledger.events(0, -60, 0), now.evidence.kinds
    kept = np.where(kinds.channel[raw["kind"]] == 0, 1.0, 1.0 - np.minimum(raw["patrol"] / 20.0, 1.0))
    np.testing.assert_allclose(weighed.events(0, 60)["weight"], kept[kept > 0])


def test_a_record_loses_half_its_weight_in_a_half_life(now):
    faded = Decay(half_life_days=10.0)(now.evidence, now)
    events = faded.events(0, 60)
    np.testing.assert_allclose(events["weight"], 0.5 ** ((-1 - events["day"]) / 10.0))
    np.testing.assert_allclose(faded.counts(60)[0], np.bincount(events["cell"], events["weight"], 20))


def test_a_very_long_half_life_changes_nothing(now):
    faded = Decay(half_life_days=1e9)(now.evidence, now)
    np.testing.assert_allclose(faded.counts(60), now.evidence.counts(60), rtol=1e-6)


def test_a_forgetting_average_is_the_average_of_faded_days(now):
    alpha, half = 0.2, 7.0
    faded = Decay(half_life_days=half)(now.evidence, now)
    raw = now.evidence.events(0, 60)
    age = -1 - raw["day"]
    weight = alpha * (1 - alpha) ** age * 0.5 ** (age / half)
    np.testing.assert_allclose(faded.ewma(alpha)[0], np.bincount(raw["cell"], weight, 20), rtol=1e-9)


def test_no_cell_counts_for_more_than_the_cap_in_counts_and_in_events(now):
    capped = Cap(per_day=0.2)(now.evidence, now)
    full = now.evidence.counts(60)
    assert (full > 12).any() and (full < 12).any()
    np.testing.assert_allclose(capped.counts(60), np.minimum(full, 12.0))
    events = capped.events(0, 60)
    np.testing.assert_allclose(np.bincount(events["cell"], events["weight"], 20), capped.counts(60)[0])


def test_rescaling_recovers_what_unequal_reporting_hid(make_grid, make_ledger, make_now):
    grid = make_grid(2, 2)
    rate = np.array([0.25, 0.5, 0.5, 1.0])
    grid = replace(grid, layers=grid.layers | {"reporting": rate})
    ledger = make_ledger(grid, counts=[[1, 2, 2, 4]] * 2, days=10)  # four offences everywhere
    now = make_now(grid, ledger)
    mended = ReportingRescale(least=0.1)(now.evidence, now)
    np.testing.assert_allclose(mended.counts(10), 40.0)
    np.testing.assert_allclose(ReportingRescale(least=0.5)(now.evidence, now).counts(10)[0], [20, 40, 40, 40])


def test_a_map_without_a_survey_is_left_alone(now):
    assert ReportingRescale(least=0.1)(now.evidence, now) is now.evidence


@pytest.mark.parametrize(
    "make",
    [lambda: InverseExposure(floor=0.0), lambda: Cap(per_day=float("nan")), lambda: Decay(half_life_days=0)],
)
def test_a_number_out_of_range_is_refused_in_one_line(make):
    with pytest.raises(Refused, match=r"remedy\.\w+ must be .*; set remedy"):
        make()
