"""Found: what the bandits remember, patrol made in each cell and what it brought to light."""

from __future__ import annotations

import numpy as np

from loopsim.stages import Now


def memory(name: str, risk: np.ndarray, now: Now) -> dict:
    """What a bandit has learnt so far, brought up to this morning; kept in `now.notes`.

    Returns a dict of `start` (the risk of its first morning), `found` (R, n) records that
    patrol brought to light since then, `hours` and `visits` (R, n) the patrol it took (a visit
    is a day with patrol; the loop leaves the plan that was carried out in `now.notes`), and
    `known`, the first day that is not yet counted. Where feedback is cut nothing is added.
    """
    kept = now.notes.get(name)
    if kept is None:
        found, hours, visits = (np.zeros(risk.shape) for _ in range(3))
        kept = {"start": risk.copy(), "found": found, "hours": hours, "visits": visits, "known": now.day}
        now.notes[name] = kept
    days, plan = now.day - kept["known"], now.notes.get("plan")
    if days > 0 and plan is not None and now.evidence.today == now.day:
        kept["found"] += now.evidence.without("report").counts(days)
        kept["hours"] += plan.sum(axis=1)
        kept["visits"] += (plan > 0).sum(axis=1)
        kept["known"] = now.day
    return kept
