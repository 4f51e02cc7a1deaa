"""The urns of Ensign et al. (2018), composed: each cell a place, each draw a patrol of one unit.

Residents are in proportion to the rates, so everyone offends alike; a patrol finds all that
is not reported where it is. Balls are remembered records: an exponentially weighted mean
(decay) or a count (none). The start is put into the ledger as records of the day before.
"""

from __future__ import annotations

import json

import numpy as np

from loopsim.study.compose import compose
from loopsim.study.run import open_loop
from loopsim.validation.judge import mean, spread

PEOPLE = 100_000  # residents for one offence a day; only their proportions matter
CHUNK = 100  # urns that turn together


def the_urn(*, rates, start, days, decay=0.0, remedy="nothing", reported=0.0, refit=1, floor=None):
    """The typed arm of one urn: see the module.

    Parameters
    ----------
    rates : offences a day in each cell, those reported and those a visit finds
    start : balls of each cell; whole numbers
    days : draws
    decay : share of its weight that a ball loses a day
    reported : share of offences reported whatever is visited
    refit : draws between two looks at the balls
    floor : of the remedy inverse_exposure
    """
    least = decay or 0.0
    memory = (
        [f"prediction.half_life_days={np.log(0.5) / np.log1p(-decay)}"]
        if decay
        else ["prediction.window_days=1000000"]
    )
    offence = {"true_rate": 365_000 / PEOPLE, "reported": reported, "discovered": 1000, "harm_days": 1}
    table = ",".join(f"{k}:{v}" for k, v in offence.items())
    people = {"all": [round(r * PEOPLE) for r in rates], "nobody": [0] * len(rates)}
    lines = [
        "city=listed", f"city.cols={len(rates)}", f"city.people={_hydra(people)}",
        f"city.records={_hydra({'finds': [int(s) for s in start]})}", "bias.how=real", "history_days=null",
        "bias.crime_types={finds: [discovery, offence]}", f"world.offences={{offence: {{{table},police_found:false}}}}",
        "world.carried={}", "world.intelligence=0", "world.stop_rate=0",
        f"prediction={'ewma' if decay else 'count'}", *memory,
        "allocation=urn", "allocation.units=1", "allocation.prior=0", f"allocation.least={least}",
        "allocation.budget=24", f"remedy={remedy}", f"days={days}", f"refit_days={refit}", "arms=[loop]",
        "replicates=1",
    ]  # fmt: skip
    lines += [f"remedy.floor={floor}"] if floor else []
    return compose(lines).setups["loop"]


def _hydra(value) -> str:
    return json.dumps(value).replace('"', "")


def final_shares(setup, replicates) -> np.ndarray:
    """(R, n) share of each cell in the balls after the last draw."""
    city, found = setup.city.build(setup.run.seed), []
    replicates = np.asarray(replicates, np.uint32)
    for part in np.array_split(replicates, -(-replicates.size // CHUNK)):
        loop = open_loop(setup, city, part)
        last = list(loop.run(setup.run.days))[-1].now
        last.day, last.days = setup.run.days, 1
        balls = np.maximum(loop.believe(last)[1], setup.allocator.least)
        found.append(balls / balls.sum(axis=1, keepdims=True))
    return np.concatenate(found)


def measure(case, size) -> dict:
    """Mean or spread of the final share of a cell; rows with the same settings share their urns."""
    known, found = {}, {}
    for row in case.rows:
        given = {**case.given, **row.given}
        statistic, cell = given.pop("statistic", "mean"), given.pop("cell", 0)
        urns = size.of(given.pop("urns"), given.pop("quick"))
        key = json.dumps([given, urns], sort_keys=True)
        if key not in known:
            known[key] = final_shares(the_urn(**given), range(urns))
        found[row.name] = (spread if statistic == "sd" else mean)(known[key][:, cell])
    return found
