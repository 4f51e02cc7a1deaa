"""The dark figure: offences that never enter the ledger."""

from __future__ import annotations

import numpy as np

from loopsim.measures.rates import share


def dark_figure(offences, recorded):
    """Share of offences that were neither reported nor discovered; NaN without offences.

    **Special cases**: nothing recorded is 1; everything recorded is 0.
    """
    return share(np.asarray(offences, float) - np.asarray(recorded, float), offences)


def thirds(deprivation, residents):
    """(n,) int 0 least .. 2 most deprived third of the residents; -1 in empty cells.

    Parameters
    ----------
    deprivation : (n,) float, 0 least .. 1 most
    residents : (n,) int, people by cell
    """
    order = np.argsort(deprivation, kind="stable")
    before = np.cumsum(residents[order]) - 0.5 * residents[order]
    third = np.empty(deprivation.size, np.int64)
    third[order] = np.minimum(3 * before / max(residents.sum(), 1), 2).astype(np.int64)
    return np.where(residents > 0, third, -1)
