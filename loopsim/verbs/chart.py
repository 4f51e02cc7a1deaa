"""Draw charts of a result: PNG, SVG, social cards, or the loop as an animation."""

from __future__ import annotations


def arguments(parser) -> None:
    """What `loopsim chart` takes."""
    parser.add_argument("result", help="a folder written by loopsim run or loopsim sweep")
    parser.add_argument(
        "--kind", metavar="NAME", action="append", help="see `loopsim list chart`; all by default"
    )
    parser.add_argument(
        "--out", metavar="FILE", help="NAME.png, .svg, .gif or .mp4; a folder for several charts"
    )
    parser.add_argument("--card", action="store_true", help="1200 x 675 pixels, for social media")


def run(args) -> int:
    """Draw, write, and say what the picture shows."""
    from pathlib import Path

    from loopsim import charts, load
    from loopsim.charts.paper import files
    from loopsim.limits import Refused

    result = load(args.result)
    kinds = args.kind or charts.drawable(result)
    why = [w for w in (charts.reason(result, kind) for kind in kinds) if w]
    if why:
        raise Refused(why)
    many = len(kinds) > 1 or not args.kind
    for kind in kinds:
        module = charts.chart(kind)
        moving = getattr(module, "ANIMATED", False) and not args.card
        name = f"{kind}{'-card' if args.card else ''}.{'gif' if moving else 'png'}"
        path = Path(args.out or ".") / name if many else Path(args.out or name)
        if many:
            path.parent.mkdir(parents=True, exist_ok=True)
        if moving and path.suffix.lower() not in files.FORMATS:
            module.animate(result, path)
        else:
            files.save(module.draw(result), path, args.card)
        print(f"{path}: {module.alt(result)}")
    return 0
