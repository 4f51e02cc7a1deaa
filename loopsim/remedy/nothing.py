"""Nothing: the model is shown the records as they are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Nothing:
    """No remedy."""

    def __call__(self, evidence, now):
        """The same evidence."""
        return evidence
