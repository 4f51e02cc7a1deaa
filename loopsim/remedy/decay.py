"""Decay: records fade with age."""

from __future__ import annotations

from dataclasses import dataclass, replace

from loopsim.limits import number, validate
from loopsim.records.evidence import Evidence
from loopsim.stages import Now


@dataclass(frozen=True, kw_only=True)
class Decay:
    """Halve the weight of a record every `half_life_days`.

    A record of yesterday weighs 1; a model that looks back on a window keeps the window.

    Parameters
    ----------
    half_life_days : float, days

    **Special cases**

    - A very long half-life: nothing changes.
    - Records all of one age: every count is multiplied by one constant.

    **What it does to the loop**: the legacy is forgotten, and so is everything else. A short
    memory makes the urn noisier (its variance grows to lock-in), so with equal offending the
    bias that fades on average can come back by chance, in either direction.

    References
    ----------
    Ensign et al. (2018), the decay option of the urn (each ball removed with probability p
    a step).
    """

    half_life_days: float = number(above=0, unit="days")

    def __post_init__(self):
        validate(self)

    def __call__(self, evidence: Evidence, now: Now) -> Evidence:
        """Evidence in which old records weigh less."""
        keep = (1.0 - evidence.forget_per_day) * 0.5 ** (1.0 / self.half_life_days)
        return replace(evidence, forget_per_day=1.0 - keep)
