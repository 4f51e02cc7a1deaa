"""What is known of each police system simulated: purpose, data, evaluations."""

from __future__ import annotations


def arguments(parser) -> None:
    """What `loopsim register` takes."""
    parser.add_argument("name", nargs="?", metavar="NAME", help="a system, as in loopsim list prediction")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--html", action="store_true", help="one HTML page instead of text")
    form.add_argument("--json", action="store_true", help="JSON instead of text")


def run(args) -> int:
    """Print one entry, or all of them."""
    from loopsim.study import register
    from loopsim.study.config import catalogue

    places = catalogue.folders(args.config_dir)
    entries = [register.entry(n, places) for n in ([args.name] if args.name else register.names(places))]
    print(_as_asked(args, entries), end="")
    return 0


def _as_asked(args, entries: list[dict]) -> str:
    from loopsim.study import register_words

    if args.json:
        import json

        return json.dumps(entries[0] if args.name else entries, indent=2, ensure_ascii=False) + "\n"
    if args.html:
        return register_words.page(entries)
    import shutil

    return register_words.whole(entries, max(40, min(shutil.get_terminal_size().columns, 100)))
