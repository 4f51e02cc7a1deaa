"""The notebook: what happened in one turn of the readable world, and what was written down.

An observer's book: it also holds the offences that the police never hear of.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from loopsim.records.page import Page


class Notebook:
    """Offences and records of one replicate in one turn.

    Parameters
    ----------
    cells, groups, types, kinds : int, how many there are of each
    """

    def __init__(self, cells: int, groups: int, types: int, kinds: int):
        self.records: list[tuple] = []
        self.offences = np.zeros(cells, np.int32)
        self.offences_by_group = np.zeros((groups, types), np.int64)
        self.tally = np.zeros((groups, kinds), np.int64)

    def happened(self, group: int, offence: int, cell: int):
        """Count an offence, whether or not anyone will ever know."""
        self.offences[cell] += 1
        self.offences_by_group[group, offence] += 1

    def write(self, day: int, cell: int, kind: int, hours: float, number: int, group: int):
        """Note a record of person `number`, made under `hours` of patrol in the cell that day."""
        self.records.append((day, cell, kind, hours, number))
        self.tally[group, kind] += 1


def copy_out(notebooks: Sequence[Notebook], page: Page):
    """Put the records on a page, one row a notebook; a page that is too small gets more room."""
    most = max(len(notebook.records) for notebook in notebooks)
    if most > page.capacity:
        roomy = Page.blank(len(notebooks), most, persons=page.person.shape[1] > 0)
        for name in ("day", "cell", "kind", "times", "patrol", "person"):
            setattr(page, name, getattr(roomy, name))
    for row, notebook in enumerate(notebooks):
        page.count[row] = len(notebook.records)
        page.times[row, : page.count[row]] = 1
        for i, (day, cell, kind, hours, number) in enumerate(notebook.records):
            page.day[row, i], page.cell[row, i] = day - page.first, cell
            page.kind[row, i], page.patrol[row, i] = kind, hours
            page.person[row, i : i + 1] = number  # no room where the event log is off
