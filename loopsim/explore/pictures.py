"""Pictures of the town as it stands: maps with officers, and a chart that follows."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

# Okabe & Ito (2008), safe for colour-blind readers.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#000000")
MAPS = (
    ("offences", "What truly happened", "offences a cell"),
    ("recorded", "What the police recorded", "records a cell"),
    ("patrol", "Where patrols went", "officer-hours a cell"),
)
CURVES = (
    ("patrol_exposure", "Patrol-hours per resident a year", 365.0),
    ("stop_rate", "Stops per 1,000 residents a year", 1.0),
    ("recorded_rate", "Recorded crime per 1,000 residents a year", 1.0),
    ("true_rate", "True offences per 1,000 residents a year", 1.0),
)


def town(model) -> Figure:
    """Residents and officers, and three maps of all that has happened since day 0."""
    figure = Figure(figsize=(6.6, 7.4), layout="constrained", facecolor="white")
    axes = figure.subplots(2, 2).ravel()
    _people(axes[0], model)
    rows, cols = model.city.grid.rows, model.city.grid.cols
    for axis, (name, title, unit) in zip(axes[1:], MAPS, strict=True):
        values = model.totals[name].reshape(rows, cols)
        image = axis.imshow(values, cmap="cividis", vmin=0, vmax=max(values.max(), 1))
        bar = figure.colorbar(image, ax=axis, location="bottom", shrink=0.8, label=f"{unit} since day 0")
        bar.locator = MaxNLocator(5, integer=True)
        axis.set_title(title, loc="left", fontsize=11)
        axis.set(xticks=[], yticks=[])
    return figure


def _people(axis, model) -> None:
    grid, groups = model.city.grid, model.groups
    chance = np.random.default_rng(0)
    for g, name in enumerate(groups):
        cell = np.repeat(np.arange(grid.n), model.city.residents[:, g])
        x, y = cell % grid.cols + chance.random(cell.size), cell // grid.cols + chance.random(cell.size)
        axis.scatter(x, y, s=1.0, color=COLOURS[g], linewidths=0, label=name)
    for cells in model.beats:
        x, y = cells % grid.cols + 0.5, cells // grid.cols + 0.5
        axis.scatter(x, y, s=16, marker="s", facecolors="none", edgecolors="black", linewidths=1.1)
    axis.set(xlim=(0, grid.cols), ylim=(grid.rows, 0), xticks=[], yticks=[], aspect="equal")
    axis.set_title("Residents, and the officers' last rounds", loc="left", fontsize=11)
    keys = [_key(COLOURS[g], "o", name) for g, name in enumerate(groups)] + [_key("black", "s", "patrolled")]
    axis.legend(handles=keys, loc="upper center", bbox_to_anchor=(0.5, 0), ncols=3, frameon=False, fontsize=9)


def _key(colour: str, marker: str, label: str) -> Line2D:
    fill = "none" if marker == "s" else colour
    return Line2D([], [], color=colour, marker=marker, markerfacecolor=fill, linestyle="", label=label)


def curves(model) -> Figure:
    """What each group has met with so far, as means since day 0."""
    figure = Figure(figsize=(6.2, 7.4), layout="constrained", facecolor="white")
    axes = figure.subplots(len(CURVES), 1, sharex=True)
    days = [day for day, _ in model.past]
    figure.suptitle("Means since day 0, by group", fontsize=11, x=0.02, ha="left")
    for axis, (name, title, scale) in zip(axes, CURVES, strict=True):
        values = scale * so_far(model, name)
        for g in range(len(model.groups)):
            axis.plot(days, values[:, g], color=COLOURS[g], marker="o" if len(days) == 1 else None)
        axis.set_ylim(0, max(1.15 * values.max(initial=0), 1e-9))
        for g, y in _apart(values[-1:], axis):
            axis.annotate(f" {model.groups[g]}", (days[-1], y), fontsize=9, va="center")
        axis.set_title(title, loc="left", fontsize=10)
        axis.spines[["top", "right"]].set_visible(False)
        axis.grid(axis="y", color="#dddddd", linewidth=0.6)
    axes[-1].set_xlabel("day under the model")
    axes[-1].set_xlim(0, max([*days, model.loop.refit_days]) * 1.15)
    return figure


def so_far(model, name: str) -> np.ndarray:
    """(steps, G) float, mean of a rate from day 0 to the end of each step."""
    if not model.past:
        return np.empty((0, len(model.groups)))
    ends = np.array([day for day, _ in model.past])
    days = np.diff(ends, prepend=0)[:, None]
    return np.cumsum([row[name] for _, row in model.past] * days, axis=0) / ends[:, None]


def _apart(last: np.ndarray, axis) -> list[tuple[int, float]]:
    """(group, height) of the labels at the end of the lines, none on top of another."""
    placed, room = [], 0.12 * max(axis.get_ylim()[1], 1e-9)
    for row in last:
        for g in np.argsort(row):
            y = max(float(row[g]), placed[-1][1] + room if placed else 0.0)
            placed.append((int(g), y))
    return placed


def words(model) -> list[str]:
    """What has happened so far in a few plain lines, all numbers from the model."""
    if not model.past:
        return ["Day 0. The year before is on record. Step lives one week; play keeps going."]
    names = model.groups[0], model.groups[int(np.argmin(model.city.people))]

    def each(name: str, scale: float, digits: int) -> str:
        row = scale * so_far(model, name)[-1]
        return ", ".join(f"{n} {row[model.groups.index(n)]:.{digits}f}" for n in names)

    return [
        f"Day {model.day}. So far, as a year:",
        f"Patrol-hours per resident: {each('patrol_exposure', 365, 1)}.",
        f"Stops per 1,000 residents: {each('stop_rate', 1, 1)}.",
        f"Recorded crime per 1,000 residents: {each('recorded_rate', 1, 0)}.",
        f"True offences per 1,000 residents: {each('true_rate', 1, 0)}; equal but for chance.",
    ]
