"""Attention allocation of D'Amour et al. (2020): a world and a model of its own, the rest composed.

Laws of the published environment and of its agents are not loopsim's, so this case brings
classes of its own: a world in which a unit finds exactly one incident if there is one left, and
rates drift with attention; a model that fits a Poisson law to finds cut off at the units sent;
and the authors' greedy rule. Ledger, loop and the other allocation are loopsim's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import gammainc

from loopsim.loop import Loop
from loopsim.philox import ALLOCATION, REMEDY
from loopsim.stages import Truth
from loopsim.study.run import make_start, open_loop
from loopsim.validation.arm import the_arm, written
from loopsim.validation.judge import mean, statistic

SEED = 2020


class Sites:
    """A day at each site: Poisson incidents, min(units, incidents) found, and the rate drifts.

    Parameters
    ----------
    rates : (n,) float, incidents a day at the start
    drift : float, rise of the rate a day without attention; fall a unit sent
    kinds : Kinds
    replicates : int
    """

    def __init__(self, rates, drift: float, kinds, replicates: int):
        self.rates, self.drift, self.kinds = np.tile(np.asarray(rates, float), (replicates, 1)), drift, kinds
        self.rng = np.random.default_rng(SEED)

    def fork(self) -> Sites:
        """The same world: it is turned once."""
        return self

    def page_capacity(self, days: int) -> int:
        """An entry a site and day."""
        return self.rates.shape[1] * days + 1

    def __call__(self, plan, now, page) -> Truth:
        """One day."""
        units = np.rint(plan[:, 0]).astype(np.int64)
        incidents = self.rng.poisson(self.rates)
        found = np.minimum(units, incidents)
        n = found.shape[1]
        page.count[:], page.day[:, :n], page.cell[:, :n] = n, 0, np.arange(n)
        page.times[:, :n], page.patrol[:, :n] = found, units
        page.kind[:, :n] = self.kinds.index("discovery", "incident")
        less = np.maximum(self.rates - self.drift * units, 0.0)
        self.rates = np.where(units == 0, self.rates + self.drift, less)
        return Truth(offences=incidents, offences_by_group=incidents[:, None], tally=found[:, None])


@dataclass(frozen=True)
class Censored:
    """Rate of each site from its finds, of which those that used every unit sent are a lower bound.

    Before `burn` days every site alike; refitted every `interval` days over `window` days. On
    a share `epsilon` of the days it forgets what it knows.
    """

    epsilon: float
    burn: int = 25
    interval: int = 10
    window: int = 100
    memory_days: int = 2

    def __call__(self, evidence, now) -> np.ndarray:
        """risk, (R, n) incidents a day."""
        held = now.notes.setdefault("censored", {"pairs": [], "rates": np.zeros(evidence.shape)})
        if now.day > 0:
            sent = np.rint(now.notes["plan"][:, 0])
            held["pairs"] = [*held["pairs"], (evidence.counts(1), sent)][-self.window :]
        if now.day >= self.burn and now.day % self.interval == 0:
            held["rates"] = fitted(*(np.array(side) for side in zip(*held["pairs"], strict=True)))
        lost = now.dice.uniform(1, day=now.day, stream=REMEDY) < self.epsilon
        return np.where(lost, 1.0, held["rates"])


@dataclass(frozen=True)
class Greedy:
    """Unit by unit to the site where the chance of a find more falls least, by the authors' rule.

    The rule compares P(incidents > units there) - P(incidents >= units there), not the chance of
    a find itself, so a site whose rate is over-estimated takes all. Their search over starts, of
    which the one with most expected finds counts, is left out. On a share `epsilon` of the days
    units go by lot, as in all their fitted agents.
    """

    budget: float
    epsilon: float

    def __call__(self, risk, now) -> np.ndarray:
        """Plan, (R, 1, n) units."""
        units, n = int(self.budget), risk.shape[1]
        drawn = now.dice.uniform(n + units + 1, day=now.day, stream=ALLOCATION)
        sent, rows = np.zeros(risk.shape), np.arange(len(risk))
        for _ in range(units):
            falls = at_least(sent, risk) - at_least(sent + 1, risk)
            least = np.isclose(falls, falls.min(axis=1, keepdims=True), rtol=0, atol=1e-12)
            sent[rows, np.where(least, drawn[:, :n], -1.0).argmax(axis=1)] += 1
        lot = np.floor(drawn[:, n : n + units] * n).astype(int)
        by_lot = (lot[:, :, None] == np.arange(n)).sum(axis=1)
        return np.where(drawn[:, -1:] < self.epsilon, by_lot, sent)[:, None, :]


def at_least(count, rate) -> np.ndarray:
    """P(N >= count) of a Poisson law."""
    return np.where(count > 0, gammainc(np.maximum(count, 1), np.maximum(rate, 1e-12)), 1.0)


def fitted(found, sent, rounds: int = 200) -> np.ndarray:
    """(R, n) rates by expectation-maximisation from (days, R, n) finds and units.

    **Special cases**: nothing was cut off: the mean. No visit at all: 0.
    """
    whole = found < sent
    counts, days = np.where(whole, found, 0.0).sum(axis=0), whole.sum(axis=0)
    levels = np.arange(1, max(int(sent.max()), 1) + 1)[:, None, None]
    cut = np.array([((found == sent) & (sent == level[0, 0])).sum(axis=0) for level in levels])
    total = days + cut.sum(axis=0)
    rate = np.where(total > 0, found.sum(axis=0) / np.maximum(total, 1) + 0.1, 0.0)
    for _ in range(rounds):
        cut_off = cut * rate * at_least(levels - 1, rate) / np.maximum(at_least(levels, rate), 1e-300)
        rate = (counts + cut_off.sum(axis=0)) / np.maximum(total, 1)
    return rate


def measure(case, size) -> dict:
    """Incidents found and missed over the run, and the largest difference of the share found between sites."""
    known, found = {}, {}
    for row in case.rows:
        agent, drift, what = (row.given[name] for name in ("agent", "drift", "what"))
        if (agent, drift) not in known:
            known[agent, drift] = _run(case.given, agent, drift, size.of(60, 20))
        seen, occurred = known[agent, drift]
        n = seen.shape[1]
        found[row.name] = (
            mean(seen.sum(axis=1)) if what == "found"
            else mean((occurred - seen).sum(axis=1)) if what == "missed"
            else statistic(np.hstack([seen, occurred]), lambda m, n=n: np.ptp(m[:, :n] / m[:, n:], axis=1))
        )  # fmt: skip
    return found


EPSILON = 0.1  # share of days at random; [file] MLEProbabilityMatchingAgentParams, of which the greedy agent's derive
AGENTS = {
    "uniform": (["prediction=count", "allocation.prior=1000000"], {}),
    "naive": (["prediction=ewma", f"prediction.half_life_days={np.log(0.5) / np.log(0.99)}"], {}),
    "proportional": (["prediction=count"], {"predictor": Censored(epsilon=EPSILON)}),
    "greedy": (
        ["prediction=count"],
        {"predictor": Censored(epsilon=0.0), "allocator": Greedy(budget=6.0, epsilon=EPSILON)},
    ),
}


def _run(given, agent, drift, replicates) -> tuple[np.ndarray, np.ndarray]:
    """(R, n) incidents found, and that occurred."""
    lines, own = AGENTS[agent]
    n, offence = (
        len(given["rates"]),
        "true_rate: 0, reported: 0, discovered: 0, harm_days: 1, police_found: true",
    )
    setup, city = the_arm([
        "city=listed", f"city.cols={n}", f"city.people={written({'all': [1] * n, 'nobody': [0] * n})}",
        f"city.records={written({'none': [0] * n})}", "bias.how=real", "history_days=null",
        "bias.crime_types={none: [discovery, incident]}", f"world.offences={{incident: {{{offence}}}}}",
        "world.carried={}", "world.stop_rate=0", "world.intelligence=0", "allocation=urn",
        f"allocation.units={given['units']}", f"allocation.budget={given['units']}", "allocation.prior=0",
        "allocation.least=0", f"days={given['days']}", "refit_days=1", *lines,
    ])  # fmt: skip
    setup = replace(setup, **own)
    numbers = np.arange(replicates, dtype=np.uint32)
    start = make_start(setup, city, numbers)
    start.world = Sites(given["rates"], drift, start.world.kinds, replicates)
    return _turned(open_loop(setup, city, numbers, start), given["days"])


def _turned(loop: Loop, days: int) -> tuple[np.ndarray, np.ndarray]:
    seen = occurred = 0
    for turn in loop.run(days):
        seen, occurred = seen + turn.truth.tally[:, 0], occurred + turn.truth.offences
    return seen, occurred
