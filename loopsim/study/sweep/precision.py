"""Precision: more replicates until the interval of a measure is narrow enough."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from loopsim.limits import Refused, nearest
from loopsim.measures import intervals
from loopsim.measures.glossary import MEASURES

MOST = 1024  # replicates, unless told otherwise
LEAST = 8  # replicates from which an interval is believed


@dataclass(frozen=True, kw_only=True)
class Precision:
    """How narrow the interval of a measure must be on its last day, in every arm and group.

    Replicate r is the same whatever the number of replicates, so a point that needs more
    continues from where it was.

    Parameters
    ----------
    width : float, hi - lo at most
    measure : str, a name of the glossary
    most : int, replicates at which a point stops all the same
    """

    width: float
    measure: str
    most: int

    @classmethod
    def of(cls, width, measure: str | None, most: int | None) -> Precision | None:
        """Checked; None where no width is asked for."""
        if width is None:
            if measure or most:
                raise Refused("--measure and --most go with --precision WIDTH")
            return None
        measure, most = measure or "patrol_disparity", MOST if most is None else most
        if not (0 < width < math.inf):
            raise Refused(f"--precision must be > 0, got {width}; it is the width of an interval")
        if measure not in MEASURES:
            raise Refused(f"--measure: no measure {measure}: {nearest(measure, MEASURES)}")
        if most < LEAST:
            raise Refused(f"--most must be a whole number >= {LEAST}, got {most}")
        return cls(width=float(width), measure=measure, most=most)

    def next(self, found: dict, done: int) -> tuple[int, float | None]:
        """How many replicates to have next (`done` = enough), and the widest interval so far."""
        widest = max((w for one in found.values() for w in self._widths(one)), default=None)
        if done < LEAST:
            return min(LEAST, self.most), widest
        if widest is None or widest <= self.width:
            return done, widest
        # Widths fall with the root of the number; never more than fourfold on one guess.
        wanted = math.ceil(done * min(4.0, 1.05 * (widest / self.width) ** 2))
        return max(done, min(self.most, max(wanted, done + 4))), widest

    def _widths(self, estimates):
        """Width of the interval of each group on its last day."""
        last = {}
        for day, measure, group in estimates.keys:
            if measure == self.measure:
                last[group] = max(day, last.get(group, day))
        rows = estimates.kept({(day, self.measure, group) for group, day in last.items()})
        if not rows.keys:
            return
        low, high = intervals.limits(np.ascontiguousarray(rows.draws.T), rows.values.shape[1])
        yield from (float(w) for w in high - low if np.isfinite(w))
