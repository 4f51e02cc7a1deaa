"""Experiment: what the scripts in experiments/ share, so that each is its question and its answer.

A script is a plain `@hydra.main` program: Hydra reads its command line, `-m` and launchers
work as in any Hydra program, and loopsim composes, checks and runs. One job of a multirun
writes to `results/NAME/JOB`.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path

import loopsim
from loopsim.limits import Refused
from loopsim.study.answers import answers
from loopsim.study.config import catalogue
from loopsim.study.result import Result
from loopsim.study.sweep.result import SweepResult

CONFIGS = str(catalogue.shipped())  # for Hydra, wherever a script lies


def overrides(name: str) -> list[str]:
    """What the user wrote on the command line of a script, and where its results go."""
    from hydra.core.hydra_config import HydraConfig
    from hydra.types import RunMode

    job = HydraConfig.get()
    lines = list(job.overrides.task)
    if job.mode == RunMode.MULTIRUN and not any(line.startswith("out=") for line in lines):
        lines.append(f"out={Path('results') / name / str(job.job.num)}")
    return lines


@contextmanager
def refusing():
    """Bad input is a line each and exit code 2, as everywhere in loopsim."""
    try:
        yield
    except Refused as refused:
        for line in refused.lines:
            print(f"loopsim: {line}", file=sys.stderr)
        sys.exit(2)


def run(name: str) -> Result:
    """Run the scenario of an experiment with what the user wrote on the command line."""
    with refusing():
        return loopsim.run(scenario=name, overrides=overrides(name), progress=True)


def answer(name: str, rows) -> None:
    """Run an experiment, write the answers that `rows` makes of its result, draw and print them."""
    result = run(name)
    found = rows(result)
    answers.write(result, found)
    draw(result)
    tell(result, found)


def sweep(name: str, swept: list[str]) -> SweepResult:
    """Sweep the scenario of an experiment; a key that the user set has that value alone."""
    lines = overrides(name)
    own = {line.partition("=")[0] for line in lines}
    asked = {line.partition("=")[0] for line in swept}
    lines = [line for line in swept if line.partition("=")[0] not in own] + [
        _alone(line) if line.partition("=")[0] in asked else line for line in lines
    ]
    if "out" not in own and not any(line.startswith("out=") for line in lines):
        lines.append(f"out={Path('results') / name}")
    with refusing():
        return loopsim.sweep(lines, scenario=name, progress=True)


def _alone(line: str) -> str:
    """`key=value` as a sweep over one value, so that tables keep the column."""
    key, _, value = line.partition("=")
    return f"{key}=choice({value})"


def draw(result: Result | SweepResult) -> None:
    """The figures that answers add, and the page with them; a sweep has had no figures before."""
    from loopsim.study.sweep.show import add, show

    fresh = loopsim.load(result.path)
    for line in show(fresh) if isinstance(fresh, SweepResult) else add(fresh):
        print(f"loopsim: {line}", file=sys.stderr)


def said(value) -> str:
    """`mean [lo, hi]` of an interval, three digits; what did not happen has none."""
    mean, lo, hi = value[:3]
    if mean != mean:
        return "no value"
    return f"{mean:.3g}" if lo != lo and hi != hi else f"{mean:.3g} [{lo:.3g}, {hi:.3g}]"


def first_and_last(result: Result, arm: str, pair: str) -> list[tuple]:
    """The disparity of the first and of the last plan of an arm, and its compounding."""
    size, table = result.manifest["replicates"], []
    for measure, which in (("patrol_disparity", (0, -1)), ("compounding", (-1,))):
        days = list(answers.of(result, measure, pair, arm=arm).items())
        table += [(arm, days[i][0], measure, pair, *days[i][1], size) for i in which]
    return table


def ends(rows) -> dict[tuple, tuple]:
    """(arm, pair) -> the rows that `first_and_last` made: first plan, last plan, growth."""
    found: dict = {}
    for row in sorted(rows, key=lambda r: r.day):
        if row.measure in ("patrol_disparity", "compounding"):
            found.setdefault((row.arm, row.group), {}).setdefault(row.measure, []).append(row)
    return {
        k: (v["patrol_disparity"][0], v["patrol_disparity"][-1], v["compounding"][-1])
        for k, v in found.items()
    }


def tell(result: Result, rows) -> None:
    """Print the answers, a line each, and the regime of every arm."""
    wide = max(len(row[0]) for row in rows)
    for arm, day, measure, group, *value in rows:
        print(f"{arm:{wide}}  day {day:5}  {measure:24} {group:14} {said(value)}")
    for arm in result.arms:
        for pair, verdict in result.verdict[arm].items():
            print(f"{arm:{wide}}  {pair}: {verdict['regime']}")
