"""A city that never was: density, groups, deprivation and venues on smooth random maps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from loopsim.city import fields
from loopsim.city.city import City
from loopsim.city.deprivation import deprivation_map
from loopsim.city.grid import Grid
from loopsim.city.mix import TOLERANCE, blocks, dissimilarity, mixed
from loopsim.city.statistics import faults as statistic_faults
from loopsim.city.statistics import layers_of
from loopsim.city.venues import faults as venue_faults
from loopsim.city.venues import strewn
from loopsim.limits import Refused, number, validate, words

COMPASS = tuple(
    f"{ns}_{we}".strip("_") or "centre" for ns in ("north", "", "south") for we in ("west", "", "east")
)


@dataclass(frozen=True, kw_only=True)
class Synthetic:
    """Residents on a grid with stated shares, dissimilarity and deprivation.

    Density falls with distance from the middle as exp(-distance / density_m) (Clark 1951)
    times a smooth lognormal map. Each group but the first lives by its own smooth map, at
    dissimilarity `segregation` from the first group (the reference). Deprivation follows
    the last group's share at correlation `deprivation_corr` (Pearson, over inhabited cells).

    Parameters
    ----------
    groups : name -> share; shares sum to 1; the first is the reference of every ratio
    segregation : wanted dissimilarity of each group from the first, met to +-0.01
    shuffle : deal the group maps out to cells at random: same dissimilarity, no
        neighbourhoods, and no tie to deprivation
    statistics : name -> {follows, correlation}, public indices by cell, see city/statistics.py
    seed : the city's own seed; null = the seed of the run

    Special cases
    -------------
    segregation 0 is the even city: every cell has the city's mix, as nearly as whole
        people allow; cells then hold people in numbers that the mix fits, and deprivation
        has no share to follow.
    A dissimilarity that whole people cannot reach is refused, with the nearest that can be.

    References
    ----------
    Duncan & Duncan (1955), A methodological analysis of segregation indexes. Clark (1951),
    Urban population densities.
    """

    rows: int = number(at_least=1, at_most=5000)
    cols: int = number(at_least=1, at_most=5000)
    cell_m: float = number(above=0, unit="m")
    residents: int = number(at_least=2, at_most=2_000_000_000, unit="people")
    groups: dict = words()
    segregation: float = number(at_least=0, at_most=1)
    shuffle: bool = words()
    deprivation_corr: float = number(at_least=-1, at_most=1)
    density_m: float = number(above=0, unit="m")
    density_sd: float = number(at_least=0, at_most=5)
    smoothness_m: float = number(at_least=0, unit="m")
    venues: dict = words()
    statistics: dict = words()
    seed: int | None = number(at_least=0, below=2**32, optional=True)

    def __post_init__(self):
        faults = share_faults(self.groups, self.residents) + venue_faults(self.venues)
        faults += statistic_faults(self.statistics)
        validate(self, extra=faults)

    @property
    def district_names(self) -> tuple[str, ...]:
        """Names of the areas, the nine of the compass."""
        return COMPASS

    @property
    def venue_kinds(self) -> tuple[str, ...]:
        """Kinds of venue that there are."""
        return tuple(self.venues)

    @property
    def has_records(self) -> bool:
        """Never: nothing happened here before the history."""
        return False

    def build(self, seed: int) -> City:
        """The city of this seed, the same on every call."""
        seed = seed if self.seed is None else self.seed
        totals = fields.whole(np.array(list(self.groups.values()), float), self.residents)
        group_maps = self._maps(seed)
        residents = self._residents(seed, totals, group_maps)
        own = self._smooth(seed, fields.DEPRIVATION)
        tied = self.segregation > 0 and not self.shuffle
        deprivation = deprivation_map(self.deprivation_corr, residents, group_maps[:, -1], own, tied)
        people = residents.sum(axis=1)
        shape = self.rows, self.cols
        city = City(
            grid=Grid(
                rows=self.rows,
                cols=self.cols,
                cell_m=self.cell_m,
                inside=np.ones(people.size, bool),
                layers={"residents": people.astype(float), "deprivation": deprivation},
                points=strewn(self.venues, people, deprivation, shape, self.cell_m, seed),
                district=compass_of(*shape),
                districts=COMPASS,
            ),
            groups=tuple(self.groups),
            residents=residents,
            source={"city": "synthetic", "seed": seed, "dissimilarity": dissimilarity(residents).tolist()},
        )
        city.grid.layers.update({f"share:{g}": city.share[:, i] for i, g in enumerate(city.groups)})
        last = city.groups[-1]
        city.grid.layers.update(
            layers_of(
                self.statistics, city.grid.layers, last, lambda n: self._smooth(seed, fields.STATISTIC, n)
            )
        )
        return city

    def _maps(self, seed: int) -> np.ndarray:
        """(n, G-1) smooth maps, one for each group but the first."""
        return np.column_stack([self._smooth(seed, fields.GROUP + g) for g in range(1, len(self.groups))])

    def _smooth(self, seed: int, which: int, name: str = "") -> np.ndarray:
        rng = fields.generator(seed, which, name)
        return fields.smooth(self.rows, self.cols, self.smoothness_m / self.cell_m, rng)

    def _residents(self, seed: int, totals: np.ndarray, maps: np.ndarray) -> np.ndarray:
        """(n, G) people; cells of any size first, cells sized to the mix if those are too uneven."""
        out_m = fields.distance_m(self.rows, self.cols, self.cell_m)
        weight = np.exp(self.density_sd * self._smooth(seed, fields.DENSITY) - out_m / self.density_m)
        ties = fields.generator(seed, fields.TIES).random(weight.size)
        if self.shuffle:
            maps = maps[fields.generator(seed, fields.SHUFFLE).permutation(weight.size)]
        tries = []
        for people in (fields.whole(weight, self.residents, ties=ties), blocks(weight, totals, ties)):
            residents, miss = mixed(people, totals, maps, self.segregation, ties)
            if miss <= TOLERANCE:
                return residents
            tries.append((miss, dissimilarity(residents)))
        raise Refused(self._unreachable(min(tries, key=lambda t: t[0])[1]))

    def _unreachable(self, reached: np.ndarray) -> str:
        near = ", ".join(f"{d:.4f} ({g})" for g, d in zip(list(self.groups)[1:], reached))
        return (
            f"city.segregation {self.segregation:g} cannot be reached within {TOLERANCE} by {self.residents} "
            f"residents in {self.rows}x{self.cols} cells, the nearest is {near}; "
            "set city.segregation nearer to it, more city.residents or other city.rows and city.cols"
        )


def compass_of(rows: int, cols: int) -> np.ndarray:
    """(rows * cols,) int: which of the nine districts of the compass each cell is in."""
    return (np.arange(rows)[:, None] * 3 // rows * 3 + np.arange(cols)[None, :] * 3 // cols).ravel()


def share_faults(groups, residents) -> list[str]:
    """What is wrong with the groups of a config, a line each."""
    if not isinstance(groups, Mapping) or not 2 <= len(groups) <= 8:
        return [f"city.groups must name 2 to 8 groups with their shares, got {groups}; set city.groups"]
    found = []
    for name, share in groups.items():
        if not re.fullmatch(r"[^\W\d][\w .&-]*", str(name)):
            found.append(f"city.groups must have plain names (letters, digits), got {name}; set city.groups")
        if isinstance(share, bool) or not isinstance(share, (int, float)) or not 0 < share < 1:
            found.append(f"city.groups.{name} must be > 0 and < 1, got {share}; set city.groups.{name}")
    if found:
        return found
    if not abs(sum(groups.values()) - 1) <= 1e-9:
        return [f"city.groups must sum to 1, got {sum(groups.values()):g}; set city.groups"]
    if isinstance(residents, int) and min(groups.values()) * residents < 1:
        return [
            f"city.groups must each have at least one of {residents} residents; set city.residents higher"
        ]
    return []
