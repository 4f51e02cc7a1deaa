"""Same city, same crimes: whatever the police do, the same people offend at the same places.

Offences that victims always report stand in the event log one for one, with the day, the
cell, the type and the person; so the log of reports is the log of offences.
"""

from __future__ import annotations

import numpy as np
import pytest

from loopsim.study.config import catalogue

ROOMS = ("prediction", "allocation", "remedy")
# Everything about offending that may be switched on and that police cannot change.
LIVELY = ("log=true", "world.journey_m=300", "world.near_repeat=0.2", "world.venue_pull=0.1")
TYPES = ("violence_with_injury", "violence_without_injury", "robbery", "burglary", "theft_and_vehicle_crime",
         "public_order", "drug_trafficking")  # fmt: skip
REPORTED = tuple(f"world.offences.{name}.reported=1" for name in TYPES)


@pytest.fixture
def offence_log(open_loop, setup):
    """A function: overrides -> per replicate every offence, and how many lie before day 0."""

    def live(*overrides, first=0):
        loop = open_loop(setup(*LIVELY, *REPORTED, *overrides))
        for turn in loop.run(21):
            happened = turn.truth.offences.sum()
        kinds = loop.ledger.kinds
        logs = [loop.ledger.events(r, first, 21) for r in range(3)]
        reports = [kinds.of_channel("report")[log["kind"]] for log in logs]
        columns = ("day", "cell", "kind", "person")
        found = [
            np.column_stack([log[c][seen] for c in columns]) for log, seen in zip(logs, reports, strict=True)
        ]
        assert sum((log[:, 0] >= 14).sum() for log in found) == happened  # every offence is in the log
        return found

    return live


@pytest.fixture
def usual(offence_log):
    """The offences under kernel density and top cells."""
    return offence_log()


def assert_same(one, two):
    assert min(map(len, one)) > 20
    for a, b in zip(one, two, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    ("room", "name"),
    [(room, name) for room in ROOMS for name in catalogue.options(room, catalogue.folders())],
)
def test_no_stage_of_the_police_changes_an_offence(room, name, usual, offence_log):
    assert_same(usual, offence_log(f"{room}={name}"))


@pytest.mark.parametrize("bias", ["bias.level=1", "bias.level=10", "bias.level=0.2", "bias.where=north_west"])
def test_no_bias_of_the_past_changes_an_offence_not_even_in_the_past(bias, offence_log):
    assert_same(offence_log(first=-365), offence_log(bias, first=-365))


@pytest.mark.parametrize("world", ["world.stop_rate=3", "world.intelligence=1", "world.label_effect=4"])
def test_no_way_of_recording_changes_an_offence(world, usual, offence_log):
    assert_same(usual, offence_log(world))


def test_feedback_changes_no_offence(usual, offence_log):
    assert_same(usual, offence_log("feedback=false"))


def test_another_seed_has_other_offences(usual, offence_log):
    assert not np.array_equal(usual[0], offence_log("seed=2")[0])


def test_where_few_report_the_truth_is_still_the_same(life):
    one, two = (life(f"prediction={p}", f"bias.level={b}") for p, b in (("kde", 2), ("uniform", 1)))
    for a, b in zip(one, two, strict=True):
        np.testing.assert_array_equal(a.offences, b.offences)
        np.testing.assert_array_equal(a.by_group, b.by_group)
