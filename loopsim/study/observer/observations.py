"""Observations: what one arm showed, as numerators and denominators by replicate.

Kept apart until the end, because a ratio over an ensemble is a ratio of sums. Columns
are replicates, so chunks of replicates join to the same arrays however they were cut.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


@dataclass(kw_only=True, eq=False)
class Observations:
    """Series of one arm for some replicates.

    Parameters
    ----------
    replicates : (R,) int, their numbers
    keys : list of (day, measure, group), one a row
    a, b : (S, R) float, numerators and denominators
    pseudo : (S, R) float, added to both before the log; NaN marks a plain ratio
    refits : day -> number of the refit, for the days on which plans were kept
    refit_days : int
    total_maps : name -> (n,) int64, sums over replicates (`patrol` in 1/1024 officer-hours)
    ranks : (P,) int, numbers of cells at which the curves are read
    curves : name -> (R, P) float, how few cells take the patrol, see `Period.curves`
    frames : name -> (F, rows, cols) float32, replicate 0 by week and block; empty if it is not here
    frame_days : list of int, last day of each frame
    """

    replicates: np.ndarray
    keys: list
    a: np.ndarray
    b: np.ndarray
    pseudo: np.ndarray
    refits: dict
    refit_days: int
    total_maps: dict = field(default_factory=dict)
    ranks: np.ndarray = field(default_factory=lambda: np.zeros(0, int))
    curves: dict = field(default_factory=dict)
    frames: dict = field(default_factory=dict)
    frame_days: list = field(default_factory=list)

    @classmethod
    def joined(cls, chunks: list[Observations]) -> Observations:
        """All chunks as one, ordered by replicate number; the order of chunks is irrelevant."""
        chunks = sorted(chunks, key=lambda o: int(o.replicates.min()))
        first = chunks[0]
        if any(o.keys != first.keys for o in chunks):
            raise ValueError("chunks of one arm must cover the same days, got different ones")
        order = np.argsort(np.concatenate([o.replicates for o in chunks]), kind="stable")
        wide = {
            k: np.concatenate([getattr(o, k) for o in chunks], axis=1)[:, order] for k in ("a", "b", "pseudo")
        }
        shown = next((o for o in chunks if o.frames), first)
        return cls(
            replicates=np.concatenate([o.replicates for o in chunks])[order],
            keys=first.keys,
            **wide,
            refits=first.refits,
            refit_days=first.refit_days,
            total_maps={k: sum(o.total_maps[k] for o in chunks) for k in first.total_maps},
            ranks=first.ranks,
            curves={k: np.concatenate([o.curves[k] for o in chunks])[order] for k in first.curves},
            frames=shown.frames,
            frame_days=shown.frame_days,
        )
