"""Design: where to sample swept intervals, and what the outcomes say of each key (SALib).

`sobol:N` takes N (D + 2) points (Saltelli's scheme without second order) and gives each
key's first-order and total index; `morris:N` takes N trajectories of D + 1 points and gives
mu* and sigma of the elementary effects. Keys with listed values are crossed with the
design, and each combination of them has indices of its own. Needs the extra `sensitivity`.

References
----------
Saltelli et al. (2010), Variance based sensitivity analysis. Morris (1991), Factorial
sampling plans. Campolongo, Cariboni & Saltelli (2007), An effective screening design.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from loopsim.limits import Refused, nearest
from loopsim.study.config.overrides import Override
from loopsim.study.sweep.points import Grid

KINDS = ("sobol", "morris")
INDICES = {"sobol": ("first_order", "total"), "morris": ("mu_star", "sigma")}
SEED = 20150911  # of samples and bootstraps; fixed, as that of the intervals
DRAWS = 1000  # of the bootstrap
LEVELS = 4  # of Morris' grid
MOST = 2**16


@dataclass(frozen=True, kw_only=True)
class Design:
    """A sampling of the intervals of a sweep.

    Parameters
    ----------
    kind : "sobol" or "morris"
    n : samples or trajectories
    intervals : key -> (low, high, whole)
    """

    kind: str
    n: int
    intervals: dict

    @classmethod
    def of(cls, text: str | None, grid: Grid) -> Design | None:
        """Checked against the lines of the sweep; None where no key is an interval."""
        if text is None:
            if grid.intervals:
                key = next(iter(grid.intervals))
                raise Refused(
                    f"{key}=interval(...) has no values of its own; add --design sobol:N or morris:N"
                )
            return None
        kind, _, size = text.partition(":")
        if kind not in KINDS:
            raise Refused(f"--design must be sobol:N or morris:N, got {text}: {nearest(kind, KINDS)}")
        if not size.isdecimal() or not 2 <= int(size) <= MOST:
            raise Refused(f"--design {kind}:N needs a whole number from 2 to {MOST}, got {size or 'none'}")
        n = int(size)
        if kind == "sobol" and n & (n - 1):
            raise Refused(f"--design sobol:N needs a power of 2, got {n}; the next is {2 ** n.bit_length()}")
        if len(grid.intervals) < 2:
            raise Refused(f"--design {kind} compares keys: give two or more as KEY=interval(LOW,HIGH)")
        return cls(kind=kind, n=n, intervals=grid.intervals)

    @property
    def size(self) -> int:
        """Points, for each combination of the listed values."""
        return self.n * (len(self.intervals) + (2 if self.kind == "sobol" else 1))

    def samples(self) -> np.ndarray:
        """(size, D) the sampled values; those of whole intervals are whole."""
        if self.kind == "sobol":
            draw = _salib("sample.sobol").sample
            found = draw(self._problem(), self.n, calc_second_order=False, seed=SEED)
        else:
            draw = _salib("sample.morris").sample
            found = draw(self._problem(), self.n, num_levels=LEVELS, seed=SEED)
        whole = np.array([w for *_, w in self.intervals.values()])
        lows, highs, _ = (np.array(column, float) for column in zip(*self.intervals.values(), strict=True))
        rounded = np.clip(np.floor(found + 0.5), lows, highs)
        return np.where(whole, rounded, found)

    def rows(self, grid: Grid) -> Iterator[tuple[Override, ...]]:
        """The overrides of every point: each combination of listed values with each sample."""
        samples = [
            tuple(
                Override(key, int(v) if whole else float(f"{v:.10g}"))
                for (key, (*_, whole)), v in zip(self.intervals.items(), row, strict=True)
            )
            for row in self.samples().tolist()
        ]
        for outer in grid.rows():
            yield from ((*outer, *sample) for sample in samples)

    def indices(self, outcome) -> list[tuple]:
        """(key, index, value, lo, hi) of (size,) outcomes, 95 % limits from a bootstrap of the design."""
        outcome = np.asarray(outcome, float)
        if not np.isfinite(outcome).all() or math.isclose(np.ptp(outcome), 0.0, abs_tol=1e-12):
            return []
        names = INDICES[self.kind]
        tables = list(self._sobol(outcome) if self.kind == "sobol" else self._morris(outcome))
        return [
            (key, name, *(float(x[i]) for x in table))
            for i, key in enumerate(self.intervals)
            for name, table in zip(names, tables, strict=True)
        ]

    def _sobol(self, outcome):
        found = _salib("analyze.sobol").analyze(
            self._problem(), outcome, calc_second_order=False, num_resamples=DRAWS, seed=SEED
        )
        for name in ("S1", "ST"):
            value, half = found[name], found[f"{name}_conf"]
            yield value, value - half, value + half

    def _morris(self, outcome):
        """mu* and sigma of the elementary effects, with percentiles over resampled trajectories."""
        samples, keys = self.samples(), len(self.intervals)
        blocks = (samples.reshape(self.n, keys + 1, keys), outcome.reshape(self.n, keys + 1))
        effects = _effects(*blocks, self._bounds())
        rng = np.random.Generator(np.random.PCG64(SEED))
        picks = rng.integers(0, self.n, size=(DRAWS, self.n))
        for rule in (lambda e: np.abs(e).mean(axis=-2), lambda e: e.std(axis=-2, ddof=1)):
            drawn = np.stack([rule(effects[pick]) for pick in picks])
            low, high = np.percentile(drawn, (2.5, 97.5), axis=0)
            yield rule(effects), low, high

    def _bounds(self) -> np.ndarray:
        return np.array([(low, high) for low, high, _ in self.intervals.values()])

    def _problem(self) -> dict:
        # Every whole number has the same chance if half a step is added at both ends.
        bounds = [
            [low - 0.5, high + 0.499999] if whole and self.kind == "sobol" else [low, high]
            for low, high, whole in self.intervals.values()
        ]
        return {"num_vars": len(bounds), "names": list(self.intervals), "bounds": bounds}


def _effects(samples, outcome, bounds):
    """(N, D) elementary effects, outcome per whole interval of a key; 0 where rounding left no step."""
    span = bounds[:, 1] - bounds[:, 0]
    steps = np.diff(samples, axis=1) / span
    change = np.diff(outcome, axis=1)
    effects = np.zeros((samples.shape[0], samples.shape[2]))
    for i, row in enumerate(np.argmax(np.abs(steps), axis=2)):
        for j, key in enumerate(row):
            if steps[i, j, key] != 0:
                effects[i, key] = change[i, j] / steps[i, j, key]
    return effects


def _salib(module: str):
    import importlib

    try:
        return importlib.import_module(f"SALib.{module}")
    except ImportError:
        raise Refused("--design needs SALib; install it with: pip install 'loopsim[sensitivity]'") from None
