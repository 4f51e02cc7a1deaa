"""Time profile: a density map that is raised and lowered with the day of the week."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loopsim.limits import number, validate
from loopsim.prediction.stencil import gaussian_mean
from loopsim.prediction.window import days_held, recipe, remark

WEEK = 7


@dataclass(frozen=True, kw_only=True)
class TimeProfile:
    """risk = density of the place x profile of the weekday, averaged over the days of the turn.

    Who: xd (NEC, 25 forces), MapInfo, Merseyside's Delphi: "hotspots and time-and-day profiles"
    (Amnesty International UK 2025). The product of a Gaussian density and a weekday histogram
    is a design of this project; hours are left out, as a record has no hour. The profile is
    the mean records a day on that weekday over the mean of all weekdays, city-wide: day
    numbers differ by sevens, so which one is a Monday does not matter.

    Parameters
    ----------
    window_days : int, days of records
    sigma_m : float, metres, width of the Gaussian

    **Special cases**
    A turn of whole weeks: the density alone. Records alike on all days: the density alone.
    The profile is one for the city: it shifts risk between days, never between places.
    Fewer than seven days known, or no records: profile 1, the former noted in the manifest.

    **Feedback**
    As with any density of records: patrol raises the ground it stands on. With refits by the
    day it also raises the weekdays on which patrol is busy. Discoveries, searches, stops and
    intelligence close the loop; victim reports alone leave it open.

    References
    ----------
    Amnesty International UK (2025), Automated Racism, ch. 3.
    """

    window_days: int = number(at_least=1, unit="days")
    sigma_m: float = number(above=0, unit="m")

    def __post_init__(self):
        validate(self)

    @property
    def memory_days(self) -> int:
        """Days of records it looks back on."""
        return self.window_days

    def __call__(self, evidence, now) -> np.ndarray:
        """risk, (R, n) records per cell and day."""
        days = days_held(evidence, self.window_days)
        density = gaussian_mean(evidence.counts(self.window_days) / days, self.sigma_m, now.grid, now.notes)
        profile = weekday_profile(self._daily(evidence, now)[:, -days:], evidence.today)
        if days < WEEK:
            remark(now, f"time_profile: {days} days known, no weekday profile")
        turn = (now.day + np.arange(now.days)) % WEEK
        return density * profile[:, turn].mean(axis=1)[:, None]

    def _daily(self, evidence, now) -> np.ndarray:
        """(R, days) records of the whole city by day, yesterday last; kept up to date in the notes."""
        rules = recipe(evidence)
        have = now.notes.get("time_profile")
        if have is None or have[0] != rules or now.day - have[1] >= self.window_days:
            found = (evidence.events(row, self.window_days) for row in range(evidence.shape[0]))
            totals = np.array(
                [np.bincount(f["day"] + self.window_days, f["weight"], self.window_days) for f in found]
            )
        else:
            ages = range(now.day - have[1] - 1, -1, -1)
            new = [evidence.counts(1, ago=ago).sum(axis=1) for ago in ages]
            totals = np.column_stack([have[2], *new])[:, -self.window_days :]
        now.notes["time_profile"] = rules, now.day, totals
        return totals


def weekday_profile(daily: np.ndarray, today: int) -> np.ndarray:
    """(R, 7) mean records of a day by day number mod 7 over their mean; 1 where nothing is known.

    Parameters
    ----------
    daily : (R, days) records of the city, the last column is the day before `today`
    """
    days = daily.shape[1]
    if days < WEEK:
        return np.ones((daily.shape[0], WEEK))
    weekday = (today - days + np.arange(days)) % WEEK
    member = weekday[:, None] == np.arange(WEEK)
    rate = daily @ member / member.sum(axis=0)
    mean = rate.mean(axis=1, keepdims=True)
    return np.divide(rate, mean, out=np.ones(rate.shape), where=mean > 0)
