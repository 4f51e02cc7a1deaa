"""The loop in motion: records, prediction and patrol week by week, as a GIF or MP4."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from loopsim.charts.paper import files, raster, words
from loopsim.charts.paper.facts import Facts
from loopsim.charts.paper.sheet import LABEL, SMALL, sheet
from loopsim.limits import Refused

NEEDS = ("maps.nc",)
ANIMATED = True
LAYERS = {"recorded": "1. Records so far", "risk": "2. Prediction", "patrol": "3. Patrol"}
STEP, DPI = 180, 110  # milliseconds a frame; pixels an inch


def reason(result) -> str | None:
    """Needs the film of replicate 0."""
    arm = Facts.of(result).arm
    return None if f"{arm}_frame_day" in result.maps() else "needs the film of replicate 0 in maps.nc"


def draw(result):
    """The last frame."""
    fig, show, frames = _stage(result)
    show(frames - 1)
    return fig


def _stage(result):
    """Figure, a function that shows a frame, and the number of frames."""
    maps, arm = result.maps(), Facts.of(result).arm
    days = maps[f"{arm}_frame_day"]
    fig = sheet(
        result,
        "The loop: records, prediction, patrol, records ...",
        f"One simulated future (replicate 0), {words.arm(arm)}. Each map: times its mean block; one scale.",
        4.05,
        below=" ",
        bands=False,
    )
    axes = fig.subplots(1, 3)
    shape = maps[f"{arm}_frame_patrol"].shape[1:]
    inside, pictures = raster.blocks(maps, "inside", shape) > 0, []
    for panel, (layer, title) in zip(axes, LAYERS.items(), strict=True):
        stack = _stack(maps, arm, layer)
        drawn = raster.picture(
            panel, np.zeros(shape), title, cmap=raster.colour.COUNTS, vmin=0, vmax=raster.TOP
        )
        pictures.append((stack, drawn))
    bar = fig.colorbar(
        drawn, ax=axes, orientation="horizontal", shrink=0.4, aspect=28, extend="max", pad=0.02
    )
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize=SMALL, length=0)
    day = fig.texts[3]
    day.set_fontsize(LABEL)

    def show(i: int) -> None:
        for stack, drawn in pictures:
            drawn.set_data(raster.per_mean(stack[i], inside))
        day.whole = f"up to day {int(days[i])} of {result.manifest['days']}"  # kept when a card is arranged
        day.set_text(day.whole)

    return fig, show, len(days)


def _stack(maps, arm, layer) -> np.ndarray:
    """(F, rows, cols): records are those written so far, as the model sees them pile up."""
    stack = maps[f"{arm}_frame_{layer}"]
    return np.cumsum(stack, axis=0) if layer == "recorded" else stack


def animate(result, path: Path) -> None:
    """Write every frame to a .gif (Pillow) or .mp4 (ffmpeg, the program or that of the extra mp4)."""
    import matplotlib
    from matplotlib.animation import FFMpegWriter, PillowWriter

    path = Path(path)
    matplotlib.rcParams["animation.ffmpeg_path"] = _ffmpeg()
    kinds = {".gif": PillowWriter, ".mp4": FFMpegWriter}
    if path.suffix.lower() not in kinds:
        raise Refused(f"out must end in .gif or .mp4 for an animation, got {path.name}; set --out")
    writer = kinds[path.suffix.lower()]
    if not writer.isAvailable():
        raise Refused("an .mp4 needs the program ffmpeg: pip install 'loopsim[mp4]', or write a .gif")
    fig, show, frames = _stage(result)
    show(0)
    files.settle(fig)
    try:
        film = writer(fps=1000 / STEP)
        with film.saving(fig, str(path), DPI):
            for i in [*range(frames), *[frames - 1] * 6]:
                show(i)
                film.grab_frame()
    except OSError as error:
        raise Refused(f"cannot write {path}: {error.strerror or error}; set --out") from None


def _ffmpeg() -> str:
    """The program of the system, else that of the extra."""
    import shutil

    if shutil.which("ffmpeg"):
        return "ffmpeg"
    try:
        import imageio_ffmpeg
    except ImportError:
        return "ffmpeg"
    return imageio_ffmpeg.get_ffmpeg_exe()


def table(result):
    """Share of each layer in the busiest 1 % of blocks, first and last frame."""
    maps, arm = result.maps(), Facts.of(result).arm
    rows = []
    for layer, title in LAYERS.items():
        stack = _stack(maps, arm, layer)
        rows.append((title[3:], *(words.number(_top(stack[i]), 1) for i in (0, -1))))
    return ("map", "busiest 1 % of blocks, first frame, %", "last frame, %"), rows


def _top(frame) -> float:
    ranked = np.sort(frame, axis=None)[::-1]
    return 100.0 * float(ranked[: max(1, round(ranked.size / 100))].sum() / max(ranked.sum(), 1e-300))


def alt(result) -> str:
    """First and last frame, in numbers."""
    parts = [f"{name.lower()} from {first} % to {last} %" for name, first, last in table(result)[1]]
    return f"Animated maps; share in the busiest 1 % of the city: {words.listed(parts)}."


def caption(result) -> str:
    """What moves."""
    return (
        "Each round, the model is fitted to the records, patrols go where it points, and write the next records there. "
        f"{words.caveat(result)} Source: loopsim run {words.run_id(result)}, replicate 0."
    )
