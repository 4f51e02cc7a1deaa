"""The bench: all that a world works with, handed to its kernels as one thing.

Unpacking eighty arrays costs more than a day of a small town; the bench is unpacked once.
"""

from __future__ import annotations

from types import SimpleNamespace

import numba
from numba import njit, types
from numba.experimental import structref

PARTS = ("dose", "felt", "town", "chances", "law", "knobs", "waiting", "out", "scratch")


@structref.register
class BenchType(types.StructRef):
    """Its type: that of each part."""

    def preprocess_fields(self, fields):
        """No part is known by its value."""
        return tuple((name, types.unliteral(kind)) for name, kind in fields)


class Bench(structref.StructRefProxy):
    """Parts by name, arrays and tuples of arrays; only kernels look inside."""


structref.define_proxy(Bench, BenchType, PARTS)


@njit(cache=True, nogil=True)
def _lay_out(dose, felt, town, chances, law, knobs, waiting, out, scratch):
    return Bench(dose, felt, town, chances, law, knobs, waiting, out, scratch)


def lay_out(**parts):
    """A bench of these parts; they stay the arrays that they are."""
    if numba.config.DISABLE_JIT:
        return SimpleNamespace(**parts)
    return _lay_out(*(parts[name] for name in PARTS))
