"""What `loopsim city import` and `loopsim city show` do."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_parsers(sub) -> None:
    """Both subcommands, each with its `func`."""
    for name, about, arguments, func in (
        ("import", "make a city file from police, census and boundary files", import_arguments, import_run),
        ("show", "say what is in a city file", show_arguments, show_run),
    ):
        parser = sub.add_parser(name, help=about, description=about, allow_abbrev=False)
        arguments(parser)
        parser.set_defaults(func=func)


def import_arguments(parser) -> None:
    """What `loopsim city import` takes."""
    parser.add_argument(
        "--crimes", nargs="+", default=[], metavar="CSV", help="street-level crime files; none: no records"
    )
    parser.add_argument("--people", required=True, metavar="CSV", help="residents of small areas by group")
    parser.add_argument("--boundaries", required=True, metavar="GEOJSON", help="the small areas")
    parser.add_argument(
        "--groups",
        nargs="+",
        required=True,
        metavar="NAME=COLUMN+COLUMN",
        help="groups as sums of columns of --people; the largest is the reference of every ratio",
    )
    parser.add_argument("--points", nargs="+", default=[], metavar="KIND=FILE", help="places: CSV or GeoJSON")
    parser.add_argument(
        "--cell", type=_metres, default=150.0, metavar="M", help="side of a cell, metres (150)"
    )
    parser.add_argument("--out", required=True, metavar="FILE.nc", help="the city file to write")


def import_run(args) -> int:
    """Read, report, write."""
    from loopsim.city import file
    from loopsim.city.importing.assemble import assemble
    from loopsim.city.importing.points import kinds_of

    file.check_place(Path(args.out))
    city, said = assemble(
        crimes=args.crimes,
        people=args.people,
        boundaries=args.boundaries,
        groups=args.groups,
        points=kinds_of(args.points),
        cell_m=args.cell,
    )
    file.write(city, args.out)
    print("\n".join(said))
    print(f"wrote {args.out}: {_size(city)}")
    return 0


def show_arguments(parser) -> None:
    """What `loopsim city show` takes."""
    parser.add_argument("file", help="a city file")


def show_run(args) -> int:
    """Print size, people, venues, records and origin."""
    from loopsim.city.file import read
    from loopsim.city.mix import dissimilarity

    city = read(args.file)
    print(f"{args.file}: {_size(city)}")
    apart = [None, *dissimilarity(city.residents)]
    for name, people, index in zip(city.groups, city.people, apart):
        note = "reference" if index is None else f"dissimilarity {index:.2f} by cell"
        print(f"  {name}: {people} residents, {people / city.total:.1%}, {note}")
    print(f"  districts: {len(city.grid.districts)}")
    for kind, points in city.grid.points.items():
        print(f"  {kind}: {len(points)}")
    if city.records is not None:
        print(f"  records: {city.records.cell.size} in {city.records.month_days.size} months")
        for i, crime_type in enumerate(city.records.crime_types):
            print(f"    {crime_type}: {int((city.records.crime_type == i).sum())}")
    for line in city.source.get("report", []):
        print(f"  at import: {line}")
    return 0


def _size(city) -> str:
    grid = city.grid
    inside = int(grid.inside.sum())
    return f"{grid.rows}x{grid.cols} cells of {grid.cell_m:g} m ({inside} inside), {city.total} residents"


def _metres(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not 0 < value < 100_000:
        raise argparse.ArgumentTypeError(f"must be > 0 and < 100000 m, got {text}; set --cell")
    return value
