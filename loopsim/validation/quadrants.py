"""Gowder's grid, composed: four quadrants, officers by cumulative busts, a bias in whom they bust.

An officer looks at one of the 36 citizens of a quadrant a round, and busts an offender with
chance .5, or .5 + F if black. Here a citizen offers `THIN` occasions a round for each bust that
a look would make, and an officer-hour finds 1 / (36 THIN) of them: the same mean, nearly linear
in officers. The bias F is therefore a `hazard_multiplier`, not who commits more.
"""

from __future__ import annotations

import numpy as np

from loopsim.validation.arm import the_arm, turns, written
from loopsim.validation.judge import mean, statistic

QUADRANT = 36  # citizens
BLACK = 72  # of 144 citizens
OFFENDERS = 24  # of each race; one third
THIN = {
    "all": 6,
    "fresh": 6,
    "fixed": 16,
}  # occasions for a bust; few officers meet in a quadrant where all offend
TYPES = 4  # offence types they are spread over, for a rate has a limit


def measure(case, size) -> dict:
    """Busts ratios by level of bias: mean, spread, slope on segregation, over cities drawn by a fixed seed."""
    given, found, known = case.given, {}, {}
    count, games = (size.of(given[name], given[f"quick_{name}"]) for name in ("cities", "games"))
    drawn = {"all": _cities(count), "fresh": _cities(count), "fixed": _cities(count * games // 4)}
    for row in case.rows:
        who, level, kind = row.given["who"], row.given["level"], row.given.get("statistic", "mean")
        if (who, level) not in known:
            play = _fixed if who == "fixed" else _alike
            known[who, level] = play({**given, "who": who}, level, drawn[who], games)
        found[row.name] = STATISTICS[kind](known[who, level], drawn[who])
    return found


def _mean(ratios, cities):
    return mean(ratios.mean(axis=1))


def _spread(ratios, cities):
    moments = np.column_stack([ratios.mean(axis=1), (ratios**2).mean(axis=1)])
    return statistic(moments, lambda m: np.sqrt(m[:, 1] - m[:, 0] ** 2))


def _slope(ratios, cities):
    x, y = (cities.max(axis=1) - cities.min(axis=1)).astype(float), ratios.mean(axis=1)
    sums = np.column_stack([x, y, x * y, x * x])
    return statistic(
        sums, lambda m: (m[:, 2] - m[:, 0] * m[:, 1]) / np.maximum(m[:, 3] - m[:, 0] ** 2, 1e-12)
    )


STATISTICS = {"mean": _mean, "sd": _spread, "slope": _slope}


def _cities(count: int) -> np.ndarray:
    """(C, 4) black citizens by quadrant after shuffling all citizens over the grid."""
    return np.random.default_rng(2018).multivariate_hypergeometric([QUADRANT] * 4, BLACK, size=count)


def _alike(given, level, cities, games) -> np.ndarray:
    """(C, games) ratios where everyone offends alike: always, or a third of the time."""
    share = 1.0 if given["who"] == "all" else 1 / 3
    multiplier = {"white": share, "black": share * (1 + level / given["caught"])}
    return np.array([
        _games(given, {"white": QUADRANT - black, "black": black}, multiplier, games, seed)
        for seed, black in enumerate(cities)
    ])  # fmt: skip


def _fixed(given, level, cities, games) -> np.ndarray:
    """(C, 1) ratios where a third of the citizens of each race, drawn once a game, do all the offending."""
    rng, found = np.random.default_rng(1), []
    multiplier = {"white": 1, "black": 1 + level / given["caught"]}
    for seed, black in enumerate(cities):  # who never offends need not live there
        white, black = (
            rng.multivariate_hypergeometric(people, OFFENDERS) for people in (QUADRANT - black, black)
        )
        found.append(_games(given, {"white": white, "black": black}, multiplier, 1, seed))
    return np.array(found)


def _games(given, people, multiplier, games, seed) -> np.ndarray:
    """(games,) busts of black over busts of white citizens after all rounds."""
    thin = THIN[given["who"]]
    occasion = {"true_rate": 365_000 * given["caught"], "reported": 0, "discovered": 1 / (QUADRANT * thin)}
    occasion |= {"harm_days": 1, "police_found": "true"}
    offences = {f"look_{i}": occasion for i in range(TYPES)}
    multiplier = {name: value * thin / TYPES for name, value in multiplier.items()}
    people = {name: [int(p) for p in here] for name, here in people.items()}
    arm = the_arm([
        "city=listed", "city.rows=2", "city.cols=2", f"city.people={written(people)}", "city.records={none: [0,0,0,0]}",
        "bias.how=real", "history_days=null", "bias.crime_types={none: [discovery, look_0]}", "world.carried={}",
        f"world.offences={written(offences)}", f"world.hazard_multiplier={written(multiplier)}", "world.stop_rate=0",
        "world.intelligence=0", "evidence.channels=[discovery]", "prediction=count", "prediction.window_days=100000",
        "allocation=proportional", "allocation.gamma=1", f"allocation.budget={given['officers']}",
        "remedy=coverage_floor", f"remedy.share={4 * given['least'] / given['officers']}", "remedy.by=area",
        f"days={given['rounds']}", "refit_days=1", f"seed={seed}",
    ])  # fmt: skip
    total, busts = 0, arm[0].world.kinds.of_channel("discovery")
    for turn in turns(arm, games):
        total = total + turn.truth.tally[:, :, busts].sum(axis=2)
    return total[:, 1] / np.maximum(total[:, 0], 1)
