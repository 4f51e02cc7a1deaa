"""Fallbacks: what a model did instead when a fit was degenerate, kept for the manifest."""

from __future__ import annotations


def fall_back(notes: dict, line: str) -> None:
    """Remember a stated fallback once per run; the manifest lists `notes["fallbacks"]`."""
    known = notes.setdefault("fallbacks", [])
    if line not in known:
        known.append(line)
