"""Segregation: how much of the disparity is that of living apart?

Question. How does the disparity of patrol grow with the dissimilarity index of the groups,
and does deprivation stand in for group?

Design. `configs/scenario/segregation.yaml`: nine kinds of city from dissimilarity 0.1 to 0.9,
the shuffled city as the null; reporting that falls with deprivation, biased and not; and a model
that is shown deprivation alone. Of each kind 16 cities are drawn (`city.seed` is swept). Answers:
how far apart the groups live, the disparity of the first and the last plan, how far cities lie
from each other, and growth. A city counts once, whatever its replicates: intervals are over cities.

Expected. More apart, more disparity; hardly any in the shuffled city. Deprivation stands in for
group as far as the two go together.

Result. Written by each run to results/segregation/answers.csv, with the whole sweep beside it;
see docs/answers.md.

    python experiments/segregation.py replicates=4
"""

from __future__ import annotations

import hydra
import numpy as np

from loopsim.measures import compounding as growth
from loopsim.measures.intervals import mean_interval
from loopsim.study.answers import answers, experiment
from loopsim.study.answers import words as say
from loopsim.study.compose import compose
from loopsim.study.manifest import about_city

CITY = "city.seed"
SWEPT = [f"{CITY}=range(1,17)"]
OF_CITY = ("dissimilarity", "deprivation_correlation")
FIGURES = ("apart",)  # of docs/answers.md


def rows(result, towns: dict) -> list[tuple]:
    """What cities of one kind have in common: of every arm, with intervals over cities.

    Parameters
    ----------
    towns : (city, arm) -> what `about_city` says of it
    """
    pair, table = f"{result.groups[1]}/{result.groups[0]}", []
    cities = result.swept[CITY]
    for arm in result.arms:
        series = [result.at({CITY: c}, arm, "patrol_disparity", pair) for c in cities]
        first, last = (np.array([s[i]["mean"] for s in series]) for i in (0, -1))
        end = series[0][-1]["day"]
        side, _ = growth.direction(first.mean(), *mean_interval(first + last)[1:])
        told = [(0, name, [towns[c, arm][pair][name] for c in cities]) for name in OF_CITY]
        told += [(0, "patrol_disparity", first), (end, "patrol_disparity", last)]
        told += [(end, "compounding", side * (last - first))]
        table += [("", arm, day, name, pair, *over_cities(values), len(cities)) for day, name, values in told]
        spread = last.std(ddof=1) if last.size > 1 else float("nan")
        table.append(("", arm, end, "spread_between_cities", pair, spread, *[float("nan")] * 2, len(cities)))
    return table


def over_cities(values) -> tuple[float, float, float]:
    """Mean with its interval; one city, or cities that are alike to the last digit, have none."""
    mean, low, high = map(float, mean_interval(values))
    return mean, low, high


def townships(cities, lines) -> dict:
    """(city, arm) -> how far apart its groups live, and how deprivation follows them."""
    found = {}
    for c in cities:
        study = compose([*lines, f"{CITY}={c}"], scenario="segregation")
        for arm, setup in study.setups.items():
            found[c, arm] = about_city(setup.city.build(setup.run.seed))
    return found


def told(found, about) -> list[str]:
    """The ends of the line, the null, and deprivation."""
    line = sorted(say.pick(found, measure="dissimilarity"), key=lambda r: r.mean)
    line = [r for r in line if r.arm.startswith("apart")]
    ends = [f"at {r.mean:.2f} it is {say.times(_plan(found, r.arm, 0))} at the first plan and {say.times(_plan(found, r.arm, -1))} "
            f"at the last" for r in (line[0], line[-1])] if line else []  # fmt: skip
    grown = [r.arm for r in line if say.side(say.last(found, arm=r.arm, measure="compounding")) == "above"]
    head = f"With the dissimilarity index the disparity rises: {'; '.join(ends)}. " if _rises(found, line) else (
        f"The disparity of the first plan does not rise at every step of the dissimilarity index: {'; '.join(ends)}. ")  # fmt: skip
    head += f"Growth since the first plan is beyond its interval in {say.listed(map(say.arm, grown))}."
    rest = [
        f"{say.arm(a)} {say.times(_plan(found, a, 0))}, then {say.times(_plan(found, a, -1))}"
        for a in say.each(found, "arm") if not a.startswith("apart")
    ]  # fmt: skip
    names = (
        "arm", "dissimilarity", "deprivation with group, correlation", "first plan", "last plan", "grown",
        "spread between cities, log",
    )  # fmt: skip
    lines = [
        (
            say.arm(a),
            *(say.number(say.last(found, arm=a, measure=m).mean) for m in OF_CITY),
            *(say.times(_plan(found, a, i)) for i in (0, -1)),
            say.times(say.last(found, arm=a, measure="compounding")),
            say.plain(say.last(found, arm=a, measure="spread_between_cities")),
        )
        for a in say.each(found, "arm")
    ]
    beside = f"Beside them, first and last plan: {'; '.join(rest)}. Intervals are over {found[0].replicates} cities of each kind."
    return [head, beside, "", *say.table(names, lines)]


def _plan(found, arm, which):
    plans = say.pick(found, arm=arm, measure="patrol_disparity")
    return sorted(plans, key=lambda r: r.day)[which]


def _rises(found, line) -> bool:
    firsts = [_plan(found, r.arm, 0).mean for r in line]
    return firsts == sorted(firsts)


@hydra.main(version_base="1.3", config_path=experiment.CONFIGS, config_name="experiment/segregation")
def main(config) -> None:
    """Sweep, answer, draw."""
    result = experiment.sweep("segregation", SWEPT)
    lines = [line for line in experiment.overrides("segregation") if not line.startswith(f"{CITY}=")]
    found = rows(result, townships(result.swept[CITY], lines))
    answers.write(result, found, before=(CITY,))
    experiment.draw(result)
    for _, arm, day, measure, _, *value in found:
        print(f"{arm:28} day {day:5}  {measure:24} {experiment.said(value)}")


if __name__ == "__main__":
    main()
