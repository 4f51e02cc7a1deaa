"""Deterrence: how much fewer offences happen where patrols go, on the same would-be offences."""

from __future__ import annotations

import numpy as np

from loopsim.validation.arm import the_arm, turns
from loopsim.validation.judge import statistic


def measure(case, size) -> dict:
    """1 - offences in patrolled cells with deterrence / the same cells and days without."""
    given, replicates = case.given, size.of(48, 12)
    kappas = {row.name: row.given["kappa"] for row in case.rows}
    without = _in_boxes(given, 0.0, replicates)
    return {
        name: statistic(
            np.column_stack([_in_boxes(given, k, replicates), without]), lambda m: 1 - m[:, 0] / m[:, 1]
        )
        for name, k in kappas.items()
    }


def _in_boxes(given, kappa, replicates) -> np.ndarray:
    """(R,) offences in the patrolled cells; the model keeps its first boxes, so they are the same."""
    arm = the_arm([
        "city.rows=30", "city.cols=30", "city.residents=18000", "history_days=180", "feedback=false",
        "prediction=predpol", "prediction.window_days=180", "allocation=top_cells", f"allocation.k={given['boxes']}",
        f"allocation.budget={given['boxes'] * given['hours']}", f"world.deterrence={kappa}",
        f"world.deterrence_half_life_days={given['half_life']}", f"days={given['days']}", "refit_days=30",
    ])  # fmt: skip
    found = np.zeros(replicates)
    for turn in turns(arm, replicates):
        found += (turn.truth.offences * (turn.plan[:, 0] > 0)).sum(axis=1)
    return found
