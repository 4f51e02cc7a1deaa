"""Run a scenario and print what became of the bias."""

from __future__ import annotations


def arguments(parser) -> None:
    """What `loopsim run` takes."""
    parser.add_argument("overrides", nargs="*", metavar="key=value", help="see `loopsim show`")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")


def run(args) -> int:
    """Compose, check, run, tell."""
    from loopsim.study.compose import compose

    study = compose(args.overrides, config_dirs=args.config_dir)
    from loopsim.study.run import run as runner
    from loopsim.study.words import tell

    print(tell(runner(study, progress=not args.quiet)))
    return 0
