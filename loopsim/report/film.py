"""Film: the frames of maps.nc as small as a page needs them."""

from __future__ import annotations

import base64
import hashlib
import zlib

import numpy as np

BUDGET = 900_000  # bytes of film in the page; further arms are left to the charts
STEP = 8  # levels to the mean block; the colours end at TOP times the mean
TOP = 5.0
COUNTED = ("offences", "recorded")
LAYERS = ("offences", "recorded", "risk", "patrol")
# magma, reversed, at eleven even steps: as in the charts
COLOURS = (
    "#fcfdbf", "#feca8d", "#fd9668", "#f1605d", "#cd4071", "#9f2f7f", "#721f81", "#451077", "#1d1147", "#0a0722",
    "#000004",
)  # fmt: skip


def pack(levels: np.ndarray) -> str:
    """(F, n) uint8 as text: differences from frame to frame, deflated."""
    levels = np.asarray(levels, np.uint8)
    change = np.diff(levels, axis=0, prepend=np.zeros((1, *levels.shape[1:]), np.uint8))
    return base64.b64encode(zlib.compress(change.tobytes(), 6)).decode()


def levels(stack: np.ndarray, layer: str, inside: np.ndarray) -> np.ndarray:
    """(F, rows, cols) uint8: counts as they are up to 255, else eighths of the mean block."""
    if layer in COUNTED:
        return np.minimum(stack, 255).astype(np.uint8)
    mean = stack[:, inside].mean(axis=1)[:, None, None]
    multiple = np.divide(stack, mean, out=np.zeros(stack.shape, np.float32), where=mean > 0)
    return np.rint(np.minimum(multiple, TOP) * STEP).astype(np.uint8)


def film(maps, arms: list[str]) -> dict:
    """What the explorer plays: frame days and packed layers of every arm that was filmed."""
    filmed = [arm for arm in arms if f"{arm}_frame_day" in maps]
    if not filmed:
        return {}
    _, rows, cols = maps[f"{filmed[0]}_frame_patrol"].shape
    inside = by_block(maps["inside"], rows, cols) > 0
    stacks: dict[bytes, tuple[str, str]] = {}  # the same frames are kept once, by their bytes
    told = {}
    for arm in filmed:
        used, fresh = {}, {}
        for layer in LAYERS:
            made = levels(maps[f"{arm}_frame_{layer}"], layer, inside)
            key = hashlib.sha256(made).digest()
            if key not in stacks and key not in fresh:
                fresh[key] = f"{arm}/{layer}", pack(made)
            used[layer] = (stacks.get(key) or fresh[key])[0]
        if told and sum(len(text) for _, text in (*stacks.values(), *fresh.values())) > BUDGET:
            break
        stacks |= fresh
        told[arm] = {"days": maps[f"{arm}_frame_day"].tolist(), "layers": used}
    shown = {"rows": rows, "cols": cols, "step": STEP, "top": TOP, "colours": COLOURS, "counted": COUNTED}
    return {
        **shown,
        "inside": pack(inside[None]),
        "arms": told,
        "stacks": dict(stacks.values()),
    }


def by_block(raster: np.ndarray, rows: int, cols: int) -> np.ndarray:
    """A raster by cell, summed to rows x cols blocks."""
    raster = np.asarray(raster, float)
    side = -(-max(raster.shape) // max(rows, cols))
    whole = np.zeros((rows * side, cols * side))
    whole[: raster.shape[0], : raster.shape[1]] = raster
    return whole.reshape(rows, side, cols, side).sum(axis=(1, 3))


def people(maps, group: str, rows: int, cols: int) -> np.ndarray:
    """(rows, cols) share of a group among residents, 0 to 1; NaN where nobody lives."""
    own = by_block(maps[f"residents_{group}"], rows, cols)
    everyone = sum(by_block(maps[f"residents_{g}"], rows, cols) for g in maps.groups)
    return np.divide(own, everyone, out=np.full(own.shape, np.nan), where=everyone > 0)
