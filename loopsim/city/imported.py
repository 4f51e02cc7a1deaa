"""A city from real files, as `loopsim city import` wrote it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from loopsim.city.city import City
from loopsim.city.file import read
from loopsim.limits import validate, words


@dataclass(frozen=True, kw_only=True)
class Imported:
    """Real residents, real records and a real map; the seed changes nothing about them.

    Size, cells and groups are the file's; they can be asked for by the names that a
    synthetic city has.

    Parameters
    ----------
    file : path of a city file
    """

    file: str = words()

    def __post_init__(self):
        validate(self)

    @cached_property
    def city(self) -> City:
        """The city, read once."""
        return read(self.file)

    def build(self, seed: int) -> City:
        """The city of the file, whatever the seed."""
        return self.city

    @property
    def rows(self) -> int:
        """Rows of cells."""
        return self.city.grid.rows

    @property
    def cols(self) -> int:
        """Columns of cells."""
        return self.city.grid.cols

    @property
    def cell_m(self) -> float:
        """Metres, side of a cell."""
        return self.city.grid.cell_m

    @property
    def residents(self) -> int:
        """Number of residents."""
        return self.city.total

    @property
    def groups(self) -> dict[str, float]:
        """Share of residents by group, the reference first."""
        return {name: float(p) / self.city.total for name, p in zip(self.city.groups, self.city.people)}

    @property
    def district_names(self) -> tuple[str, ...]:
        """Codes of the areas."""
        return self.city.grid.districts

    @property
    def venue_kinds(self) -> tuple[str, ...]:
        """Kinds of place that were imported."""
        return tuple(self.city.grid.points)

    @property
    def has_records(self) -> bool:
        """Whether crimes were imported."""
        return self.city.records is not None
