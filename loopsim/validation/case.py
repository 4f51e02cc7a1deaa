"""Cases: published numbers with their marks, tolerances and the settings that should return them.

A case is a file `configs/validate/NAME.yaml`. `how` names the module of this package that
composes it; a row holds one published number. Marks: [file] read in the authors' repository,
[page] read on a page, [run] measured by running the authors' own code, [arithmetic].
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field
from pathlib import Path

from loopsim.limits import Refused, nearest
from loopsim.study.config.catalogue import shipped

VERDICTS = ("pass", "fail", "undecided", "finding", "not composed")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One published number.

    Parameters
    ----------
    name, what : short name, and what the number is, in words
    published : float; None where the source gives words only
    mark : where the number comes from
    tolerance : float, distance that still counts as the same, with its reason in the file
    expect : the recorded outcome, "pass" unless the file says otherwise
    must : bool, a failure makes the command fail
    reason : why it is expected to fail, or cannot be composed
    given : settings of this row
    """

    name: str
    what: str
    mark: str
    published: float | None = None
    tolerance: float = 0.0
    expect: str = "pass"
    must: bool = False
    reason: str = ""
    given: dict = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A published result.

    Parameters
    ----------
    name, title : of the case
    how : module of this package that measures it
    source : who published it
    about : what is compared with what
    composed : which stages it is made of
    given : settings of all rows
    needs : a folder of the user's that it cannot do without, in words; "" = none
    """

    name: str
    title: str
    how: str
    source: str
    about: str
    composed: str
    rows: tuple[Row, ...]
    given: dict = field(default_factory=dict)
    needs: str = ""

    def measure(self, size: Size) -> dict[str, tuple[float, float, float]]:
        """Row name -> (ours, low, high); a row that is left out could not be composed."""
        return importlib.import_module(f"loopsim.validation.{self.how}").measure(self, size)


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much to compute, and where the user's files are.

    Parameters
    ----------
    quick : bool, few replicates: to see that it runs, intervals are wide
    data : folder with files that loopsim cannot ship, or None
    """

    quick: bool = False
    data: Path | None = None

    def of(self, full: int, quick: int) -> int:
        """A number of replicates."""
        return quick if self.quick else full


def names() -> list[str]:
    """Every case, in the order of the files."""
    return sorted(path.stem for path in (shipped() / "validate").glob("*.yaml"))


def load(name: str) -> Case:
    """One case by name."""
    import yaml

    if name not in names():
        raise Refused(f"no published result {name}: {nearest(name, names())}")
    content = yaml.safe_load((shipped() / "validate" / f"{name}.yaml").read_text("utf-8"))
    rows = tuple(Row(name=key, **values) for key, values in content.pop("rows").items())
    return Case(name=name, rows=rows, **content)
