"""Gowder's grid, composed: four quadrants, officers by cumulative busts, a bias in whom they bust.

An officer-round is an officer-hour with one stop on average; a stop ends in a bust with
the chance that the citizen met is an offender and is caught. Everyone offends alike every
round, so the bias F is a weight in whom officers stop: (.5 + F) / .5.
"""

from __future__ import annotations

import numpy as np

from loopsim.validation.arm import the_arm, turns, written
from loopsim.validation.judge import mean, statistic

QUADRANT = 36  # citizens
BLACK = 72  # of 144 citizens


def measure(case, size) -> dict:
    """Mean busts ratio by level of bias, and its slope on segregation, over cities shuffled by a fixed seed."""
    given, found = case.given, {}
    cities = _cities(size.of(given["cities"], given["quick_cities"]))
    runs = {
        f: _ratios(given, f, cities, size.of(given["games"], given["quick_games"])) for f in given["levels"]
    }
    score = (cities.max(axis=1) - cities.min(axis=1)).astype(float)
    for row in case.rows:
        ratios, kind = runs[row.given["level"]], row.given.get("statistic", "mean")
        if kind == "mean":
            found[row.name] = mean(ratios.mean(axis=1))
        elif kind == "sd":
            found[row.name] = (float(ratios.std()), *_spread_limits(ratios))
        else:
            x, y = score, ratios.mean(axis=1)
            found[row.name] = statistic(np.column_stack([x, y, x * y, x * x]), _slope)
    return found


def _slope(m):
    return (m[:, 2] - m[:, 0] * m[:, 1]) / np.maximum(m[:, 3] - m[:, 0] ** 2, 1e-12)


def _spread_limits(ratios):
    _, low, high = statistic(
        np.column_stack([ratios.mean(axis=1), (ratios**2).mean(axis=1)]),
        lambda m: np.sqrt(m[:, 1] - m[:, 0] ** 2),
    )
    return low, high


def _cities(count: int) -> np.ndarray:
    """(C, 4) black citizens by quadrant after shuffling all citizens over the grid."""
    rng = np.random.default_rng(2018)
    return rng.multivariate_hypergeometric([QUADRANT] * 4, BLACK, size=count)


def _ratios(given, level, cities, games) -> np.ndarray:
    """(C, games) busts of black over busts of white citizens after all rounds."""
    return np.array([_games(given, level, [int(b) for b in black], games) for black in cities])


def _games(given, level, black, games) -> np.ndarray:
    people = {"white": [QUADRANT - b for b in black], "black": black}
    found = given["offenders"] * given["caught"] * (1 + level)  # of mean stops: half have 1, half 1 + 2 F
    arm = the_arm([
        "city=listed", "city.rows=2", "city.cols=2", f"city.people={written(people)}", "city.records={none: [0,0,0,0]}",
        "bias.how=real", "history_days=null", "bias.crime_types={none: [search, bust]}", "evidence.channels=[search]",
        "world.offences={none: {true_rate: 0, reported: 0, discovered: 0, harm_days: 1, police_found: false}}",
        f"world.carried={{bust: {{found: {found}, harm_days: 1, police_found: true}}}}", "world.stop_rate=1",
        "world.intelligence=0", f"world.stop_bias={{black: {1 + level / given['caught']}}}", "prediction=count",
        "prediction.window_days=100000", "allocation=proportional", "allocation.gamma=1",
        f"allocation.budget={given['officers']}", "remedy=coverage_floor", f"remedy.share={4 * given['least'] / given['officers']}",
        "remedy.by=area", f"days={given['rounds']}", "refit_days=1",
    ])  # fmt: skip
    total, bust = 0, arm[0].world.kinds.index("search", "bust")
    for turn in turns(arm, games):
        total = total + turn.truth.tally[:, :, bust]
    return total[:, 1] / np.maximum(total[:, 0], 1)
