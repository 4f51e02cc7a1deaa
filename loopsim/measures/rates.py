"""Rates: counts per 1,000 residents a year, and shares of counts; 0 / 0 is NaN, never a number."""

from __future__ import annotations

import numpy as np

YEAR = 365.0  # days


def share(part, whole):
    """part / whole, NaN where the whole is 0."""
    part, whole = np.broadcast_arrays(np.asarray(part, float), np.asarray(whole, float))
    return np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole != 0)


def per_1000(count, people, days):
    """Count per 1,000 people a year; NaN for a group of nobody."""
    return share(1000.0 * YEAR * np.asarray(count, float), np.asarray(people, float) * days)


def nfa_rate(nothing_found, found):
    """Share of stops that ended in no further action."""
    return share(nothing_found, np.asarray(nothing_found) + np.asarray(found))


def find_rate(nothing_found, found):
    """Share of stops that found something: equal for all groups unless the bar differs."""
    return share(found, np.asarray(nothing_found) + np.asarray(found))
