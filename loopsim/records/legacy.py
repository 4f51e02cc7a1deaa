"""Legacy policing: the biased history that the ledger starts with. This is the treatment.

Before day 0 patrols do not follow a model. They go by population, except that where only the
over-policed live there are `level` times the patrol-hours per head of where none of them do. A
cell where groups mix lies in between, so the groups are less far apart than `level`: how far,
the measure `dose` tells.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from loopsim.city.city import City
from loopsim.limits import Refused, choice, nearest, number, validate, words
from loopsim.philox import LEGACY, SPREAD, Dice
from loopsim.records.ledger import Ledger
from loopsim.records.page import Page
from loopsim.stages import Now, World

_PAGE_DAYS = 28  # days of history a page


@dataclass(frozen=True, kw_only=True)
class Bias:
    """The initial bias: the config section `bias`.

    Parameters
    ----------
    level : b; 1 = none, below 1 reverses the bias
    how : "patrol" (legacy patrols are proportional to residents x (1 + (b - 1) x share of
        the over-policed), all channels follow), "records" (patrols by population, then
        record counts are inflated by the same factor), "real" (the records that came with
        an imported city; `level` is not used)
    where : a group, "smallest" (the smallest group), a district, or a list of cells
    days : how long the bias lasted, counted back from day 0; null = the whole history
    crime_types : crime type of a real record -> [channel, offence type]
    """

    level: float = number(above=0, at_most=1000)
    how: str = choice("patrol", "records", "real")
    where: object = words()
    days: int | None = number(at_least=1, unit="days", optional=True)
    crime_types: Mapping = words()

    def __post_init__(self):
        validate(self, "bias")

    def factor(self, city: City) -> np.ndarray:
        """(n,) patrol per head under the biased legacy, relative to an unbiased place."""
        return 1.0 + (self.level - 1.0) * over_policed(city, self.where)


def over_policed(city: City, where) -> np.ndarray:
    """(n,) share of a cell's residents that `where` means, 0 .. 1."""
    grid = city.grid
    if isinstance(where, list | tuple):
        cells = [c for c in where if isinstance(c, int) and 0 <= c < grid.n]
        if len(cells) < len(where) or not cells:
            allowed = f"whole numbers from 0 to {grid.n - 1}"
            raise Refused(f"bias.where must list cells, {allowed}, got {list(where)}; set bias.where")
        return np.isin(np.arange(grid.n), cells).astype(float)
    name = city.groups[int(np.argmin(city.people))] if where == "smallest" else where
    if name in city.groups:
        return city.share[:, city.groups.index(name)]
    if name in grid.districts:
        return (grid.district == grid.districts.index(name)).astype(float)
    known = nearest(name, ("smallest", *city.groups, *grid.districts))
    raise Refused(
        f"bias.where must be a group, a district or a list of cells, got {name}: {known}; set bias.where"
    )


def legacy_plan(city: City, factor: np.ndarray, budget: float) -> np.ndarray:
    """(n,) officer-hours a day: residents x factor, scaled to the budget."""
    weight = city.residents.sum(axis=1) * factor
    return budget * weight / weight.sum()


def write_history(
    bias: Bias, days: int, *, city: City, world: World, ledger: Ledger, budget: float, dice: Dice
):
    """Fill the ledger with the records of `days` days before day 0.

    Returns
    -------
    plan : (n,) officer-hours a day of the biased legacy, or those that such records would come of
        where records were multiplied and patrols even; None for real records
    """
    if bias.how == "real":
        ledger.add(real_page(bias, city, ledger, dice))
        return None
    factor = bias.factor(city)
    even, biased = (legacy_plan(city, f, budget) for f in (np.ones(city.grid.n), factor))
    lasted = days if bias.days is None else min(bias.days, days)
    breaks = [d for d in range(-days, -lasted, _PAGE_DAYS)] + [d for d in range(-lasted, 0, _PAGE_DAYS)] + [0]
    for first, end in zip(breaks, breaks[1:], strict=False):
        under_bias = first >= -lasted
        plan = biased if under_bias and bias.how == "patrol" else even
        now = Now(day=first, days=end - first, budget=budget, grid=city.grid, dice=dice)
        page = ledger.blank_page(first, end - first, world.page_capacity(end - first), ones=False)
        world(np.broadcast_to(plan, (ledger.replicates, end - first, city.grid.n)), now, page)
        ledger.add(_inflated(page, factor, dice) if under_bias and bias.how == "records" else page)
    return biased


def _inflated(page: Page, factor: np.ndarray, dice: Dice) -> Page:
    """The page with each record kept `factor[cell]` times on average, whole copies by keyed chance."""
    rows = [np.repeat(np.arange(m), page.times[r, :m]) for r, m in enumerate(page.count)]
    u = dice.uniform(max(1, *(row.size for row in rows)), day=page.first, stream=LEGACY)
    copies = np.zeros(u.shape, np.int64)
    for r, row in enumerate(rows):
        copies[r, : row.size] = np.floor(factor[page.cell[r, row]] + u[r, : row.size])
    out = Page.blank(page.count.size, int(copies.sum(axis=1).max()) + 1, persons=page.person.shape[1] > 0)
    out.first, out.days = page.first, page.days
    out.count[:] = copies.sum(axis=1)
    for r, row in enumerate(rows):
        for name in ("day", "cell", "kind", "patrol") + (("person",) if out.person.shape[1] else ()):
            column = np.repeat(getattr(page, name)[r, row], copies[r, : row.size])
            getattr(out, name)[r, : column.size] = column
    return out


def real_page(bias: Bias, city: City, ledger: Ledger, dice: Dice) -> Page:
    """One page with the real records of an imported city; each falls on a keyed day of its month."""
    real = city.records
    if real is None:
        raise Refused("bias.how=real needs a city with records, got one without; set city.file or bias.how")
    kind_of = np.array([_kind(bias, ledger, name) for name in real.crime_types])
    kind = kind_of[real.crime_type]
    kept = kind >= 0
    ends = np.cumsum(real.month_days)
    total = int(ends[-1])
    first_day = total - ends[real.month[kept] - 1]
    u = dice.uniform(int(kept.sum()), day=0, stream=SPREAD)
    page = Page.blank(ledger.replicates, int(kept.sum()) + 1, persons=ledger.persons)
    page.first, page.days, page.count[:] = -total, total, kept.sum()
    page.day[:, :-1] = first_day + np.floor(u * real.month_days[real.month[kept] - 1])
    page.cell[:, :-1], page.kind[:, :-1] = real.cell[kept], kind[kept]
    page.patrol[:], page.person[:] = np.nan, -1  # nobody noted where patrols were
    return page


def _kind(bias: Bias, ledger: Ledger, crime_type: str) -> int:
    """Number of the kind that a real crime type becomes; -1 where it is left out."""
    target = bias.crime_types.get(crime_type)
    if target is None:
        return -1
    channel, type_ = target
    if (channel, type_) not in [(c, t) for c, t, _ in ledger.kinds.table]:
        raise Refused(f"bias.crime_types.{crime_type} must be [channel, offence type], got {list(target)}")
    return ledger.kinds.index(channel, type_)
