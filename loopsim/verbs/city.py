"""Make a city from real files, or show what is in one."""

from __future__ import annotations


def arguments(parser) -> None:
    """What `loopsim city import` and `loopsim city show` take."""
    from loopsim.city import commands

    sub = parser.add_subparsers(dest="command", metavar="import|show", required=True)
    commands.add_parsers(sub)


def run(args) -> int:
    """Do what the subcommand says."""
    return args.func(args)
