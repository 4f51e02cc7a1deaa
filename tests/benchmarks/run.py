"""Measure loopsim's speed as ratios of CPU times, and write them as one JSON object.

    python tests/benchmarks/run.py --json FILE [--only KEY ...] [--quick] [--rounds N]

Every family of keys is a file `family_*.py` with `KEYS` and `measure(keys, rounds)`. Keys
named FAST_vs_SLOW say how many times the slow one's time is (larger is better), except
w1_vs_rng_floor, w2_vs_w1, w3_vs_256_w1, residents_100x, help_vs_bare_python and those of
predpol_daily, which say how many times the yardstick's time loopsim takes (smaller is better).
`sweep_overhead_ms` is milliseconds a point, `etas_ns_per_event_iteration` nanoseconds a record
and sweep of learning (smaller is better).
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent


def families() -> dict:
    """Module -> its keys, found by file name."""
    modules = [importlib.import_module(path.stem) for path in sorted(HERE.glob("family_*.py"))]
    return {module: module.KEYS for module in modules}


def measured(only: list[str], rounds: int) -> dict[str, float]:
    """Every key asked for that can be measured; a family's reasons go to stderr."""
    found = {}
    for module, keys in families().items():
        wanted = [key for key in keys if not only or key in only]
        if not wanted:
            continue
        began = time.perf_counter()
        figures = module.measure(wanted, rounds)
        found |= {key: round(float(figures[key]), 4) for key in wanted if key in figures}
        left_out = [key for key in wanted if key not in figures]
        for key in wanted:
            print(f"{key:32} {found[key]:.4g}" if key in found else f"{key:32} not measured", file=sys.stderr)
        print(f"  {module.__name__}: {time.perf_counter() - began:.0f} s", file=sys.stderr)
        if left_out and only:
            raise SystemExit(f"cannot be measured here: {', '.join(left_out)}")
    return found


def main(argv=None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", metavar="FILE", help="write the ratios here; else to stdout")
    parser.add_argument("--only", nargs="+", default=[], metavar="KEY")
    parser.add_argument("--quick", action="store_true", help="two rounds, to see that it runs")
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args(argv)
    known = [key for keys in families().values() for key in keys]
    strange = [key for key in asked.only if key not in known]
    if strange:
        parser.error(f"no key {strange[0]}: allowed: {', '.join(known)}")
    text = json.dumps(measured(asked.only, 2 if asked.quick else asked.rounds), indent=2)
    if asked.json:
        Path(asked.json).write_text(text + "\n", encoding="utf-8")
    else:
        print(text)


if __name__ == "__main__":
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    sys.path[:0] = [str(HERE), str(HERE.parents[1])]
    main()
