"""Runs what a page of documentation tells a reader to type.

A fenced block `console` holds commands after `$ `, with `\\` at the end of a line that goes on;
any other line of it is output that must appear, whole, in what the command prints (`...` stands
for anything). A command followed by a line that begins with `loopsim: ` must be refused with
exit code 2; every other command must succeed. A block whose first word is followed by
`file=NAME` is a file that the reader writes.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_BLOCK = re.compile(r"^```(\w*)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"file=(\S+)")


@dataclass
class Step:
    """A file to write (name, text), or a command with the lines of output that were promised."""

    name: str = ""
    text: str = ""
    command: str = ""
    promised: list[str] = field(default_factory=list)


def steps(page: str) -> list[Step]:
    """Files and commands of a page, in order."""
    found = []
    for language, rest, body in _BLOCK.findall(page):
        named = _FILE.search(rest)
        if named:
            found.append(Step(name=named[1], text=body))
        elif language == "console":
            found += commands(body)
    return found


def commands(body: str) -> list[Step]:
    """The commands of one console block."""
    found: list[Step] = []
    for line in body.replace("\\\n", " ").splitlines():
        if line.startswith("$ "):
            found.append(Step(command=line[2:].strip()))
        elif line.strip() and line.strip() != "...":
            found[-1].promised.append(line.strip())
    return found


class Reader:
    """Does what a page says, in a folder of its own, with `loopsim`, `python` and `pip` of these tests.

    Parameters
    ----------
    folder : Path, where to work
    cores : int, so that tests do not take the whole machine
    """

    def __init__(self, folder: Path):
        self.here, bin, self.site = folder / "work", folder / "bin", folder / "site"
        for made in (self.here, bin, self.site):
            made.mkdir()
        shims = {"loopsim": "-m loopsim", "python": "", "pip": "-m pip"}
        for name, words in shims.items():
            (bin / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {words} "$@"\n')
            (bin / name).chmod(0o755)
        self.env = os.environ | {
            "PATH": f"{bin}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": f"{self.site}{os.pathsep}{ROOT}",
            # `pip install .` as it is written, but offline and into a folder of the test's own.
            "PIP_TARGET": str(self.site), "PIP_NO_DEPS": "1", "PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        }  # fmt: skip

    def do(self, step: Step) -> None:
        """Write the file, or run the command and compare."""
        if step.name:
            (self.here / step.name).parent.mkdir(parents=True, exist_ok=True)
            (self.here / step.name).write_text(step.text, "utf-8")
        elif step.command.startswith("cd "):
            self.here = (self.here / step.command[3:]).resolve()
        else:
            self._run(step)

    def _run(self, step: Step) -> None:
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", step.command], cwd=self.here, env=self.env, text=True,
            capture_output=True, timeout=600,
        )  # fmt: skip
        said = f"$ {step.command}\n{done.stdout}{done.stderr}"
        refused = any(line.startswith("loopsim: ") for line in step.promised)
        assert done.returncode == (2 if refused else 0), said
        printed = [re.sub(r"\s+", " ", line).strip() for line in said.splitlines()]
        for line in step.promised:
            pattern = ".*".join(re.escape(part) for part in re.sub(r"\s+", " ", line).split("..."))
            assert any(re.fullmatch(pattern, p) for p in printed), f"{line!r} was promised, got:\n{said}"
