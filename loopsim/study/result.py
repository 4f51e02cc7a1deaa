"""Result: what a study found, from memory or from a folder."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np

from loopsim.limits import Refused
from loopsim.measures.compounding import ROUNDING
from loopsim.measures.disparity import group_weights
from loopsim.study import manifest as manifests
from loopsim.study.observer.observations import Observations
from loopsim.study.observer.tables import contrast, estimate, extend

SUMMARY = ("arm", "day", "measure", "group", "mean", "lo", "hi", "replicates")
METRICS = ("arm", "replicate", "day", "measure", "group", "value")


class Result:
    """Tables, maps and origin of one study.

    Parameters
    ----------
    manifest : dict, origin, verdicts and checksums
    config : dict, the composed config
    summary_rows : list of rows as in summary.csv
    path : folder, None while it is only in memory
    """

    def __init__(self, *, manifest, config, summary_rows, path=None, arms=None, observed=None, cities=None):
        self.manifest, self.config, self.path = manifest, config, path
        self.summary_rows = summary_rows
        self._arms, self.observed, self.cities = arms, observed, cities
        self._maps = None

    @classmethod
    def from_observations(
        cls, study, observations: dict, cities, *, seconds=(np.nan, np.nan), interrupted=False, fallbacks=()
    ) -> Result:
        """The result of a run: `observations` has the chunks (or one whole) of each arm."""
        observed = {
            arm: Observations.joined(o if isinstance(o, list) else [o]) for arm, o in observations.items()
        }
        arms, verdict = estimated(study, observed, cities)
        config = plain({k: v for k, v in study.shared.items() if k not in ("out", "threads")})
        config["arms"] = [{arm: list(lines)} for arm, lines in study.arms.items()]
        first = next(iter(study.setups.values())).run
        manifest = manifests.build(
            {
                "scenario": study.scenario,
                "title": study.title,
                "seed": first.seed,
                "days": first.days,
                "refit_days": {arm: o.refit_days for arm, o in observed.items()},
                "replicates": int(min(o.replicates.size for o in observed.values())),
                "replicates_asked": first.replicates,
                "interrupted": bool(interrupted),
                "arms": {arm: list(lines) for arm, lines in study.arms.items()},
                "config_hash": manifests.fingerprint(config),
                "wall_seconds": round(float(seconds[0]), 3),
                "cpu_seconds": round(float(seconds[1]), 3),
                "verdict": verdict,
                "notes": manifests.by_day(fallbacks),
                "city": manifests.about_city(next(iter(cities.values()))),
            }
        )
        rows = [row for arm, found in arms.items() for row in found.rows(arm)]
        return cls(
            manifest=manifest, config=config, summary_rows=rows, arms=arms, observed=observed, cities=cities
        )

    @classmethod
    def load(cls, path) -> Result:
        """Read a result folder."""
        path = Path(path)
        missing = [n for n in ("manifest.json", "summary.csv", "config.yaml") if not (path / n).is_file()]
        if missing:
            raise Refused(
                f"{path} is not a loopsim result: it has no {missing[0]}; name a folder of loopsim run"
            )
        import yaml

        try:
            manifest = json.loads((path / "manifest.json").read_text("utf-8"))
            with open(path / "summary.csv", newline="", encoding="utf-8") as file:
                rows = [_typed_row(row) for row in csv.DictReader(file)]
            config = yaml.safe_load((path / "config.yaml").read_text("utf-8"))
            manifests.check(manifest, path)
        except Refused:
            raise
        except (ValueError, KeyError, TypeError, yaml.YAMLError) as error:
            raise Refused(
                f"{path} is damaged ({type(error).__name__}: {error}); run the scenario again"
            ) from None
        return cls(manifest=manifest, config=config, summary_rows=rows, path=path)

    @property
    def estimates(self) -> dict:
        """arm -> Estimates with their bootstrap draws; only while the result is in memory."""
        if self._arms is None:
            raise Refused("a result read from a folder has no bootstrap draws; run the scenario again")
        return self._arms

    @property
    def verdict(self) -> dict:
        """arm -> pair -> regime, its interval and the band it was judged by."""
        return self.manifest["verdict"]

    @property
    def arms(self) -> list[str]:
        """Names of the arms, in order."""
        return list(self.manifest["arms"])

    @property
    def groups(self) -> list[str]:
        """Names of the groups; the first is the reference."""
        return list(self.manifest["city"]["residents"])

    def metric_rows(self):
        """Rows of metrics.csv, one at a time; undefined values are left out.

        A measure taken at every plan is kept for 14 of them, first and last included;
        summary.csv has it on every day.
        """
        for arm, found in self._arms.items():
            numbers, kept = self.observed[arm].replicates.tolist(), _thinned(found.keys)
            for key, values in zip(found.keys, found.values.tolist(), strict=True):
                if key in kept:
                    yield from ((arm, n, *key, v) for n, v in zip(numbers, values, strict=True) if v == v)

    def summary(self):
        """DataFrame: arm, day, measure, group, mean, lo, hi, replicates."""
        import pandas as pd

        return pd.DataFrame(self.summary_rows, columns=list(SUMMARY))

    def metrics(self):
        """DataFrame: arm, replicate, day, measure, group, value."""
        import pandas as pd

        if self._arms is not None:
            return pd.DataFrame(self.metric_rows(), columns=list(METRICS))
        if not (self.path / "metrics.csv").is_file():
            raise Refused(f"{self.path} has no metrics.csv; run the scenario again")
        return pd.read_csv(self.path / "metrics.csv", keep_default_na=False, na_values={"value": [""]})

    def to_xarray(self):
        """Dataset of the metrics by measure: dims arm, replicate, day, group. Needs the extra `data`."""
        try:
            import xarray  # noqa: F401
        except ImportError:
            raise Refused("to_xarray needs xarray; install it with: pip install 'loopsim[data]'") from None
        index = ["arm", "replicate", "day", "group"]
        return self.metrics().pivot(index=index, columns="measure", values="value").to_xarray()

    def maps(self):
        """Rasters of maps.nc by name: see `loopsim.study.observer.maps.Maps`."""
        from loopsim.study.observer.maps import Maps

        if self._maps is not None and self._maps[0] == self.path:
            return self._maps[1]

        if self.path is None or not (self.path / "maps.nc").is_file():
            raise Refused(f"{self.path or 'the result'} has no maps.nc; run the scenario again")
        try:
            self._maps = self.path, Maps(self.path / "maps.nc")
            return self._maps[1]
        except (ValueError, KeyError, AttributeError, TypeError, IndexError, EOFError) as error:
            raise Refused(
                f"{self.path / 'maps.nc'} is damaged or of another version ({type(error).__name__}); "
                "run the scenario again"
            ) from None

    def figure(self, name: str):
        """A matplotlib figure by name; see `loopsim list chart`."""
        from loopsim import charts

        return charts.draw(self, name)


def estimated(study, observed: dict, cities) -> tuple[dict, dict]:
    """The estimates of every arm with the contrasts between them, and the verdicts."""
    arms = {arm: estimate(o) for arm, o in observed.items()}
    verdict = {
        arm: extend(
            arms[arm],
            observed[arm],
            log_bias(study.setups[arm].bias, cities[arm]),
            getattr(study.setups[arm].remedy, "from_day", None),
        )
        for arm in arms
    }
    contrast(arms, {arm: o.replicates for arm, o in observed.items()})
    return arms, verdict


def log_bias(bias, city) -> dict[str, float]:
    """Pair -> log of how much more patrol per head X lived under than Y, before day 0.

    Not log `bias.level`, which holds for a cell of X alone against one without any: where groups
    share cells they share patrols, and to measure leverage by the level would call a bias passed
    on in part that was passed on whole.
    """
    groups = city.groups
    if bias.how == "real":
        return {}
    level = bias.factor(city) @ group_weights(city.residents)[0]
    logs = {f"{g}/{groups[0]}": float(np.log(level[i] / level[0])) for i, g in enumerate(groups) if i}
    return {pair: log if abs(log) > ROUNDING else 0.0 for pair, log in logs.items()}


def _thinned(keys, most: int = 14) -> set:
    """The rows (day, measure, group) of which replicates are kept: all of a short series."""
    series: dict = {}
    for key in keys:
        series.setdefault(key[1:], []).append(key)
    spread = {
        n: {i * (n - 1) // (most - 1) for i in range(most)} for n in map(len, series.values()) if n > most
    }
    return {row for rows in series.values() for i, row in enumerate(rows) if i in spread.get(len(rows), (i,))}


def _typed_row(row: dict) -> tuple:
    numbers = [float(row[k]) if row[k] else float("nan") for k in ("mean", "lo", "hi")]
    return (row["arm"], int(row["day"]), row["measure"], row["group"], *numbers, int(row["replicates"]))


def plain(value):
    """Names and numbers only, as YAML and JSON hold them."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
