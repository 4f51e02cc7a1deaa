"""Sweep result: what a sweep found, from its folder."""

from __future__ import annotations

import csv
import json
from functools import cached_property
from pathlib import Path

from loopsim.limits import Refused
from loopsim.study.result import SUMMARY

_WHOLE, _REAL = ("day", "replicates"), ("mean", "lo", "hi")


class SweepResult:
    """Tables and origin of a sweep.

    Parameters
    ----------
    manifest : dict; `points` has the verdict of each point
    config : dict, config of the first point
    path : folder
    """

    def __init__(self, *, manifest: dict, config: dict, path: Path):
        self.manifest, self.config, self.path = manifest, config, Path(path)

    @classmethod
    def load(cls, path) -> SweepResult:
        """Read the folder of a sweep."""
        path = Path(path)
        names = ("manifest.json", "summary.csv", "config.yaml")
        missing = [name for name in names if not (path / name).is_file()]
        if missing:
            raise Refused(f"{path} is not a finished sweep: it has no {missing[0]}; run the sweep again")
        import yaml

        try:
            manifest = json.loads((path / "manifest.json").read_text("utf-8"))
            config = yaml.safe_load((path / "config.yaml").read_text("utf-8"))
            kind = manifest.get("kind", "run")
        except (ValueError, AttributeError, yaml.YAMLError) as error:
            raise Refused(f"{path} is damaged ({type(error).__name__}); run the sweep again") from None
        if kind != "sweep":
            raise Refused(f"{path} is the result of a {kind}, not of a sweep; name a folder of loopsim sweep")
        return cls(manifest=manifest, config=config, path=path)

    @property
    def swept(self) -> dict[str, list]:
        """Swept key -> its values, in order."""
        return self.manifest["swept"]

    @property
    def points(self) -> list[dict]:
        """id, values, replicates and verdict of each point."""
        return self.manifest["points"]

    @property
    def arms(self) -> list[str]:
        """Names of the arms, in order."""
        return list(self.manifest["arms"])

    @property
    def groups(self) -> list[str]:
        """Names of the groups; the first is the reference."""
        return list(self.manifest["groups"])

    @cached_property
    def rows(self) -> list[dict]:
        """Rows of summary.csv and of answers.csv, typed: the swept keys first, undefined numbers NaN."""
        known = {key: {} for key in self.points[0]["values"]}
        for point in self.points:
            for key, value in point["values"].items():
                known[key][_text(value)] = value
        files = [self.path / name for name in ("summary.csv", "answers.csv")]
        found = []
        for path in (p for p in files if p.is_file()):
            with open(path, newline="", encoding="utf-8") as file:
                found += [_typed(row, known) for row in csv.DictReader(file)]
        return found

    def at(self, values: dict, arm: str, measure: str, group: str) -> list[dict]:
        """The rows of one measure where the swept keys have these values, in day order."""
        wanted = {**values, "arm": arm, "measure": measure, "group": group}
        found = [row for row in self.rows if all(row[k] == v for k, v in wanted.items())]
        return sorted(found, key=lambda row: row["day"])

    def summary(self):
        """DataFrame: swept keys, arm, day, measure, group, mean, lo, hi, replicates."""
        import pandas as pd

        return pd.DataFrame(self.rows, columns=[*self.points[0]["values"], *SUMMARY])

    def metrics(self):
        """DataFrame of the last day: swept keys, arm, replicate, day, measure, group, value."""
        import pandas as pd

        text = {key: str for key, row in self.points[0]["values"].items() if not _is_number(row)}
        return pd.read_csv(self.path / "metrics.csv", keep_default_na=False, dtype=text)

    def sensitivity(self):
        """DataFrame of a designed sweep: listed keys, arm, day, measure, group, key, index, value, lo, hi."""
        import pandas as pd

        if not (self.path / "sensitivity.csv").is_file():
            raise Refused(f"{self.path} has no sensitivity.csv; sweep intervals with --design sobol:N")
        return pd.read_csv(self.path / "sensitivity.csv", keep_default_na=False)

    def figure(self, name: str):
        """A matplotlib figure by name; see `loopsim list chart`."""
        from loopsim import charts

        return charts.draw(self, name)


def _typed(row: dict, known: dict) -> dict:
    swept = {key: known[key].get(row[key]) for key in known}  # None: an answer over all its values
    told = {k: row[k] for k in SUMMARY}
    told |= {k: int(row[k]) for k in _WHOLE}
    return swept | told | {k: float(row[k]) if row[k] else float("nan") for k in _REAL}


def _text(value) -> str:
    """A swept value as the table has it, without its quotes."""
    if isinstance(value, bool) or value is None or isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return f"{value + 0.0:.10g}" if isinstance(value, float) else str(value)


def _is_number(value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
