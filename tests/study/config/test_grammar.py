"""Grammar: a plain number is read without Hydra's parser, and as Hydra reads it."""

from __future__ import annotations

import pytest

from loopsim.study.config import grammar

NUMBERS = [
    "0",
    "7",
    "-3",
    "-0",
    "10",
    "0.5",
    "-0.25",
    "0.50",
    "12.000001",
    "123456789012345678",
    "3.141592653589793",
]
OTHERS = ["007", "1_000", "1e3", ".5", "5.", "+5", "nan", "inf", "true", "null", "1.2.3", "'5'", "5 ", "1-2"]


@pytest.mark.parametrize("key", ["days", "city.rows", "world.hazard_multiplier.orange_2"])
@pytest.mark.parametrize("text", NUMBERS + OTHERS)
def test_a_number_is_what_hydra_says_it_is(key, text):
    ours, _ = grammar._parsed(f"{key}={text}")
    override, _ = grammar._read(f"{key}={text}")
    assert ours.key == override.key_or_group
    assert type(ours.value) is type(override.value())
    assert repr(ours.value) == repr(override.value())


@pytest.mark.parametrize("text", NUMBERS)
def test_a_plain_number_needs_no_parser(text, monkeypatch):
    monkeypatch.setattr(grammar, "_read", lambda line: pytest.fail(f"{line} was parsed"))
    assert grammar._parsed.__wrapped__(f"allocation.gamma={text}")[1] is None


@pytest.mark.parametrize("line", ["hydra.job=1", "hydra=1", "a._target_=1", "a@b=1", "a/b=1"])
def test_a_refusal_is_not_passed_by(line):
    assert grammar._parsed(line)[0] is None
