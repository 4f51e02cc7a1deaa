"""Reproduce published results and say which return."""

from __future__ import annotations

from pathlib import Path


def arguments(parser) -> None:
    """What `loopsim validate` takes."""
    parser.add_argument("case", nargs="*", metavar="NAME", help="published results; all of them by default")
    parser.add_argument("--list", action="store_true", help="list them and do nothing")
    parser.add_argument("--quick", action="store_true", help="few replicates: to see that it runs")
    parser.add_argument("--out", default="results/validate", metavar="DIR", help="folder (results/validate)")
    parser.add_argument("--page", metavar="FILE", help="write the page of docs/validation.md here as well")
    parser.add_argument("--data", metavar="DIR", help="folder with files that loopsim cannot ship (Oakland)")


def run(args) -> int:
    """Exit code 1 where a result that must return does not; other failures are findings."""
    from loopsim.limits import Refused
    from loopsim.validation import case as cases
    from loopsim.validation import page
    from loopsim.validation.run import run as validate

    loaded = [cases.load(name) for name in (args.case or cases.names())]
    if args.list:
        width = max(len(c.name) for c in loaded) + 2
        print("\n".join(f"{c.name:{width}}{c.title}" for c in loaded))
        return 0
    if args.data is not None and not Path(args.data).is_dir():
        raise Refused(f"--data must be a folder, got {args.data}; set --data")
    size = cases.Size(quick=args.quick, data=args.data and Path(args.data))
    found = validate([c.name for c in loaded], size=size, out=args.out)
    if args.page:
        page.write(found, Path(args.page))
    return int(any(f.broken for f in found))
