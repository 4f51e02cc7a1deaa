"""Lum and Isaac's set-up on Oakland's drug crimes, from a file that the user must have.

The file is the world: no crime is simulated. PredPol's model reads 180 days of it, flags its
boxes for the day, and the day's crimes become records; with `feedback` a flagged box also gains
Binomial(crimes of the day + 1, share) records, the rule of the authors' option.
"""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path

import numpy as np

from loopsim.limits import Refused
from loopsim.records.evidence import Evidence
from loopsim.records.ledger import Ledger
from loopsim.stages import Now
from loopsim.validation.arm import the_arm, written
from loopsim.validation.judge import exact

FILE, COLUMNS = "drug_crimes_with_bins.csv", ("bin", "OCCURRED")
SEED = 2016


def measure(case, size) -> dict:
    """What the file holds, and where twenty boxes a day fall, with and without feedback."""
    given = case.given
    days, bins, whole = _read(size.data)
    first = _day(given["first"]) - given["window"]
    last = _day(given["last"])
    if not (days.min() <= first and days.max() >= last):
        span = f"{date.fromordinal(first)} to {date.fromordinal(last)}"
        raise Refused(f"{FILE} must hold crimes of {span}, got {_span(days)}; set --data")
    counts = np.zeros((last - first + 1, bins.max()), np.int64)
    inside = (days >= first) & (days <= last)
    np.add.at(counts, (days[inside] - first, bins[inside] - 1), 1)
    plain, fed = (_year(given, counts, share) for share in (0.0, given["feedback"]))
    return {
        "records": exact(whole), "boxes": exact(counts.shape[1]), "days": exact(len(plain)),
        "caught": exact(_caught(plain, counts[given["window"] :])), "distinct": exact(_distinct(plain)),
        "half": exact(_half(plain)), "caught_feedback": exact(_caught(fed, counts[given["window"] :])),
        "distinct_feedback": exact(_distinct(fed)), "half_feedback": exact(_half(fed)),
    }  # fmt: skip


def _read(folder: Path):
    """Day number and box of each crime that has both, and how many lines there are."""
    path = Path(folder) / FILE
    if not path.is_file():
        raise Refused(f"--data must hold {FILE}, got {folder} without it; set --data")
    with path.open(newline="", encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    if not lines or any(name not in lines[0] for name in COLUMNS):
        raise Refused(f"{FILE} must have the columns {' and '.join(COLUMNS)}, got none of them; set --data")
    kept = [line for line in lines if line["bin"] not in ("", "NA")]
    try:
        days = [datetime.strptime(line["OCCURRED"], "%m/%d/%y").toordinal() for line in kept]
        bins = [int(line["bin"]) for line in kept]
    except ValueError as error:
        raise Refused(f"{FILE} must have whole boxes and dates mm/dd/yy, got: {error}; set --data") from None
    if not bins or min(bins) < 1:
        raise Refused(f"{FILE} must number its boxes from 1, got {min(bins, default='none')}; set --data")
    return np.array(days), np.array(bins), len(lines)


def _day(text) -> int:
    return date.fromisoformat(str(text)).toordinal()


def _span(days) -> str:
    return f"{date.fromordinal(int(days.min()))} to {date.fromordinal(int(days.max()))}"


def _year(given, counts, feedback) -> np.ndarray:
    """(days, boxes) bool, the boxes flagged each day."""
    n, window = counts.shape[1], given["window"]
    setup, city = the_arm([
        "city=listed", f"city.cols={n}", f"city.people={written({'all': [1] * n, 'nobody': [0] * n})}",
        f"city.cell_m={given['box_m']}", "bias.level=1", f"history_days={window}", "prediction=predpol",
        f"prediction.window_days={window}", "prediction.rewindow_days=1", "allocation=top_cells",
        f"allocation.k={given['boxes']}", f"allocation.budget={given['boxes']}", "days=1", "refit_days=1",
        "world.offences={drug: {true_rate: 1, reported: 0, discovered: 0, harm_days: 1, police_found: true}}",
        "world.carried={}",
    ])  # fmt: skip
    kinds, rng = setup.world.kinds, np.random.default_rng(SEED)
    ledger, weights = Ledger(kinds, n, 1, memory_days=window), setup.shown.per_kind(kinds)
    for day in range(window):
        _write(ledger, day - window, counts[day], kinds)
    flagged, notes = np.zeros((len(counts) - window, n), bool), {}
    for day, today in enumerate(counts[window:]):
        now = Now(day=day, days=1, budget=given["boxes"], grid=city.grid, dice=_dice(), notes=notes)
        now.evidence = Evidence(ledger=ledger, today=day, weights=weights, budget=now.budget)
        flagged[day] = setup.allocator(setup.predictor(now.evidence, now), now)[0, 0] > 0
        more = rng.binomial(today + 1, feedback) * flagged[day] if feedback else 0
        _write(ledger, day, today + more, kinds)
    return flagged


def _dice():
    from loopsim.philox import Dice

    return Dice(SEED, np.zeros(1, np.uint32))


def _write(ledger, day, counts, kinds) -> None:
    """A page with the records of one day."""
    cells = np.flatnonzero(counts)
    page = ledger.blank_page(day, 1, max(cells.size, 64))
    m = page.count[0] = cells.size
    page.day[0, :m], page.cell[0, :m], page.times[0, :m] = 0, cells, counts[cells]
    page.kind[0, :m], page.patrol[0, :m] = kinds.index("discovery", "drug"), 0.0
    ledger.add(page)


def _caught(flagged, counts) -> float:
    """Share of the crimes of the file that fall in the boxes flagged that day."""
    return float((counts * flagged).sum() / counts.sum())


def _distinct(flagged) -> int:
    """Boxes that were ever flagged."""
    return int(flagged.any(axis=0).sum())


def _half(flagged) -> int:
    """Boxes that take half of all flags."""
    share = np.cumsum(np.sort(flagged.sum(axis=0))[::-1]) / flagged.sum()
    return int(np.searchsorted(share, 0.5) + 1)
