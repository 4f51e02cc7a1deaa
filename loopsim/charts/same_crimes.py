"""Same crimes: the same true offences in every arm, and the records and patrols that diverge."""

from __future__ import annotations

import numpy as np

from loopsim.charts.paper import colour, raster, words
from loopsim.charts.paper.facts import Facts
from loopsim.charts.paper.sheet import LABEL, sheet

NEEDS = ("maps.nc",)
LAYERS = {"offences": "True offences", "recorded": "Recorded crime", "patrol": "Patrol"}


def reason(result) -> str | None:
    """Needs the film of replicate 0."""
    arm = Facts.of(result).arm
    return None if f"{arm}_frame_day" in result.maps() else "needs the film of replicate 0 in maps.nc"


def _arms(result) -> list[str]:
    """The loop, and what it is held against."""
    arm = Facts.of(result).arm
    others = [a for a in ("no_model", "clean_start", *result.arms) if a in result.arms and a != arm]
    return [arm, *others[:1]]


def draw(result):
    """A row an arm, a column a layer; every map in multiples of its mean, on one scale."""
    maps, arms, facts = result.maps(), _arms(result), Facts.of(result)
    fig = sheet(
        result,
        "Same city, same crimes. Only the records and the patrols differ.",
        f"One simulated future (replicate 0), all {result.manifest['days']} days. Each map: times its mean block.",
        1.5 + 1.6 * max(len(arms), 1.45),
        bands=False,
    )
    axes = fig.subplots(2, 4, height_ratios=(1, 1 if len(arms) > 1 else 0.3))
    shape = maps[f"{arms[0]}_frame_patrol"].shape[1:]
    inside = raster.blocks(maps, "inside", shape) > 0
    drawn = None
    for row, arm in zip(axes, arms, strict=False):
        for panel, (layer, title) in zip(row[1:], LAYERS.items(), strict=True):
            values = raster.per_mean(raster.film_total(maps, arm, layer), inside)
            drawn = raster.counts(panel, values, title if arm == arms[0] else "")
        if len(arms) > 1:
            row[1].set_ylabel(words.arm(arm, 22), fontsize=LABEL)
    group = (facts.pair or facts.groups[0]).split("/")[0]
    shown = np.where(inside, raster.share(maps, group, shape), np.nan)
    cmap = colour.people(colour.of_group(group, facts.groups))
    people = raster.picture(axes[0, 0], shown, "Who lives where", cmap=cmap, vmin=0, vmax=100)
    _keys(fig, axes, people, drawn, group)
    return fig


def _keys(fig, axes, people, drawn, group) -> None:
    """The two scales, in what the maps leave empty of the second row."""
    label = f"{words.short(group, 12)} residents, %"
    empty = [panel for panel in axes[1] if not panel.images]
    for panel in empty:
        panel.axis("off")
    alone = len(empty) > 1
    for panel, low, picture, text, ticks, extend in (
        (empty[0], 0.5 if alone else 0.72, people, label, (0, 50, 100), "neither"),
        (empty[alone], 0.5 if alone else 0.25, drawn, "times the mean block", (0, 1, 3, 5), "max"),
    ):
        place = panel.inset_axes((0.02, low, 0.9, 0.23 if alone else 0.07))
        bar = fig.colorbar(picture, cax=place, orientation="horizontal", extend=extend, ticks=ticks)
        bar.outline.set_visible(False)
        place.tick_params(labelsize=9, length=0)
        place.set_title(text, fontsize=9, pad=4, loc="left")


def _concentration(result, arm, layer) -> float:
    """Share of a layer in its busiest hundredth of the city, %."""
    maps = result.maps()
    total = raster.film_total(maps, arm, layer)
    inside = raster.blocks(maps, "inside", total.shape) > 0
    ranked = np.sort(total[inside])[::-1]
    return 100.0 * ranked[: max(1, round(inside.sum() / 100))].sum() / max(ranked.sum(), 1e-300)


def table(result):
    """Share of each layer in the busiest 1 % of blocks."""
    rows = [
        (words.arm(arm), LAYERS[layer], round(_concentration(result, arm, layer), 1))
        for arm in _arms(result)
        for layer in LAYERS
    ]
    return ("arm", "map", "share in the busiest 1 % of blocks, %"), rows


def alt(result) -> str:
    """What the maps look like, in numbers."""
    parts = []
    for arm in _arms(result):
        share = {layer: words.number(_concentration(result, arm, layer), 1) for layer in LAYERS}
        parts.append(
            f"with {words.arm(arm)} the busiest 1 % of the city holds {share['offences']} % of true offences, "
            f"{share['recorded']} % of recorded crime and {share['patrol']} % of patrol"
        )
    return f"Maps of one simulated future: {words.listed(parts)}."


def caption(result) -> str:
    """How to read the maps."""
    arms = " and ".join(words.arm(a) for a in _arms(result))
    return (
        f"The same people commit the same offences in {arms}: the maps of true offences are identical. "
        "What differs is where patrols go, and so what is written down. Dark squares are drawn large enough to see. "
        f"{words.caveat(result)} Source: loopsim run {words.run_id(result)}, replicate 0."
    )
