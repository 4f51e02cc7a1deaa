"""List what can be chosen: scenarios, arms, stages, measures."""

from __future__ import annotations


def arguments(parser) -> None:
    """What `loopsim list` takes."""
    parser.add_argument("room", nargs="?", help="scenario, arm, city, world, prediction ... or measure")
    parser.add_argument("--json", action="store_true", help="JSON instead of text")


def run(args) -> int:
    """Print one line for each option."""
    from loopsim.study.config import catalogue

    folders = catalogue.folders(args.config_dir)
    rooms = [catalogue.room_named(args.room, folders)] if args.room else catalogue.rooms(folders)
    found = {room: catalogue.described(room, folders) for room in rooms}
    if args.json:
        import json

        rows = [{"room": r, "name": n, "about": a} for r, items in found.items() for n, a in items.items()]
        print(json.dumps(rows, indent=2))
        return 0
    for i, (room, items) in enumerate(found.items()):
        if not args.room:
            print(("\n" if i else "") + room)
        _print(items, indent="" if args.room else "  ")
    return 0


def _print(items: dict[str, str], indent: str) -> None:
    import shutil
    import textwrap

    width = max(shutil.get_terminal_size().columns, 60)
    left = max(map(len, items), default=0) + 2
    for name, about in items.items():
        lines = textwrap.wrap(about, max(width - left - len(indent), 24)) or [""]
        print(f"{indent}{name:{left}}{lines[0]}".rstrip())
        for line in lines[1:]:
            print(f"{indent}{'':{left}}{line}")
