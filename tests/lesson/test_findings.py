"""The lesson's words follow the numbers of the run, whichever way they fall."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pandas as pd
import pytest

from loopsim.lesson.findings import Findings, signed, value

NAN = float("nan")


def of(*, disparity=(0.5, 0.2, 0.8), regime="undetermined", share=(0.3, 0.4), replicates=6, extra=()):
    """Findings of an invented result with two plans, one pair and two arms."""
    rows = [
        ("loop", 0, "patrol_disparity", "orange/blue", 0.0, 0.0, 0.0, replicates),
        ("loop", 21, "patrol_disparity", "orange/blue", *disparity, replicates),
        ("loop", 28, "amplification", "orange/blue", 1.2, 0.9, 1.5, replicates),
        *(
            (arm, 21, "patrol_share", "orange", s, s, s, replicates)
            for arm, s in zip(("loop", "other"), share, strict=True)
        ),
        *extra,
    ]
    metrics = [
        (arm, r, 21, "patrol_share", "orange", s + 0.001 * r * (arm == "other"))
        for arm, s in zip(("loop", "other"), share, strict=True)
        for r in range(replicates)
    ]
    columns = ["arm", "replicate", "day", "measure", "group", "value"]
    return Findings(
        SimpleNamespace(
            groups=["blue", "orange"],
            summary_rows=rows,
            verdict={"loop": {"orange/blue": {"regime": regime}}},
            metrics=lambda: pd.DataFrame(metrics, columns=columns),
        )
    )


@pytest.mark.parametrize(
    ("disparity", "told"),
    [
        ((0.5, 0.2, 0.8), "The interval lies above 1: orange residents get more patrol per head."),
        ((-0.5, -0.8, -0.2), "The interval lies below 1: orange residents get less patrol per head."),
        ((0.5, -0.2, 0.8), "The interval includes 1, so this run does not show that either group gets more."),
        ((0.0, 0.0, 0.0), "That is exactly equal."),
        ((0.5, NAN, NAN), "One replicate cannot tell chance from effect."),
    ],
)
def test_harm_is_told_only_where_the_interval_shows_it(disparity, told):
    assert of(disparity=disparity).uneven("loop") == told


@pytest.mark.parametrize(
    ("regime", "begins"),
    [
        ("fades", "It faded"),
        ("compounds", "It compounded"),
        ("locks in", "It stayed"),
        ("runs away", "It ran away"),
        ("no disparity", "There was none to grow or to fade"),
        ("undetermined", "The run does not settle it"),
    ],
)
def test_what_became_of_the_disparity_is_the_verdict_of_the_run(regime, begins):
    told = of(regime=regime).growth()
    assert told.startswith(begins)
    assert "1.20 (95 % interval 0.90 to 1.50)" in told


def test_a_ratio_is_the_exponential_of_the_log_in_the_table():
    assert of().ratio("loop") == (
        f"{math.exp(0.5):.2f} times (95 % interval {math.exp(0.2):.2f} to {math.exp(0.8):.2f})"
    )
    assert of().ratio("loop", 20).startswith("1.00 times")


def test_two_arms_are_compared_replicate_by_replicate():
    told = of(share=(0.3, 0.4)).against("loop", "other")
    assert told.startswith("30.0 % and 40.0 %, a difference of +10.3 percentage points (95 % interval +")
    assert told.endswith(": more patrol on orange residents)")
    assert of(share=(0.4, 0.3)).against("loop", "other").endswith(": less patrol on orange residents)")
    assert "does not settle" in of(share=(0.3, 0.2975)).against("loop", "other")


def test_a_belief_that_lives_on_is_said_to_live_on():
    left = ("ban", 21, "belief_after_ban", "orange/blue", 0.8, 0.6, 1.0, 6)
    assert of(extra=(left,)).belief("ban") == (
        "At the end, 80 % (95 % interval 60 to 100) of it is left. Half of it was not gone within the run."
    )
    half = ("ban", 7, "belief_half_life_after", "orange/blue", 90.0, 60.0, NAN, 6)
    assert "gone after 90 days (95 % interval at least 60)" in of(extra=(left, half)).belief("ban")
    assert of().belief("ban") == "This run did not measure what is left of the belief."


def test_a_value_without_an_interval_says_so():
    assert value((2.0, NAN, NAN), 1) == "2.0 (one replicate: no interval)"
    assert value(None, 1) == "-"
    assert signed(-1.25) == "\N{MINUS SIGN}1.2" and signed(2) == "+2.0"
