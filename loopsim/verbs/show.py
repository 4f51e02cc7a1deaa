"""Show the composed configuration: every key and its value."""

from __future__ import annotations


def arguments(parser) -> None:
    """What `loopsim show` takes."""
    parser.add_argument("overrides", nargs="*", metavar="key=value")
    parser.add_argument("--json", action="store_true", help="JSON instead of YAML")


def run(args) -> int:
    """Compose and check as for a run, then print instead of running."""
    from loopsim.study.compose import compose

    study = compose(args.overrides, config_dirs=args.config_dir)
    shown = {**study.shared, "arms": {name: list(lines) for name, lines in study.arms.items()}}
    if args.json:
        import json

        print(json.dumps(shown, indent=2))
    else:
        import yaml

        print(yaml.safe_dump(shown, sort_keys=False, allow_unicode=True, width=88), end="")
    return 0
