"""Philox4x32-10 against the vectors its authors published (Random123, kat_vectors)."""

from __future__ import annotations

import numpy as np
import pytest

from loopsim.philox import ALLOCATION, OFFENCE, Dice, fill, philox

KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "words"), KNOWN)
def test_philox_gives_the_published_words(counter, key, words):
    assert tuple(map(int, philox.py_func(*map(np.uint32, counter + key)))) == words
    columns = [np.empty(1, np.uint32) for _ in words]
    fill(*map(np.uint32, counter + key), *columns)
    assert tuple(int(c[0]) for c in columns) == words


def test_a_draw_depends_on_its_own_replicate_alone():
    many = Dice(7, np.arange(5, dtype=np.uint32)).uniform(9, day=-3, stream=ALLOCATION)
    one = Dice(7, np.array([3], np.uint32)).uniform(9, day=-3, stream=ALLOCATION)
    assert np.array_equal(many[3], one[0])


@pytest.mark.parametrize("other", [{"day": 1}, {"stream": OFFENCE}, {"sub": 1}])
def test_a_draw_changes_with_every_part_of_its_address(other):
    dice = Dice(7, np.arange(2, dtype=np.uint32))
    address = {"day": 0, "stream": ALLOCATION, "sub": 0}
    assert not np.array_equal(dice.uniform(4, **address), dice.uniform(4, **address | other))


def test_uniforms_lie_in_the_unit_interval_and_are_even():
    u = Dice(1, np.arange(4, dtype=np.uint32)).uniform(10_000, day=0, stream=ALLOCATION)
    assert u.min() >= 0
    assert u.max() < 1
    assert abs(u.mean() - 0.5) < 4 * np.sqrt(1 / 12 / u.size)
