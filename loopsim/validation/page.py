"""The page docs/validation.md, made from the findings by `loopsim validate --page FILE`."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from loopsim.validation.judge import Finding, plain

HEAD = """# Published results, reproduced or not

Made by `loopsim validate --page docs/validation.md`; do not edit. Each case is composed from the stages of the loop; one
(D'Amour et al.) had to bring a world, a model and a rule of its own, and says so. A row passes where ours lies within the
tolerance that stands in `configs/validate/`, with its reason; it fails where our 95 % interval (bootstrap over replicates)
misses that range, and is undecided in between. A tolerance is never widened to make a row pass. Marks say where a
published number was read: **[file]** the authors' repository, **[page]** a page, **[run]** measured by running the
authors' own code, **[arithmetic]** follows from the others. A row that fails says why; a finding has nothing published
beside it.
"""


def write(findings: list[Finding], target: Path) -> Path:
    """Write the page."""
    parts = [HEAD, _summary(findings)]
    for name in dict.fromkeys(f.case.name for f in findings):
        parts.append(_case([f for f in findings if f.case.name == name]))
    target.write_text("\n".join(parts), encoding="utf-8", newline="\n")
    return target


def _summary(findings) -> str:
    verdicts = [f.verdict for f in findings]
    said = ", ".join(f"{verdicts.count(v)} {v}" for v in dict.fromkeys(verdicts))
    return f"\n{len(findings)} rows in {len({f.case.name for f in findings})} cases: {said}.\n"


def _case(findings) -> str:
    case = findings[0].case
    lines = [
        f"## {case.title}\n", f"*{case.source}*\n", f"{case.about}\n",
        f"Composed: {case.composed}. Alone: `loopsim validate {case.name}`.\n",
        "| | published | mark | ours | 95 % interval | tolerance | verdict |", "| --- | --- | --- | --- | --- | --- | --- |",
    ]  # fmt: skip
    for f in findings:
        published = "" if f.row.published is None else plain(f.row.published)
        ours, low, high = (plain(x) if np.isfinite(x) else "" for x in (f.ours, f.lo, f.hi))
        interval = f"{low} to {high}" if low and low != high else ""
        verdict = (
            f"**{f.verdict}**: {f.row.reason}"
            if f.verdict not in ("pass", "finding") and f.row.reason
            else f.verdict
        )
        cells = (f.row.what, published, f.row.mark, ours, interval, f"{f.row.tolerance:.3g}", verdict)
        lines.append("| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |")
    return "\n".join(lines) + "\n"
