"""ProMap against SciPy's filters on the same records: the refit of a city of 100 x 100 cells.

Each side gets the counts of the last eight weeks and returns the risk of every cell, divided
by what of the pattern lies in the city (worked out once, like the weights). SciPy is timed
the fastest of the three ways in which its filters give the square pattern, all of them
checked against each other: nested boxes by `uniform_filter`, `convolve`, and a product of
Fourier transforms (`fftconvolve`).
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
from scipy.ndimage import convolve, uniform_filter
from scipy.signal import fftconvolve
from stopwatch import cpu, in_turns, ratio

from loopsim.prediction.promap import Promap

KEYS = ("promap_vs_scipy",)
SIDE, REACH, WEEKS, REPEATS, AGREE = 100, 8, 8, 20, 1e-9
MODEL = Promap(reach_cells=REACH, weeks=WEEKS, distance="chebyshev", variant="2004")
FADE, NEAR = 1 / (1.0 + np.arange(WEEKS)), np.append(1 / (1.0 + np.arange(REACH)), 0.0)
SPAN = np.arange(1 - REACH, REACH)
KERNEL = NEAR[np.maximum(abs(SPAN)[:, None], abs(SPAN))]


def by_boxes(faded):
    """The pattern as a sum of nested boxes, each a running mean."""
    return sum(
        (NEAR[k] - NEAR[k + 1]) * (2 * k + 1) ** 2 * uniform_filter(faded, 2 * k + 1, mode="constant")
        for k in range(REACH)
    )


def by_convolution(faded):
    """The pattern as it is."""
    return convolve(faded, KERNEL, mode="constant")


def by_fourier(faded):
    """The pattern as a product of transforms."""
    return fftconvolve(faded, KERNEL, mode="same")


WAYS = {"boxes": by_boxes, "convolve": by_convolution, "fft": by_fourier}
COVERED = by_convolution(np.ones((SIDE, SIDE))) * 7 * FADE.sum()


def months(i):
    """(REPEATS, WEEKS, SIDE, SIDE) weekly counts."""
    return np.random.default_rng(i).poisson(0.05, (REPEATS, WEEKS, SIDE, SIDE)).astype(float)


class Weeks:
    """Evidence that has its weekly counts at hand."""

    shape = (1, SIDE**2)

    def __init__(self, planes):
        self.planes = planes.reshape(WEEKS, 1, SIDE**2)

    def counts(self, days, *, ago=0):
        """(1, n) counts of a week."""
        return self.planes[ago // days]


def ours(i, seen=None):
    """CPU seconds of a refit of ours."""
    grid = SimpleNamespace(rows=SIDE, cols=SIDE, n=SIDE**2, inside=np.ones(SIDE**2, bool))
    now, shown = SimpleNamespace(grid=grid, notes={}), [Weeks(planes) for planes in months(i)]
    MODEL(shown[0], now)
    out = []
    taken = cpu(lambda: out.extend(MODEL(evidence, now) for evidence in shown)) / REPEATS
    return taken if seen is None else seen.append(out[0].reshape(SIDE, SIDE)) or taken


def theirs(way, seen=None):
    """CPU seconds of SciPy's."""

    def job(i):
        planes, out = months(i), []
        taken = cpu(lambda: out.extend(way(np.tensordot(FADE, p, 1)) / COVERED for p in planes)) / REPEATS
        return taken if seen is None else seen.append(out[0]) or taken

    return job


def agree() -> None:
    """Stop where the sides do not compute the same map."""
    maps: list = []
    ours(0, maps)
    for way in WAYS.values():
        theirs(way, maps)(0)
    apart = max(np.abs(m - maps[1]).max() for m in maps) / maps[1].max()
    if not apart < AGREE:
        raise SystemExit(f"promap: maps differ by {apart:g} of the largest, allowed {AGREE:g}")


def measure(keys, rounds: int) -> dict[str, float]:
    """The figure asked for, against SciPy's fastest."""
    agree()
    taken = in_turns({"ours": ours} | {name: theirs(way) for name, way in WAYS.items()}, rounds)
    return {"promap_vs_scipy": min(ratio(taken, name, "ours") for name in WAYS)}
