"""The window: how many days of records there are, by what rules they count, and what was remarked."""

from __future__ import annotations


def days_held(evidence, days: int) -> int:
    """Days of the window that the records really cover, at least one."""
    return max(1, min(days, evidence.days_known))


def recipe(evidence) -> tuple:
    """What decides how much a record weighs; when it changes, what was summed up before is stale."""
    scale = None if evidence.scale is None else evidence.scale.tobytes()
    limits = evidence.rule, evidence.floor, evidence.forget_per_day, evidence.cap
    return evidence.weights.tobytes(), scale, *limits


def remark(now, what: str) -> None:
    """Write a fallback into the run's manifest, once for each day."""
    remarks = now.notes.setdefault("fallbacks", [])
    line = f"{what} (day {now.day})"
    if line not in remarks:
        remarks.append(line)
