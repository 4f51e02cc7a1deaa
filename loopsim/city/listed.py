"""A city written out cell by cell: toy cities, published tables, classroom examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from loopsim.city.city import City, RealRecords
from loopsim.city.grid import Grid
from loopsim.limits import number, validate, words


@dataclass(frozen=True, kw_only=True)
class Listed:
    """Residents of each cell by group, with the layers, districts and past records that are given.

    Parameters
    ----------
    people : group -> residents of each cell, row by row; the first group is the reference
    districts : a name for each cell, or None
    layers : name -> a number for each cell; `deprivation` is 0 unless given
    records : crime type -> past records of each cell, the start of the ledger where
        `bias.how=real`; `bias.crime_types` says how they enter
    records_days : days before day 0 over which they are spread

    **Special cases**: one list of one cell is a city of one place, in which nothing can be
    unequal.
    """

    rows: int = number(at_least=1, at_most=5000)
    cols: int = number(at_least=1, at_most=5000)
    cell_m: float = number(above=0, unit="m")
    people: Mapping = words()
    districts: tuple | None = words(optional=True)
    layers: Mapping = words()
    records: Mapping = words()
    records_days: int = number(at_least=1, at_most=30_000, unit="days")

    def __post_init__(self):
        validate(self, extra=self._faults())

    def _faults(self) -> Iterator[str]:
        cells = self.rows * self.cols
        if len(self.people) < 2:
            yield f"city.people must name two groups or more, got {list(self.people)}; set city.people"
        for name, here in self.people.items():
            if not _listed(here, cells) or not _whole(here):
                yield f"city.people.{name} must be {cells} whole numbers >= 0 (city.rows x city.cols), got {here}; set city.people.{name}"
                return
        if self.residents < 1:
            yield "city.people must hold at least one resident, got none; set city.people"
        if self.districts is not None and len(self.districts) != cells:
            yield f"city.districts must name {cells} cells, got {len(self.districts)}; set city.districts"
        for name, values in self.layers.items():
            if not _listed(values, cells):
                yield f"city.layers.{name} must be {cells} numbers, got {values}; set city.layers.{name}"
        for name, values in self.records.items():
            if not _listed(values, cells) or not _whole(values):
                yield f"city.records.{name} must be {cells} whole numbers >= 0, got {values}; set city.records.{name}"

    @property
    def residents(self) -> int:
        """Number of residents."""
        return int(sum(map(sum, self.people.values())))

    @property
    def groups(self) -> dict[str, float]:
        """Share of residents by group, the reference first."""
        return {name: sum(here) / self.residents for name, here in self.people.items()}

    @property
    def district_names(self) -> tuple[str, ...]:
        """Names of the areas; every cell its own where none are given."""
        return tuple(self.districts or (f"cell {c}" for c in range(self.rows * self.cols)))

    @property
    def venue_kinds(self) -> tuple[str, ...]:
        """None: venues cannot be listed."""
        return ()

    @property
    def has_records(self) -> bool:
        """Whether past records are listed."""
        return bool(self.records)

    def build(self, seed: int) -> City:
        """The city as listed, whatever the seed."""
        people = np.array(list(self.people.values()), dtype=np.int64).T
        named = self.district_names
        districts = tuple(dict.fromkeys(named))
        layers = {"deprivation": np.zeros(len(people)), "residents": people.sum(axis=1).astype(float)}
        layers |= {name: np.array(values, float) for name, values in self.layers.items()}
        city = City(
            grid=Grid(
                rows=self.rows,
                cols=self.cols,
                cell_m=self.cell_m,
                inside=np.ones(len(people), bool),
                layers=layers,
                district=np.array([districts.index(name) for name in named]),
                districts=districts,
            ),
            groups=tuple(self.people),
            residents=people,
            records=self._past() if self.records else None,
            source={"city": "listed"},
        )
        city.grid.layers.update({f"share:{g}": city.share[:, i] for i, g in enumerate(city.groups)})
        return city

    def _past(self) -> RealRecords:
        """The listed records, one month that ends the day before day 0."""
        counts = np.array(list(self.records.values()), dtype=np.int64)
        type_, cell = (np.repeat(i.ravel(), counts.ravel()) for i in np.indices(counts.shape))
        return RealRecords(
            month=np.ones(cell.size, np.int64),
            cell=cell,
            crime_type=type_,
            crime_types=tuple(self.records),
            month_days=np.array([self.records_days]),
        )


def _whole(values) -> bool:
    return all(isinstance(v, int) and not isinstance(v, bool) and v >= 0 for v in values)


def _listed(values, cells: int) -> bool:
    return (
        isinstance(values, list | tuple)
        and len(values) == cells
        and all(isinstance(v, int | float) and not isinstance(v, bool) and v == v for v in values)
    )
