"""The arithmetic of the Southend pilot: a rota of 8 of 20 hotspots, and its accuracy indices."""

from __future__ import annotations

import numpy as np

from loopsim.measures.accuracy import pai
from loopsim.validation.arm import the_arm, turns
from loopsim.validation.judge import exact, mean


def measure(case, size) -> dict:
    """Place-days with and without patrol, counted from the plan; PAI from the published shares."""
    given = case.given
    arm = the_arm([
        "city.rows=30", "city.cols=30", "city.residents=9000", "history_days=90", "prediction.window_days=90",
        "allocation=rota", f"allocation.k={given['hotspots']}", f"allocation.m={given['a_day']}",
        "allocation.budget=20", f"days={given['days']}", f"refit_days={given['days']}",
    ])  # fmt: skip
    sent = next(turns(arm, size.of(16, 4))).plan > 0
    treated = sent.sum(axis=(1, 2))
    places = sent.any(axis=1).sum(axis=1)
    return {
        "treatment": mean(treated),
        "control": mean(places * given["days"] - treated),
        "hotspots": mean(places),
        "pai_harm": exact(pai(given["harm"], 1.0, given["area"], 1.0)),
        "pai_count": exact(pai(given["violence"], 1.0, given["area"], 1.0)),
        "least_days": mean(np.sort(sent.sum(axis=1), axis=1)[:, -given["hotspots"]] > 0),
    }
