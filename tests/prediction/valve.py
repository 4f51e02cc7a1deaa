"""Which input of a predictor closes the loop: the same past, with and without one patrol's records."""

import numpy as np
from conftest import a_grid, a_ledger, a_now, write


def closed_and_opened(predictor, days=70, weights=None):
    """Largest change of the risk when patrol writes 40 more records in one cell yesterday.

    Returns (relative change when shown everything, change when shown victim reports only).
    """
    grid = a_grid(6, 8)
    risks = []
    for extra in (0, 40):
        ledger = a_ledger(grid, days=days)
        patrol_writes(ledger, extra)
        for shown in (lambda evidence: evidence, lambda evidence: evidence.only_reports()):
            now = a_now(grid, ledger, weights=weights)
            now.evidence = shown(now.evidence)
            risks.append(predictor(now.evidence, now))
    less, less_reports, more, more_reports = risks
    return np.abs(more - less).max() / less.max(), np.abs(more_reports - less_reports).max()


def patrol_writes(ledger, extra, cell=20):
    """One more day in which patrol discovers, stops and logs in one cell, and nothing else happens."""
    page = ledger.blank_page(ledger.today, 1, max(extra, 1))
    written = (("discovery", "drug_trafficking"), ("stop", "stop"), ("intelligence", "intelligence"))
    kinds = [ledger.kinds.index(*kind) for kind in written]
    columns = {"day": np.zeros(extra, int), "cell": np.full(extra, cell), "patrol": np.ones(extra)}
    for r in range(ledger.replicates):
        write(page, r, kind=np.resize(kinds, extra), **columns)
    ledger.add(page)
