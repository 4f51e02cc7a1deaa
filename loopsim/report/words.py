"""Words: the headline and the steps of the loop, each with its number."""

from __future__ import annotations

import math

from loopsim.charts.paper.facts import Facts
from loopsim.charts.paper.words import alike, number, ratio

GROWTH = {
    "fades": "It fades: at the model's first plan it was {first}.",
    "locks in": "It stays about where the model's first plan put it, at {first}.",
    "compounds": "The loop made it grow: at the model's first plan it was {first}.",
    "runs away": "It ran away from {first} at the first plan: a vanishing number of places takes all patrol.",
    "no disparity": "That is no disparity, nor was there one at the model's first plan: {first}.",
    "undetermined": "At the model's first plan it was {first}; whether the loop made it grow, these replicates cannot settle.",
}


def duration(days: int) -> str:
    """Days as a reader says them."""
    if days < 120:
        return f"{days} days"
    if days < 700:
        return f"{round(days / 30.4)} months"
    years = days / 365
    return f"{round(years)} years" if abs(years - round(years)) < 0.05 else f"{years:.1f} years"


def headline(result) -> str:
    """The result in one sentence, with its number and interval."""
    facts = Facts.of(result)
    span = duration(int(result.manifest["days"]))
    found = facts.last(facts.arm, "patrol_disparity", facts.pair) if facts.pair else None
    if not found:
        return f"After {span}: a simulated city in which nothing can be compared between groups."
    upper, lower = facts.pair.split("/")
    told = ratio(found)
    told = told.replace(" (", " (95 % interval ") if "(" in told else told + " (one replicate: no interval)"
    if found.lo == found.lo and found.lo < 0 < found.hi:
        return (
            f"After {span}, {upper} residents get {told} the patrol per head of {lower} residents: "
            "the interval includes equality."
        )
    return f"After {span}, {upper} residents get {told} the patrol per head of {lower} residents."


def beneath(result) -> list[str]:
    """What stands below the headline: equal offending, the start, and the caveat."""
    facts = Facts.of(result)
    lines = []
    rates = [(g, facts.last(facts.arm, "true_rate", g)) for g in facts.groups]
    if all(f for _, f in rates):
        told = ", ".join(f"{g} {number(f.mean, 0)}" for g, f in rates)
        lines.append(f"{alike(result)} (offences per 1,000 residents a year: {told}).")
    first = facts.first(facts.arm, "patrol_disparity", facts.pair) if facts.pair else None
    regime = (result.verdict.get(facts.arm, {}).get(facts.pair) or {}).get("regime")
    if first and regime in GROWTH:
        lines.append(GROWTH[regime].format(first=f"{number(math.exp(first.mean), 2)} times"))
    if result.manifest.get("interrupted"):
        lines.append("This run was stopped early: only the replicates that were finished are in it.")
    return lines


CANNOT = (
    "It does not measure any real police force, and no number here is an estimate for a real place.",
    "It does not estimate real offending. That everyone offends alike is an assumption, made so that any disparity that "
    "appears must come from the records and the loop.",
    "It does not show that a disparity seen in the world was caused by a model. It shows what a feedback loop does if "
    "offending is equal and recording works as set.",
    "Numbers marked illustrative in the configuration are defaults of the authors, not measurements.",
    "Maps show one simulated future of many; another replicate has other hotspots. The intervals say how much they differ.",
)
