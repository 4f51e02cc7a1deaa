"""Hotspots against people: where patrols go, against who lives there and how deprived it is."""

from __future__ import annotations

import numpy as np

from loopsim.charts.paper import colour, raster, words
from loopsim.charts.paper.facts import Facts
from loopsim.charts.paper.sheet import LABEL, SMALL, bare, sheet

NEEDS = ("maps.nc", "summary.csv")
FIFTHS = 5


def reason(result) -> str | None:
    """Needs two groups and the film of replicate 0."""
    facts = Facts.of(result)
    if not facts.pairs:
        return "needs a city of at least two groups"
    return None if f"{facts.arm}_frame_day" in result.maps() else "needs the film of replicate 0 in maps.nc"


def _group(facts) -> str:
    return facts.pair.split("/")[0]


def _hot(maps, arm) -> np.ndarray:
    """(rows, cols) bool: blocks with at least twice the mean patrol, replicate 0, whole run."""
    return raster.film_total(maps, arm, "patrol") >= 2 * raster.film_total(maps, arm, "patrol").mean()


def _layers(result) -> dict:
    """Label -> (raster of the layer by block, colour map, top of its scale)."""
    maps, facts = result.maps(), Facts.of(result)
    shape = maps[f"{facts.arm}_frame_patrol"].shape[1:]
    group, inside = _group(facts), raster.blocks(maps, "inside", shape)
    deprivation = raster.blocks(maps, "deprivation", shape) / np.maximum(inside, 1)
    inks = colour.of_group(group, facts.groups), "#6B6B6B"
    layers = {f"{words.short(group, 16)} residents, %": (raster.share(maps, group, shape), inks[0], 100.0)}
    if deprivation.any():
        layers["deprivation, 0 to 1"] = (np.where(inside > 0, deprivation, np.nan), inks[1], 1.0)
    return layers


def _fifths(result, values) -> list[tuple[float, float]]:
    """(patrol-hours per resident a year, offences per 1,000 a year) by fifth of residents, least to most."""
    maps, arm = result.maps(), Facts.of(result).arm
    people = sum(raster.blocks(maps, f"residents_{g}", values.shape) for g in maps.groups)
    patrol, crimes = (raster.blocks(maps, f"{arm}_{name}", values.shape) for name in ("patrol", "offences"))
    order = np.argsort(np.where(people > 0, values, np.inf), axis=None, kind="stable")
    rank = np.cumsum(people.ravel()[order])
    fifth = np.minimum((FIFTHS * (rank - 1e-9) / max(rank[-1], 1)).astype(int), FIFTHS - 1)
    years, found = result.manifest["days"] / 365, []
    for i in range(FIFTHS):
        here = order[fifth == i]
        head = max(people.ravel()[here].sum(), 1) * years
        found.append((patrol.ravel()[here].sum() / head, 1000 * crimes.ravel()[here].sum() / head))
    return found


def draw(result):
    """A column a layer: its map with the patrolled blocks on it, and patrol per head by fifth of residents."""
    maps, facts, layers = result.maps(), Facts.of(result), _layers(result)
    fig = sheet(
        result,
        "Where patrols go, and who lives there",
        f"{words.arm(facts.arm).capitalize()}. Black: blocks with twice the mean patrol or more, replicate 0, whole run.",
        5.9,
        bands=False,
    )
    axes = fig.subplots(2, 2, height_ratios=(1.55, 1), squeeze=False)
    row, col = np.nonzero(_hot(maps, facts.arm))
    top = max(p for values, *_ in layers.values() for p, _ in _fifths(result, values))
    for column, (label, (values, ink, most)) in zip(axes.T, layers.items(), strict=False):
        shown = raster.picture(column[0], values, label, cmap=colour.people(ink), vmin=0, vmax=most)
        fig.colorbar(shown, ax=column[0], shrink=0.8, ticks=(0, most / 2, most)).ax.tick_params(
            labelsize=9, length=0
        )
        column[0].scatter(
            col,
            row,
            s=14 if max(values.shape) > 40 else 60,
            marker="s",
            color="black",
            linewidths=0.3,
            edgecolors="white",
        )
        _bars(column[1], [p for p, _ in _fifths(result, values)], top, label.split(",")[0])
    for panel in axes[:, len(layers) :].ravel():
        panel.set_visible(False)
    axes[1, 0].set_ylabel("patrol-hours per\nresident a year", fontsize=SMALL)
    return fig


def _bars(axes, values, top, label) -> None:
    axes.bar(range(FIFTHS), values, width=0.75, color="#5F5F5F")
    for i, value in enumerate(values):
        axes.text(i, value + top * 0.02, words.number(value, 2), ha="center", va="bottom", fontsize=SMALL)
    axes.set_ylim(0, top * 1.18)
    axes.set_xticks(range(FIFTHS), ["fifth with\nleast", "2nd", "3rd", "4th", "fifth with\nmost"])
    axes.set_title(f"by {label}", fontsize=LABEL, loc="left")
    bare(axes)


def table(result):
    """Patrol and true offences by fifth of residents."""
    rows = [
        (label, f"{i + 1} of {FIFTHS}", words.number(patrol, 2), words.number(crimes, 0))
        for label, (values, *_) in _layers(result).items()
        for i, (patrol, crimes) in enumerate(_fifths(result, values))
    ]
    return (
        "by",
        "fifth of residents",
        "patrol-hours per resident a year",
        "true offences per 1,000 a year",
    ), rows


def alt(result) -> str:
    """Least against most, for every layer."""
    parts = []
    for label, (values, *_) in _layers(result).items():
        found = _fifths(result, values)
        parts.append(
            f"by {label.split(',')[0]}, the fifth of residents with the least gets {words.number(found[0][0], 2)} "
            f"patrol-hours a head a year and the fifth with the most {words.number(found[-1][0], 2)}"
        )
    return f"Maps of residents with the patrolled blocks in black, and bars: {'; '.join(parts)}."


def caption(result) -> str:
    """How to read the pair of maps."""
    return (
        "The maps show one simulated future; the bars are means over replicates, without intervals. Residents are "
        "ranked by their neighbourhood and cut into fifths; true offences per head are the same in all of them. "
        f"{words.caveat(result)} Source: loopsim run {words.run_id(result)}."
    )
