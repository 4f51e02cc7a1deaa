"""Story: the loop in five pictures of the run itself."""

from __future__ import annotations

import numpy as np

from loopsim.charts.paper import colour
from loopsim.charts.paper.facts import Facts
from loopsim.report import film, thumbnail
from loopsim.report.html import Markup, element, picture

STEPS = (
    ("people", "1. People", "Everyone offends at the same rate. Where {group} residents live is dark."),
    (
        "offences",
        "2. What happens",
        "Offences follow people: they are spread like the population, and no map can see them.",
    ),
    (
        "recorded",
        "3. What is recorded",
        "Reports by victims, and what patrols find. Where patrols have been, more is written.",
    ),
    ("risk", "4. What the model predicts", "The model is fitted to the records, and takes them for crime."),
    (
        "patrol",
        "5. Where patrols go",
        "Patrols follow the prediction, and write the next records. Back to 3.",
    ),
)


def section(result, maps) -> Markup:
    """An ordered list of maps, as they were at the end of the run."""
    facts = Facts.of(result)
    arm, group = facts.arm, (facts.pair or facts.groups[0]).split("/")[0]
    stack = maps[f"{arm}_frame_patrol"]
    rows, cols = stack.shape[1:]
    inside = film.by_block(maps["inside"], rows, cols) > 0
    items = []
    for layer, title, text in STEPS:
        if layer == "people":
            share = film.people(maps, group, rows, cols)
            made = thumbnail.png(share, colour.shares(colour.of_group(group, facts.groups)), 1.0)
            alt = f"Map of the share of {group} residents, from 0 to {100 * np.nanmax(share):.0f} %."
        else:
            values = _whole(maps[f"{arm}_frame_{layer}"], layer, inside)
            made = thumbnail.png(values)
            alt = f"Map: the busiest 1 % of the city holds {_top(values, inside):.1f} % of it."
        shown = picture(made, alt, class_="map", width=cols, height=rows)
        about = element("p", text.format(group=group))
        items.append(element("li", shown, element("h3", title), about))
    return element("ol", *items, class_="steps")


def _whole(stack, layer, inside) -> np.ndarray:
    """The whole run for counts, the last frame otherwise; in multiples of the mean block."""
    values = stack.sum(axis=0, dtype=float) if layer in film.COUNTED else np.asarray(stack[-1], float)
    mean = values[inside].mean()
    return np.where(inside, values / mean if mean > 0 else 0.0, np.nan)


def _top(values, inside) -> float:
    ranked = np.sort(values[inside])[::-1]
    return 100.0 * ranked[: max(1, round(ranked.size / 100))].sum() / max(ranked.sum(), 1e-300)
