"""Raster: maps in the same colours and on the same scale, with hotspots large enough to see."""

from __future__ import annotations

import numpy as np

from loopsim.charts.paper import colour
from loopsim.charts.paper.sheet import LABEL

TOP = 5.0  # times the mean block: the end of the colour scale


def per_mean(raster: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """A raster as multiples of the mean block inside the city; NaN outside, 0 where all is 0."""
    mean = raster[inside].mean() if inside.any() else 0.0
    return np.where(inside, raster / mean if mean > 0 else 0.0, np.nan)


def film_total(maps, arm: str, layer: str) -> np.ndarray:
    """(rows, cols) of replicate 0 by block over the whole run; mean of days for patrol and risk."""
    stack, days = maps[f"{arm}_frame_{layer}"], maps[f"{arm}_frame_day"]
    if layer in ("offences", "recorded"):
        return stack.sum(axis=0, dtype=np.float64)
    return np.average(stack, axis=0, weights=np.diff(days, prepend=0))


def blocks(maps, name: str, shape: tuple[int, int]) -> np.ndarray:
    """A raster by cell, summed to the blocks of the film."""
    raster = np.asarray(maps[name], float)
    if raster.shape == shape:
        return raster
    side = -(-max(raster.shape) // max(shape))
    whole = np.zeros((shape[0] * side, shape[1] * side))
    whole[: raster.shape[0], : raster.shape[1]] = raster
    return whole.reshape(shape[0], side, shape[1], side).sum(axis=(1, 3))


def share(maps, group: str, shape: tuple[int, int]) -> np.ndarray:
    """(rows, cols) share of residents who are of a group, %; NaN where nobody lives."""
    people = sum(blocks(maps, f"residents_{g}", shape) for g in maps.groups)
    own = blocks(maps, f"residents_{group}", shape)
    return np.divide(100.0 * own, people, out=np.full(shape, np.nan), where=people > 0)


def picture(axes, raster: np.ndarray, title: str = "", **kwargs):
    """A map without axes and with a thin frame."""
    drawn = axes.imshow(raster, interpolation="nearest", aspect="equal", **kwargs)
    axes.set(xticks=[], yticks=[])
    axes.set_facecolor("#EDEDED")
    for spine in axes.spines.values():
        spine.set(color=colour.PALE, linewidth=0.8)
    if title:
        axes.set_title(title, fontsize=LABEL, pad=4)
    return drawn


def counts(axes, raster: np.ndarray, title: str = ""):
    """Multiples of the mean block; lonely dark blocks are drawn large enough to see."""
    drawn = picture(axes, raster, title, cmap=colour.COUNTS, vmin=0, vmax=TOP)
    high = np.argwhere(raster >= TOP)
    if 0 < len(high) <= raster.size / 50:
        size = 3.0 if max(raster.shape) > 40 else 0
        axes.scatter(high[:, 1], high[:, 0], s=size**2, marker="s", color="#000004", linewidths=0)
    return drawn
