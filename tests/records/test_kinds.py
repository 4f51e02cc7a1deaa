"""The order of kinds is the arithmetic that kernels rely on."""

from __future__ import annotations

import numpy as np
import pytest

from loopsim.limits import Refused
from loopsim.records.evidence import Shown


def test_a_kernel_can_compute_the_number_of_a_kind(kinds):
    K, J, S = 2, 2, 3
    assert len(kinds) == 2 * K + J + 1 + S
    assert kinds.index("report", "drug_trafficking") == 1
    assert kinds.index("discovery", "burglary") == K
    assert kinds.index("search", "weapons") == 2 * K + 1
    assert kinds.index("stop", "stop") == 2 * K + J
    assert kinds.index("intelligence", "intelligence") == 2 * K + J + 1
    assert kinds.strength[-S:].tolist() == [0.25, 0.5, 1.0]


def test_recorded_crime_is_reports_discoveries_and_searches(kinds):
    assert kinds.is_crime.tolist() == [True] * 6 + [False] * 4


def test_harm_leaves_out_stops_and_intelligence(kinds):
    weights = Shown(channels="all", weights="harm", proactive=True).per_kind(kinds)
    np.testing.assert_array_equal(weights, [273.5, 5, 273.5, 5, 3, 273.75, 0, 0, 0, 0])


def test_without_proactive_types_only_what_victims_could_report_counts(kinds):
    weights = Shown(channels=["all"], weights="count", proactive=False).per_kind(kinds)
    np.testing.assert_array_equal(weights, [1, 0, 1, 0, 0, 0, 1, 0.25, 0.5, 1])


def test_one_channel_may_be_named_without_brackets(kinds):
    weights = Shown(channels="report", weights={"burglary": 2.5}, proactive=True).per_kind(kinds)
    assert weights.tolist() == [2.5] + [0.0] * 9


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"channels": ["reprot"]}, "did you mean report"),
        ({"channels": []}, "must name at least one channel"),
        ({"weights": "counts"}, "must be count, harm or a mapping"),
        ({"weights": {"burglary": float("nan")}}, "must be >= 0, got nan"),
        ({"proactive": "yes"}, "must be true or false"),
    ],
)
def test_evidence_that_makes_no_sense_is_refused(fields, line):
    with pytest.raises(Refused, match=line):
        Shown(**({"channels": "all", "weights": "count", "proactive": True} | fields))


def test_a_weight_for_an_unknown_type_names_the_nearest(kinds):
    shown = Shown(channels="all", weights={"burglry": 1.0}, proactive=True)
    with pytest.raises(Refused, match="did you mean burglary"):
        shown.per_kind(kinds)
