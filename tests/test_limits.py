"""Limits: a field says what it may be, and a stage is refused with all its faults at once."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from loopsim.limits import Refused, choice, nearest, number, problems, validate, words

NAN, INF = float("nan"), float("inf")


@dataclass(frozen=True, kw_only=True)
class Thing:
    """A stage with a field of each sort."""

    width: float = number(above=0, at_most=10, unit="m")
    count: int = number(at_least=1, at_most=4_294_967_295)
    rest: float | None = number(at_least=0, below=1, optional=True)
    colour: str = choice("red", "green")
    on: bool = words()
    note: str = words()


GOOD = dict(width=1.0, count=2, rest=None, colour="red", on=True, note="")


def refusal(**changes) -> list[str]:
    thing = Thing(**{**GOOD, **changes})
    with pytest.raises(Refused) as refused:
        validate(thing, room="room")
    return refused.value.lines


def test_a_good_stage_has_no_faults():
    assert problems(Thing(**GOOD), room="room") == []


@pytest.mark.parametrize("width", [1e-9, 10, 10.0])
def test_the_ends_of_a_range_belong_to_it_as_declared(width):
    assert problems(Thing(**{**GOOD, "width": width}), room="room") == []


@pytest.mark.parametrize("width", [0, -1.0, 10.0001, NAN, INF, -INF, "wide", True, [1.0]])
def test_what_is_not_a_number_of_the_range_is_refused(width):
    assert refusal(width=width) == [f"room.width must be > 0 and <= 10 m, got {width}; set room.width"]


@pytest.mark.parametrize("count", [0, 1.5, 2.0, NAN, "two", True, 2**32])
def test_a_whole_number_is_whole_and_its_limits_are_told_in_full(count):
    said = f"room.count must be a whole number >= 1 and <= 4294967295, got {count}; set room.count"
    assert refusal(count=count) == [said]


def test_below_leaves_out_its_end():
    assert refusal(rest=1.0) == ["room.rest must be >= 0 and < 1, got 1.0; set room.rest"]


def test_only_an_optional_field_may_be_missing():
    assert refusal(width=None, rest=None) == ["room.width must be given, got null; set room.width"]


def test_a_mistyped_word_is_refused_with_the_nearest():
    said = "room.colour must be one of red, green, got gren (did you mean green?); set room.colour"
    assert refusal(colour="gren") == [said]
    assert refusal(colour="blue") == ["room.colour must be one of red, green, got blue; set room.colour"]


@pytest.mark.parametrize("on", [1, 0, "yes", 0.5])
def test_true_or_false_is_neither_a_number_nor_a_word(on):
    assert refusal(on=on) == [f"room.on must be true or false, got {on}; set room.on"]


def test_all_faults_are_told_at_once():
    keys = [line.split()[0] for line in refusal(width=NAN, count=0, rest=7.0, colour="blue", on=3)]
    assert keys == ["room.width", "room.count", "room.rest", "room.colour", "room.on"]


def test_a_stages_own_rules_are_told_where_every_number_is_in_range():
    with pytest.raises(Refused) as refused:
        validate(Thing(**GOOD), room="room", extra=["width and count do not go together"])
    assert refused.value.lines == ["width and count do not go together"]


def test_the_room_is_read_off_the_module():
    from loopsim.prediction.count import Count

    with pytest.raises(Refused, match=r"^prediction\.window_days must be"):
        Count(window_days=0)


def test_the_nearest_word_is_named_or_all_that_are_allowed():
    assert nearest("kd", ["kde", "count"]) == "did you mean kde?"
    assert nearest("xyzzy", ["kde", "count"]) == "allowed: count, kde"
    assert nearest("xyzzy", map(str, range(100))) == "see loopsim list"


def test_a_stage_of_another_package_is_refused_under_the_section_it_is_set_in():
    """Whatever its module is called, a file of its own included."""
    from loopsim.study.config.schema import typed

    foreign = type("Hunch", (Hunch,), {"__module__": "hunch"})
    with pytest.raises(Refused, match=r"^prediction.window must be >= 1, got 0.0; set prediction.window$"):
        typed("prediction", foreign, {"window": 0.0})
    with pytest.raises(Refused, match="^window must be"):
        foreign(window=0.0)


@dataclass(frozen=True, kw_only=True)
class Hunch:
    """A stage that checks itself."""

    window: float = number(at_least=1)

    def __post_init__(self):
        validate(self)
