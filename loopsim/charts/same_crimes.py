"""Same crimes: who lives where, what truly happened, what was recorded, where patrol went."""

from __future__ import annotations

import numpy as np

from loopsim.charts.style import sheet


def figure(result):
    """Four maps of the first arm: residents, offences, records, patrol; all counts are ratios to the city's mean."""
    maps, arm = result.maps(), result.arms[0]
    groups = result.groups
    people = sum(maps[f"residents_{g}"] for g in groups)
    other = maps[f"residents_{groups[-1]}"]
    share = np.divide(other, people, out=np.full(people.shape, np.nan), where=people > 0)
    inside = maps["inside"] > 0
    fig = sheet(13, 4.6, "Offences follow people. Records and patrols follow the loop.", result)
    axes = fig.subplots(1, 4)
    picture = axes[0].imshow(np.where(inside, 100 * share, np.nan), cmap="cividis", vmin=0, vmax=100)
    fig.colorbar(picture, ax=axes[0], shrink=0.75).set_label(f"{groups[-1]} residents, %", fontsize=9)
    titles = "Who lives where", "True offences", "Recorded crime", "Patrol"
    for ax, name in zip(axes[1:], ("offences", "recorded", "patrol"), strict=True):
        raster = np.where(inside, maps[f"{arm}_{name}"], np.nan)
        mean = np.nanmean(raster) or 1.0
        picture = ax.imshow(raster / mean, cmap="magma_r", vmin=0, vmax=5)
    bar = fig.colorbar(picture, ax=axes[1:], shrink=0.75, extend="max")
    bar.set_label("times the mean cell (same scale)", fontsize=9)
    for ax, title in zip(axes, titles, strict=True):
        ax.set_title(title, fontsize=11)
        ax.set_xticks([])
        ax.set_yticks([])
    return fig
