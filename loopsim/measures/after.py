"""After: what is left of a disparity once something has been changed on a day.

L is a log disparity over time, (T, m): days by bootstrap draws, replicates or one value.
"""

from __future__ import annotations

import numpy as np


def what_is_left(disparity):
    """(T, m) share of the first row's disparity that is left; NaN where the first row is 0.

    **Special cases**: 1 on the day of the change; a disparity that turned round is below 0.
    """
    first = disparity[:1]
    return np.divide(disparity, first, out=np.full(disparity.shape, np.nan), where=first != 0)


def halving_time(left, days):
    """(m,) days from the first row until half is left, by straight lines; inf if that never comes.

    Parameters
    ----------
    left : (T, m) share left, 1 in the first row
    days : (T,) days of the rows

    **Special cases**: NaN where the share is not defined.
    """
    days = np.asarray(days, float) - days[0]
    half = left <= 0.5
    row = np.argmax(half, axis=0)
    column = np.arange(left.shape[1])
    after, before = left[row, column], left[np.maximum(row - 1, 0), column]
    fall = np.where(before > after, before - after, 1.0)
    part = np.where(before > after, (before - 0.5) / fall, 1.0)
    when = days[np.maximum(row - 1, 0)] + part * (days[row] - days[np.maximum(row - 1, 0)])
    when = np.where(half.any(axis=0), when, np.inf)
    return np.where(np.isnan(left).any(axis=0), np.nan, when)
