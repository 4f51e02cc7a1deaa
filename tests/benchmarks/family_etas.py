"""What PredPol costs: nanoseconds of learning per record and sweep, and a daily run of W1.

The daily run is set against the weekly KDE run twice: turning the loop alone, one replicate,
and as a user runs it.

The learning that is timed starts at the records of a year (10,000 in as many boxes, as dense
in places as crime is) and takes the 20 sweeps of the default configuration: sorting, both
first and last guesses and the state of every box are part of it.
"""

from __future__ import annotations

import tempfile
from types import SimpleNamespace

import numpy as np
from stopwatch import cpu, in_turns, ratio
from workloads import a_loop, overrides, the_arm, turn_all

from loopsim.prediction.etas import Sequence, excitation
from loopsim.prediction.predpol import Predpol
from loopsim.study.compose import compose
from loopsim.study.run import run

KEYS = (
    "etas_ns_per_event_iteration", "predpol_daily_vs_kde_weekly", "predpol_daily_run_vs_kde_weekly_run",
)  # fmt: skip
RECORDS, SIDE, DAYS, SWEEPS, REPEATS = 10_000, 100, 365, 20, 20
DAILY = ("refit_days=1", "prediction=predpol", "prediction.window_days=90")
MODEL = Predpol(
    window_days=DAYS, rewindow_days=180, background="cell", edge_correction=True, iterations=SWEEPS,
    tolerance=0.0, start_theta=0.5, start_omega=1.0, least_theta=0.0,
)  # fmt: skip


def a_year(i):
    """Records of a year in day order: `day` (negative), `cell`, `weight`."""
    rng = np.random.default_rng(i)
    density = rng.gamma(0.5, size=SIDE**2)
    cell = rng.choice(SIDE**2, RECORDS, p=density / density.sum()).astype(np.int32)
    return np.sort(rng.integers(-DAYS, 0, RECORDS)).astype(np.int32), cell, np.ones(RECORDS)


def learning(i):
    """CPU nanoseconds of a whole learning per record and sweep."""
    now = SimpleNamespace(day=0, notes={}, grid=SimpleNamespace(inside=np.ones(SIDE**2, bool)))
    years = [a_year(i * REPEATS + k) for k in range(REPEATS)]
    work = 0

    def learn():
        nonlocal work
        for day, cell, weight in years:
            seq = Sequence.of_days(day, cell, weight, DAYS, SIDE**2)
            fit = MODEL._fit(seq, DAYS, MODEL.start_theta, MODEL.start_omega, now)
            excitation(seq, fit.omega, SIDE**2)
            assert fit.sweeps == SWEEPS
            work += seq.cell.size * SWEEPS

    return cpu(learn) * 1e9 / work


def a_run(*extra):
    """CPU seconds of the 730 days of W1 with another model."""

    def job(i):
        loop = a_loop(the_arm(extra=extra), i)
        return cpu(lambda: turn_all(loop, 730))

    return job


def a_study(*extra):
    """CPU seconds of the same as a user runs it: city, history, turns, measures and files."""

    def job(i):
        with tempfile.TemporaryDirectory() as folder:
            study = compose([*overrides(extra=extra), f"seed={i}", f"out={folder}/results"])
            return cpu(lambda: run(study))

    return job


def measure(keys, rounds: int) -> dict[str, float]:
    """The figures asked for."""
    found = {}
    if "etas_ns_per_event_iteration" in keys:
        found["etas_ns_per_event_iteration"] = float(
            np.median(in_turns({"learn": learning}, rounds)["learn"])
        )
    if "predpol_daily_vs_kde_weekly" in keys:
        taken = in_turns({"daily": a_run(*DAILY), "weekly": a_run()}, rounds)
        found["predpol_daily_vs_kde_weekly"] = ratio(taken, "daily", "weekly")
    if "predpol_daily_run_vs_kde_weekly_run" in keys:
        taken = in_turns({"daily": a_study(*DAILY), "weekly": a_study()}, rounds)
        found["predpol_daily_run_vs_kde_weekly_run"] = ratio(taken, "daily", "weekly")
    return found
