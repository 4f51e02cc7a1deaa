"""Precision: the share of flagged squares in which at least one event is recorded in four weeks."""

from __future__ import annotations

from loopsim.validation.arm import the_arm, turns
from loopsim.validation.judge import mean


def measure(case, size) -> dict:
    """Precision of a model of the records, of one that knows every true rate, and events a flagged square."""
    given, replicates, found = case.given, size.of(96, 24), {}
    for name, model in (("model", "count"), ("truth", "population")):
        counts, flagged = _four_weeks(given, model, replicates)
        found[name] = mean(((counts > 0) & flagged).sum(axis=1) / flagged.sum(axis=1))
        found[f"{name}_events"] = mean((counts * flagged).sum(axis=1) / flagged.sum(axis=1))
    return found


def _four_weeks(given, model, replicates):
    """(R, n) recorded events in the four weeks after the forecast, and (R, n) which squares it flagged."""
    offence = f"true_rate: {given['rate']}, reported: 1, discovered: 0, harm_days: 365, police_found: false"
    window = ["prediction.window_days=728"] if model == "count" else []
    arm = the_arm([
        "city.rows=30", "city.cols=30", "city.cell_m=1000", "city.residents=900000", "city.density_sd=0.5",
        "city.density_m=8000", "city.smoothness_m=3000", f"world.offences={{injury: {{{offence}}}}}", "world.carried={}",
        "world.stop_rate=0", "world.intelligence=0", "bias.level=1", "history_days=728", f"prediction={model}", *window,
        "allocation=top_cells", f"allocation.k={given['flagged']}", "allocation.budget=320", "days=28", "refit_days=28",
    ])  # fmt: skip
    turn = next(turns(arm, replicates))
    return turn.truth.offences.copy(), turn.plan[:, 0] > 0
