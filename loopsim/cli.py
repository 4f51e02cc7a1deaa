"""The command line: one file of `loopsim/verbs` for each verb, loaded when it is used."""

from __future__ import annotations

import argparse
import ast
import os
import sys
from pathlib import Path

from loopsim.limits import Refused, nearest

VERBS = Path(__file__).parent / "verbs"
DEFAULT = "run"


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 2 bad input, 130 interrupted."""
    argv = sys.argv[1:] if argv is None else list(argv)
    try:
        code = _dispatch(argv)
        sys.stdout.flush()
        return code
    except Refused as refused:
        return _fail(refused.lines, 2)
    except KeyboardInterrupt:
        return _fail(["interrupted"], 130)
    except BrokenPipeError:
        # The reader has gone (`| head`): nothing to say, and nowhere to say it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except MemoryError:
        return _fail(["out of memory; lower city.rows, city.cols, city.residents or threads"], 1)
    except OSError as error:
        return _fail([f"{error.filename}: {error.strerror}" if error.filename else str(error)], 1)


def verbs() -> dict[str, str]:
    """Every verb and its one-line help, without importing any of them."""
    files = sorted(p for p in VERBS.glob("*.py") if not p.stem.startswith("_"))
    return {p.stem.replace("_", "-"): _first_line(p) for p in files}


def _dispatch(argv: list[str]) -> int:
    known = verbs()
    verb, rest = _split(argv, known)
    if verb is None:
        return 0
    import importlib

    module = importlib.import_module(f"loopsim.verbs.{verb.replace('-', '_')}")
    parser = Parser(prog=f"loopsim {verb}", description=known[verb], allow_abbrev=False)
    parser.add_argument(
        "--config-dir", metavar="DIR", action="append", default=[], help="a folder with configs of your own"
    )
    module.arguments(parser)
    nested = any(isinstance(a, argparse._SubParsersAction) for a in parser._actions)
    args = parser.parse_args(rest) if nested else parser.parse_intermixed_args(rest)
    return module.run(args) or 0


def _split(argv: list[str], known: dict[str, str]) -> tuple[str | None, list[str]]:
    """The verb and what is left; `run` where the line names none."""
    skip = False
    for i, word in enumerate(argv):
        if skip or word.startswith("-"):
            if word in ("-h", "--help", "--version"):
                _print_about(known, word)
                return None, []
            skip = word == "--config-dir"
        elif word in known:
            return word, argv[:i] + argv[i + 1 :]
        elif "=" in word or word.startswith(("+", "~")):
            break
        else:
            raise Refused(f"no verb {word}: {nearest(word, known)}")
    return DEFAULT, argv


def _print_about(known: dict[str, str], flag: str) -> None:
    if flag == "--version":
        import loopsim

        print(f"loopsim {loopsim.__version__}")
        return
    import shutil
    import textwrap

    room = max(shutil.get_terminal_size().columns, 60)
    print("usage: loopsim [VERB] [--config-dir DIR] [key=value ...]\n")
    print(textwrap.fill("What becomes of biased police records in a city of equal offenders.", room) + "\n")
    width = max(map(len, known))
    for verb, line in known.items():
        print(textwrap.fill(f"  {verb:{width}}  {line}", room, subsequent_indent=" " * (width + 4)))
    more = "Without a verb: run. `loopsim VERB --help` says more; `loopsim list` shows what can be chosen,"
    print("\n" + textwrap.fill(f"{more} `loopsim show` every key. --version prints the version.", room))


def _first_line(path: Path) -> str:
    return (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").split("\n")[0].rstrip(".")


def _fail(lines, code: int) -> int:
    for line in lines:
        print(f"loopsim: {line}", file=sys.stderr)
    return code


class Parser(argparse.ArgumentParser):
    """argparse that refuses like the rest of loopsim: one line, exit code 2."""

    def error(self, message: str):
        """Refuse the command line with one line."""
        raise Refused(f"{message}; see {self.prog} --help")
