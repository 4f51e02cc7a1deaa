"""Sweep words: what a sweep found, as a table for a terminal."""

from __future__ import annotations

from loopsim.study.sweep.result import SweepResult
from loopsim.study.words import CAVEAT

SHOWN = 40  # points; more are in the table


def tell(result: SweepResult) -> str:
    """How the disparity of patrol ended at each point."""
    told, arms = result.manifest, result.arms
    arm = "loop" if "loop" in arms else arms[0]
    pair = f"{result.groups[1]}/{result.groups[0]}"
    keys = list(result.points[0]["values"])
    lines = [
        f"{told['scenario']}: {len(result.points)} points, {told['days']} days, seed {told['seed']}; "
        f"{told['points_run']} run now",
        f"Arm {arm}, {pair}: how the disparity of patrol ended against the first plan, log [95 %]",
        "  ".join([*(f"{k:>{_width(k)}}" for k in keys), "compounding".rjust(22), "regime", "replicates"]),
    ]
    for point in result.points[:SHOWN]:
        verdict = point["verdict"][arm].get(pair)
        if verdict is None:
            continue
        cells = [f"{_short(point['values'][k]):>{_width(k)}}" for k in keys]
        lines.append(
            "  ".join(
                [*cells, _interval(verdict["compounding"]), verdict["regime"], str(point["replicates"])]
            )
        )
    if len(result.points) > SHOWN:
        lines.append(f"... and {len(result.points) - SHOWN} more in summary.csv")
    lines += _precision(result)
    return "\n".join([*lines, "", CAVEAT, f"Written to {result.path}"])


def _precision(result: SweepResult) -> list[str]:
    asked = result.manifest.get("precision")
    if not asked:
        return []
    wide = [p for p in result.points if (p.get("width") or 0) > asked["width"]]
    if not wide:
        return [f"Every interval of {asked['measure']} is at most {asked['width']:g} wide."]
    return [
        f"{len(wide)} of {len(result.points)} points stopped at {asked['most']} replicates with an interval of "
        f"{asked['measure']} wider than {asked['width']:g}; the widest is {max(p['width'] for p in wide):.3g}."
    ]


def _interval(found) -> str:
    mean, low, high = found
    if mean is None:
        return "-".rjust(22)
    text = f"{mean:.2f}" if low is None or high is None else f"{mean:.2f} [{low:.2f}, {high:.2f}]"
    return text.rjust(22)


def _width(key: str) -> int:
    return max(len(key), 6)


def _short(value) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
