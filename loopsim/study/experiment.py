"""Experiment: what the scripts in experiments/ share, so that each is its question and its answer.

A script is a plain `@hydra.main` program: Hydra reads its command line, `-m` and launchers
work as in any Hydra program, and loopsim composes, checks and runs. One job of a multirun
writes to `results/NAME/JOB`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import loopsim
from loopsim.study import answers
from loopsim.study.result import Result
from loopsim.study.sweep_result import SweepResult


def overrides(name: str) -> list[str]:
    """What the user wrote on the command line of a script, and where its results go."""
    from hydra.core.hydra_config import HydraConfig
    from hydra.types import RunMode

    job = HydraConfig.get()
    lines = list(job.overrides.task)
    if job.mode == RunMode.MULTIRUN and not any(line.startswith("out=") for line in lines):
        lines.append(f"out={Path('results') / name / str(job.job.num)}")
    return lines


def run(name: str) -> Result:
    """Run the scenario of an experiment with what the user wrote on the command line."""
    return loopsim.run(scenario=name, overrides=overrides(name), progress=True)


def sweep(name: str, swept: list[str]) -> SweepResult:
    """Sweep the scenario of an experiment; a key that the user set is not swept."""
    lines = overrides(name)
    own = {line.partition("=")[0] for line in lines}
    lines = [line for line in swept if line.partition("=")[0] not in own] + lines
    if "out" not in own and not any(line.startswith("out=") for line in lines):
        lines.append(f"out={Path('results') / name}")
    return loopsim.sweep(lines, scenario=name, progress=True)


def draw(result: SweepResult) -> None:
    """The figures and the page of a sweep, as `loopsim sweep` writes them."""
    from loopsim.study.sweep_show import show

    for line in show(result):
        print(f"loopsim: {line}", file=sys.stderr)


def said(value) -> str:
    """`mean [lo, hi]` of an interval, three digits; what has no value did not happen."""
    mean, lo, hi = value[:3]
    if mean != mean:
        return "not within the run"
    return f"{mean:.3g} [{lo:.3g}, {hi:.3g}]"


def first_and_last(result: Result, arm: str, pair: str) -> list[tuple]:
    """The disparity of the first and of the last plan of an arm, and its compounding."""
    size, table = result.manifest["replicates"], []
    for measure, which in (("patrol_disparity", (0, -1)), ("compounding", (-1,))):
        days = list(answers.of(result, measure, pair, arm=arm).items())
        table += [(arm, days[i][0], measure, pair, *days[i][1], size) for i in which]
    return table


def tell(result: Result, rows) -> None:
    """Print the answers, a line each, and the regime of every arm."""
    wide = max(len(row[0]) for row in rows)
    for arm, day, measure, group, *value in rows:
        print(f"{arm:{wide}}  day {day:5}  {measure:24} {group:14} {said(value)}")
    for arm in result.arms:
        for pair, verdict in result.verdict[arm].items():
            print(f"{arm:{wide}}  {pair}: {verdict['regime']}")
