"""Weeks: counts of whole weeks that end on the day of a refit, each read once."""

from __future__ import annotations

import numpy as np

from loopsim.prediction.window import recipe

WEEK = 7


class Weeks:
    """Weekly counts of one input, kept between refits.

    A refit every 7 days reads one new week; a refit at another interval finds its weeks
    again where the interval divides them, and reads the others.

    Parameters
    ----------
    kept : dict in the run's notes
    """

    def __init__(self, kept: dict):
        self.kept = kept

    def read(self, evidence, weeks: int) -> np.ndarray:
        """(weeks, R, n) counts, the newest week first.

        **Special cases**
        A week before the first record counts 0. Evidence that forgets with time, or that is
        shown by other rules than before, is read anew.
        """
        rules, today = recipe(evidence), evidence.today
        if self.kept.get("rules") != rules or evidence.forget_per_day:
            self.kept.clear()
            self.kept["rules"], self.kept["ends"] = rules, {}
        ends = self.kept["ends"]
        for w in range(weeks):
            if today - WEEK * w not in ends:
                ends[today - WEEK * w] = evidence.counts(WEEK, ago=WEEK * w)
        for end in [e for e in ends if e <= today - WEEK * weeks]:
            del ends[end]
        return np.array([ends[today - WEEK * w] for w in range(weeks)])
