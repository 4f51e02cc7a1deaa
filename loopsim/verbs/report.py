"""Write the one-file page of a result: works offline, on a phone, by keyboard."""

from __future__ import annotations


def arguments(parser) -> None:
    """What `loopsim report` takes."""
    parser.add_argument("result", help="a folder written by loopsim run or loopsim sweep")
    parser.add_argument(
        "--out", metavar="FILE", help="the page; index.html in the folder where none is given"
    )


def run(args) -> int:
    """Write the page and say where it is."""
    from pathlib import Path

    from loopsim.report.page import write

    page = write(Path(args.result), Path(args.out) if args.out else None)
    print(f"{page} ({page.stat().st_size / 1e6:.1f} MB)")
    return 0
