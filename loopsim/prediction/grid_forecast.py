"""Grid forecast: how many records a square kilometre will have in the next four weeks."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import numpy as np

from loopsim.limits import number, validate, words
from loopsim.prediction.poisson.columns import standardised
from loopsim.prediction.poisson.lags import YEAR, Lags, slope
from loopsim.prediction.poisson.penalty import chosen
from loopsim.prediction.poisson.ridge import ridge_poisson, start
from loopsim.prediction.poisson.weeks import WEEK, Weeks
from loopsim.prediction.risk_terrain.police import outcome_faults, outcome_weights
from loopsim.prediction.window import remark

CHANNEL = {"stops": "stop", "intelligence": "intelligence"}
HELD_OUT = 4  # parts of the last year, each held out once


@dataclass(frozen=True, kw_only=True)
class GridForecast:
    """Poisson regression of the next four weeks' count on past counts, stops and intelligence.

    Who: West Midlands Police, knife crime used causing injury, cells of 1 km2, four weeks
    ahead, updated weekly, two years of data and a 20-year trend, stop and search and
    intelligence among the inputs; operational since March 2023 (Amnesty International UK
    2025; the class of the model is unpublished). The form is a design of this project:

        log mean = b0 + b1 log(a + R4) + b2 log(a + R13) + b3 log(a + R104 / 26)
                 + b4 log(a + same weeks last year) + b5 log(a + stops13)
                 + b6 log(a + intelligence13) + trend

    R_k = records of the last k weeks, a = 0.5. Fitted by ridge Poisson regression to the 13
    four-week counts of the last year; their inputs reach back as far as the data do, so R104
    is then a mean over fewer weeks. The penalty is chosen by holding out a quarter at a time,
    at the first fit and once a year. The trend is the slope of a log-linear Poisson fit to the
    force's four-week totals, as far as remembered.

    Parameters
    ----------
    outcome : "all" recorded crime, or a list of offence types
    window_days : days of data, two years at least
    horizon_days : days ahead, whole weeks
    stops, intelligence : whether the police-made inputs are used
    trend_years : most years of totals that the trend looks at; 0 = no trend
    alphas : ridge penalties per observation to choose from

    **Special cases**
    No records of the outcome: one record over the window, spread evenly, noted.
    No stops, or no intelligence, in the evidence: not an input, noted.
    Records that are the same everywhere: uniform. A fit that does not converge: the mean
    count of the last year, noted. Less than two years of data: fitted to
    those there are.

    **Feedback**
    A stop or an intelligence log is an input by itself, whether or not it found anything:
    where the taskforce was, the next forecast is higher for a quarter. Switched off, only
    offences that patrol came upon close the loop; with victim reports alone it is open.

    References
    ----------
    West Midlands Police, FOI 1353A/22; Amnesty International UK (2025), Automated Racism, ch. 3.
    """

    outcome: object = words()
    window_days: int = number(at_least=2 * YEAR * WEEK, unit="days")
    horizon_days: int = number(at_least=WEEK, at_most=YEAR * WEEK // 4, unit="days")
    stops: bool = words()
    intelligence: bool = words()
    trend_years: float = number(at_least=0, unit="years")
    alphas: tuple = words()

    def __post_init__(self):
        validate(self, extra=self._faults())

    def _faults(self):
        yield from outcome_faults(self.outcome)
        if self.horizon_days % WEEK:
            yield (
                f"prediction.horizon_days must be whole weeks, got {self.horizon_days}; "
                "set prediction.horizon_days"
            )
        good = [
            a for a in self.alphas if isinstance(a, int | float) and not isinstance(a, bool) and 0 < a < 1e6
        ]
        if not self.alphas or len(good) < len(self.alphas):
            yield f"prediction.alphas must be numbers > 0, got {list(self.alphas)}; set prediction.alphas"

    def check(self, setting):
        """Fault lines that only show beside the world and the length of the run."""
        yield from outcome_faults(self.outcome, setting.world.kinds)
        if self.horizon_days > setting.run.days:
            yield (
                f"prediction.horizon_days must be <= days ({setting.run.days}), got {self.horizon_days}; "
                "set prediction.horizon_days or days"
            )

    @property
    def memory_days(self) -> int:
        """Days of records it looks back on."""
        return self.window_days

    def __call__(self, evidence, now) -> np.ndarray:
        """risk, (R, n) expected records per cell and day over the horizon."""
        notes, inside = now.notes.setdefault("grid_forecast", {}), now.grid.inside
        weeks = self._weeks(evidence, notes)
        for name in CHANNEL:
            if name in weeks and not weeks[name].any():
                remark(now, f"grid_forecast: no {name} in the evidence: not an input")
        drift = self._drift(weeks["crimes"][:, :, inside].sum(axis=2), evidence, notes)
        if now.day - notes.get("learnt", -np.inf) >= YEAR * WEEK:
            notes["learnt"], notes["rows"] = now.day, {}
        risk = np.zeros(evidence.shape)
        for r in range(len(risk)):
            lags = Lags({name: counts[:, r, inside] for name, counts in weeks.items()})
            kept = notes["rows"].setdefault(r, {})
            risk[r, inside] = self._forecast(lags, drift[r], kept, now) / self.horizon_days
        return risk

    def _weeks(self, evidence, notes: dict) -> dict[str, np.ndarray]:
        """Input -> (W, R, n) weekly counts, the newest first."""
        shown = {"crimes": replace(evidence, weights=outcome_weights(evidence, self.outcome))}
        for name, channel in CHANNEL.items():
            if getattr(self, name):
                seen = np.where(evidence.kinds.of_channel(channel), evidence.weights, 0.0)
                shown[name] = replace(evidence, weights=seen)
        held = {name: Weeks(notes.setdefault(name, {})) for name in shown}
        most = max(self.horizon_days, min(self.window_days, evidence.days_known)) // WEEK
        return {name: held[name].read(shown[name], most) for name in shown}

    def _drift(self, totals: np.ndarray, evidence, notes: dict) -> np.ndarray:
        """(R,) growth of the logarithm of the force's records a week, over all totals remembered."""
        if not self.trend_years:
            return np.zeros(totals.shape[1])
        known = notes.setdefault("totals", {})
        for w in range(min(len(totals), evidence.days_known // WEEK)):
            known[evidence.today - WEEK * w] = totals[w]
        ends = [evidence.today - WEEK * w for w in range(int(self.trend_years * YEAR))]
        series = list(itertools.takewhile(lambda row: row is not None, map(known.get, ends)))
        ahead = self.horizon_days // WEEK
        return np.array([slope(row, ahead) for row in np.array(series).reshape(-1, totals.shape[1]).T])

    def _forecast(self, lags: Lags, drift: float, kept: dict, now) -> np.ndarray:
        """(cells,) expected records over the horizon; `kept` holds the penalty and the last answer."""
        ahead = self.horizon_days // WEEK
        origins = ahead * np.arange(1, min(YEAR, lags.weeks) // ahead + 1)
        y = np.concatenate([lags.sum("crimes", o - ahead, o) for o in origins])
        if not y.any():
            remark(now, "grid_forecast: no records of the outcome: risk spread evenly")
            return np.full(
                y.size // origins.size, self.horizon_days / self.window_days / y.size * origins.size
            )
        here = lags.inputs(0, ahead)
        x, here = standardised(np.concatenate([lags.inputs(o, ahead) for o in origins]), here)
        offset = np.repeat(-drift * origins, len(here))
        if "alpha" not in kept:
            part = np.repeat(np.arange(origins.size) * HELD_OUT // origins.size, len(here))
            kept["alpha"] = chosen(x, y, offset, part, self.alphas)
        beta = start(y, offset, x.shape[1])
        if kept.get("beta", beta[:0]).size == beta.size:
            beta = kept["beta"].copy()
        if not ridge_poisson(x, y, offset, kept["alpha"], beta):
            remark(now, "grid_forecast: the fit did not converge: the mean of the last year")
            return lags.sum("crimes", 0, YEAR) * (ahead / min(YEAR, lags.weeks))
        kept["beta"] = beta
        return np.exp(beta[0] + here @ beta[1:])
