"""Shapley: what each of a few causes contributes to an outcome, exactly.

Shapley (1953), equation 13: the mean, over all orders of arrival, of what a cause adds when
it joins those that came before it.
"""

from __future__ import annotations

from math import factorial

import numpy as np


def coalitions(causes: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Every set of causes; entry m holds the causes whose bits are set in m."""
    return [tuple(c for i, c in enumerate(causes) if m >> i & 1) for m in range(1 << len(causes))]


def shapley(values):
    """(n, m) contribution of each cause.

    Parameters
    ----------
    values : (2**n, m) outcome under each set of causes, in the order of `coalitions`; m
        columns (bootstrap draws, replicates) are attributed each by itself

    **Special cases**

    - The contributions sum to the outcome of all causes minus that of none.
    - A cause that never changes the outcome contributes 0.
    - Where causes add up, each contributes what it adds.
    """
    values = np.asarray(values, float)
    n = values.shape[0].bit_length() - 1
    if values.shape[0] != 1 << n:
        raise ValueError(f"values must have 2**n rows, got {values.shape[0]}")
    out = np.zeros((n, values.shape[1]))
    for m in range(1 << n):
        size = m.bit_count()
        for i in range(n):
            if not m >> i & 1:
                weight = factorial(size) * factorial(n - size - 1) / factorial(n)
                out[i] += weight * (values[m | 1 << i] - values[m])
    return out
