"""A city written out: does it say what was listed, and refuse what makes no city?"""

from __future__ import annotations

import numpy as np
import pytest

from loopsim.city.listed import Listed
from loopsim.limits import Refused
from loopsim.study.compose import compose
from loopsim.study.run import make_start

GIVEN = dict(
    rows=1, cols=2, cell_m=100.0, people={"a": (3, 0), "b": (1, 2)}, districts=("x", "x"),
    layers={"deprivation": (0.5, 1.0)}, records={"thefts": (2, 5)}, records_days=1,
)  # fmt: skip


def test_a_listed_city_is_what_was_listed():
    city = Listed(**GIVEN).build(1)
    assert city.residents.tolist() == [[3, 1], [0, 2]]
    assert city.groups == ("a", "b") and city.grid.districts == ("x",)
    assert city.grid.layers["deprivation"].tolist() == [0.5, 1.0]
    assert city.grid.layers["residents"].tolist() == [4, 2]
    assert Listed(**GIVEN).groups == {"a": 0.5, "b": 0.5}


def test_its_records_are_in_the_ledger_on_day_0():
    setup = compose([
        "city=listed", "city.records={thefts: [2, 5]}", "bias.how=real", "history_days=null", "arms=[loop]",
        "bias.crime_types={thefts: [discovery, burglary]}", "prediction=count", "allocation=uniform", "replicates=1",
    ]).setups["loop"]  # fmt: skip
    ledger = make_start(setup, setup.city.build(1), [0, 1]).ledger
    kind = ledger.kinds.index("discovery", "burglary")
    found = ledger.counts(np.eye(len(ledger.kinds))[kind], -1, 0)
    assert found.tolist() == [[2, 5], [2, 5]]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"people": {"a": (1, 2)}}, "two groups"),
        ({"people": {"a": (1,), "b": (1, 2)}}, "city.people.a must be 2 whole numbers"),
        ({"people": {"a": (0, 0), "b": (0, 0)}}, "at least one resident"),
        ({"people": {"a": (1.5, 0), "b": (0, 0)}}, "whole numbers"),
        ({"districts": ("x",)}, "city.districts must name 2"),
        ({"layers": {"deprivation": (1.0,)}}, "city.layers.deprivation must be 2 numbers"),
        ({"records": {"thefts": (1, -1)}}, "city.records.thefts must be 2 whole"),
    ],
)
def test_what_makes_no_city_is_refused_in_one_line(change, words):
    with pytest.raises(Refused, match=words):
        Listed(**{**GIVEN, **change})
