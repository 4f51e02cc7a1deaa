"""Run the cases and write what came of them: a table, a manifest, a figure each."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from loopsim.limits import Refused
from loopsim.study import manifest as manifests
from loopsim.study.store import write_csv
from loopsim.validation.case import Case, Size, load, names
from loopsim.validation.judge import COLUMNS, Finding, judged, plain

MARK = "validate.csv"  # a folder with this file is one of ours


def run(asked=(), *, size: Size | None = None, out=None, say: Callable[[str], None] = print) -> list[Finding]:
    """Measure the cases asked for (all of them by default), say each as it is done, and write the folder.

    A case whose files the user has not given is left out, and that is said.
    """
    size, found, began, seconds = size or Size(), [], time.perf_counter(), {}
    out = None if out is None else _checked(Path(out))
    for case in [load(name) for name in (asked or names())]:
        if case.needs and size.data is None:
            say(f"\n{case.name}: left out, it needs {case.needs}; set --data")
            continue
        start = time.perf_counter()
        mine = judged(case, case.measure(size))
        seconds[case.name] = round(time.perf_counter() - start, 1)
        found += mine
        say(told(case, mine))
    if out is not None:
        _write(out, found, size, {"seconds": seconds, "wall_seconds": round(time.perf_counter() - began, 1)})
        say(f"\nwrote {out}")
    return found


def told(case: Case, findings: list[Finding]) -> str:
    """One case as lines of text."""
    lines = [
        f"\n{case.name}: {case.title}",
        f"  {'':34}{'published':>10} {'ours':>10}   95 % interval        tolerance  verdict",
    ]
    for f in findings:
        published = "-" if f.row.published is None else plain(f.row.published)
        interval = f"[{plain(f.lo)}, {plain(f.hi)}]" if np.isfinite(f.lo) else "-"
        known = "" if f.verdict == f.row.expect else f"  (recorded: {f.row.expect})"
        lines.append(
            f"  {f.row.name:34}{published:>10} {plain(f.ours):>10}   {interval:21}{f.row.tolerance:>9.3g}  {f.verdict}{known}"
        )
        if f.verdict in ("fail", "undecided", "not composed") and f.row.reason:
            lines.append(f"      {f.row.reason}")
    return "\n".join(lines)


def _checked(out: Path) -> Path:
    if out.exists() and not out.is_dir():
        raise Refused(f"--out must be a folder, got the file {out}; set --out")
    if out.is_dir() and any(out.iterdir()) and not (out / MARK).is_file():
        raise Refused(
            f"--out must be new, empty or an earlier validation, got {out} with other files; set --out"
        )
    return out


def _write(out: Path, found: list[Finding], size: Size, times: dict) -> None:
    from loopsim.charts.paper import published

    try:
        (out / "figures").mkdir(parents=True, exist_ok=True)
        rows = [f.line() for f in found]
        write_csv(out / MARK, COLUMNS, rows)
        for case in dict.fromkeys(row[0] for row in rows):
            title = next(f.case.title for f in found if f.case.name == case)
            mine = [dict(zip(COLUMNS, r, strict=True)) for r in rows if r[0] == case]
            published.write(mine, title, f"loopsim validate {case}", out / "figures" / case)
        files = sorted(p for p in out.rglob("*") if p.is_file() and p.name != "manifest.json")
        verdicts = [f.verdict for f in found]
        manifest = manifests.build({
            "kind": "validation", "quick": size.quick, **times,
            "verdicts": {v: verdicts.count(v) for v in dict.fromkeys(verdicts)},
            "changed": [f"{f.case.name}.{f.row.name}" for f in found if f.verdict != f.row.expect],
        })  # fmt: skip
        manifest["files"] = {p.relative_to(out).as_posix(): manifests.checksum(p) for p in files}
        (out / "manifest.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", "utf-8")
    except OSError as error:
        raise Refused(f"cannot write to {out}: {error.strerror or error}; set --out") from error
