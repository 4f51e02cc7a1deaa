"""Thumbnail: one map as a tiny PNG, a pixel a block."""

from __future__ import annotations

import io

import numpy as np

from loopsim.report.film import COLOURS, TOP

OUTSIDE = (0xE9, 0xE7, 0xE2)


def ramp(colours, steps: int = 64) -> np.ndarray:
    """(steps, 3) uint8 between hex colours."""
    stops = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in colours], float)
    at = np.linspace(0, len(stops) - 1, steps)
    return np.stack([np.interp(at, range(len(stops)), stops[:, i]) for i in range(3)], axis=1).astype(
        np.uint8
    )


def png(values: np.ndarray, colours=COLOURS, top: float = TOP) -> bytes:
    """A raster as PNG; NaN is outside, `top` and more is the last colour."""
    from PIL import Image

    palette = np.vstack([ramp(colours), OUTSIDE]).astype(np.uint8)
    index = np.clip(np.nan_to_num(values) / top * 63, 0, 63).astype(np.uint8)
    index[np.isnan(values)] = 64
    picture = Image.fromarray(index, mode=None)
    picture.putpalette(palette.tobytes())
    held = io.BytesIO()
    picture.save(held, "png", optimize=True)
    return held.getvalue()
