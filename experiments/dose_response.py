"""How much disparity does a dose of initial bias make, and does it grow?

Question. How does the disparity of patrol after 1, 2, 5 and 10 years depend on the bias of
the records at the start, by predictor and allocator, and from which bias on does it outgrow
the first plan?

Design. `configs/scenario/dose_response.yaml`: three predictors, each with top cells and with
proportional patrol, for ten years; here `bias.level` is swept over six doses on the same
crimes. Answers, an arm and a dose each: the disparity of patrol of the first plan and after
each of the years, and amplification (how many times it has grown since the first plan; 1 =
locked in); and for each arm the dose at which amplification crosses 1.

Expected. Top cells turn a small dose into a large disparity at once and hold it; proportional
patrol hands the dose on and lets it fade.

Result. Written by each run to results/dose_response/answers.csv, with the whole sweep beside
it; see docs/answers.md.

    python experiments/dose_response.py replicates=32

A key that is set on the command line is not swept; finished points are kept, so a run that
was stopped goes on when it is started again.
"""

from __future__ import annotations

import hydra

from loopsim.study.answers import answers, experiment
from loopsim.study.answers import words as say
from loopsim.study.answers.dose import crossing

DOSE = "bias.level"
SWEPT = [f"{DOSE}=1,1.25,1.5,2,3,4"]
YEARS = (1, 2, 5, 10)
MEASURES = ("patrol_disparity", "amplification")
FIGURES = ("dose_response", "amplification")  # of docs/answers.md


def rows(result) -> list[tuple]:
    """Disparity and amplification by dose and year, then where amplification crosses 1."""
    pair, last = f"{result.groups[1]}/{result.groups[0]}", result.manifest["days"]
    table = []
    for arm in result.arms:
        for dose in result.swept[DOSE]:
            for measure in MEASURES:
                found = {r["day"]: r for r in result.at({DOSE: dose}, arm, measure, pair)}
                ends = [min(found, key=lambda d: abs(d - 365 * y)) for y in YEARS if 365 * y <= last]
                for day in dict.fromkeys([min(found), *ends, max(found)]):
                    values = [found[day][k] for k in ("mean", "lo", "hi", "replicates")]
                    table.append((dose, arm, day, measure, pair, *values))
        table.append(
            ("", arm, last, "dose_where_amplification_crosses_1", pair, *crossing(result, DOSE, arm, pair))
        )
    return table


def told(found, about) -> list[str]:
    """Where amplification lies beside 1 in every case, then every case."""
    last = max(r.day for r in found)
    ends = [
        r
        for r in found
        if r.measure == "amplification" and r.day == max(d.day for d in found if d.measure == r.measure)
    ]
    biased = [r for r in ends if r.at[DOSE] > 1]
    head = (
        f"After the last plan (day {biased[0].day:,} of {last:,}) the interval of amplification lies above 1 in "
        f"{_cases(biased, 'above')} of {len(biased)} cases with a bias, below 1 in {_cases(biased, 'below')}, and holds 1 in "
        f"{_cases(biased, 'not settled')}. Intervals above 1: {_named(biased, 'above')}; below 1: {_named(biased, 'below')}."
    )
    days = sorted({r.day for r in found if r.measure == "patrol_disparity"})
    rows = [
        (say.arm(arm), f"{dose:g}", *(say.times(say.last(found, arm=arm, measure=MEASURES[0], day=day, **{DOSE: dose})) for day in days),
         say.plain(say.last(ends, arm=arm, **{DOSE: dose})))
        for arm in say.each(found, "arm") for dose in sorted({r.at[DOSE] for r in ends})
    ]  # fmt: skip
    crossed = [
        f"{say.arm(r.arm)} {say.plain(r)}" if r.mean == r.mean else f"{say.arm(r.arm)} nowhere between the doses"
        for r in found if r.measure.startswith("dose_where")
    ]  # fmt: skip
    lines = say.table(("arm", "dose", *(_when(day) for day in days), "amplification at the end"), rows)
    return [head, f"The dose at which amplification first crosses 1: {'; '.join(crossed)}.", "", *lines]


def _cases(rows, where) -> int:
    return sum(say.side(r, 1.0) == where for r in rows)


def _named(rows, where) -> str:
    chosen = [r for r in rows if say.side(r, 1.0) == where]
    return say.listed(
        f"{say.arm(a)} at {say.listed(f'{r.at[DOSE]:g}' for r in chosen if r.arm == a)}"
        for a in say.each(chosen, "arm")
    )


def _when(day: int) -> str:
    return "first plan" if day == 0 else f"day {day:,}"


@hydra.main(version_base="1.3", config_path=experiment.CONFIGS, config_name="experiment/dose_response")
def main(config) -> None:
    """Sweep, answer, draw."""
    result = experiment.sweep("dose_response", SWEPT)
    found = rows(result)
    answers.write(result, found, before=(DOSE,))
    experiment.draw(result)
    for dose, arm, day, measure, _, *value in found:
        print(f"{arm:22} {DOSE} {dose!s:5} day {day:5}  {measure:36} {experiment.said(value)}")


if __name__ == "__main__":
    main()
