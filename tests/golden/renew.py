"""Write the golden tables anew: `python tests/golden/renew.py`, then read the difference before you commit it.

A golden table says only that results moved, not that they were right. Renew it when they were
meant to move, and say in the changelog why.
"""

from __future__ import annotations

import csv
from pathlib import Path

HERE = Path(__file__).parent
COMMON = (
    "city.rows=20", "city.cols=20", "city.residents=4000", "replicates=3", "days=60", "refit_days=10",
    "measure_days=60", "history_days=60", "allocation.budget=40", "world.stop_rate=0.1",
    "arms=[loop, clean_start, frozen, no_model]",
)  # fmt: skip
# Name of the table -> what is run; every value that matters is written down, so that a new
# default moves nothing.
TABLES = {
    "kde": ("prediction=kde", "prediction.sigma_m=150", "prediction.window_days=60", "allocation.k=20"),
    "predpol": (
        "prediction=predpol",
        "prediction.window_days=60",
        "allocation=proportional",
        "allocation.gamma=2",
    ),
}
TOWN = (
    "city.segregation=0.5", "city.groups={blue: 0.75, orange: 0.25}", "city.density_sd=0.3", "city.density_m=3000",
    "city.deprivation_corr=0.5", "bias.level=2", "seed=1",
)  # fmt: skip


def made(name: str, out) -> dict[tuple, tuple]:
    """(arm, day, measure, group) -> (mean, lo, hi) of a golden run, made now."""
    import loopsim

    result = loopsim.run("twin_cities", overrides=[*COMMON, *TOWN, *TABLES[name], f"out={out}"])
    return {tuple(row[:4]): tuple(row[4:7]) for row in result.summary_rows}


def kept(name: str) -> dict[tuple, tuple]:
    """The same from the golden table; an empty cell is NaN."""
    with open(HERE / f"{name}.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))[1:]
    numbers = [tuple(float(v) if v else float("nan") for v in row[4:7]) for row in rows]
    return {(row[0], int(row[1]), row[2], row[3]): found for row, found in zip(rows, numbers, strict=True)}


def renew(name: str, out) -> None:
    """Write one golden table."""
    from loopsim.study.store import write_csv

    rows = [(*key, *values) for key, values in made(name, out).items()]
    write_csv(HERE / f"{name}.csv", ("arm", "day", "measure", "group", "mean", "lo", "hi"), rows)


if __name__ == "__main__":
    import tempfile

    for table in TABLES:
        with tempfile.TemporaryDirectory() as folder:
            renew(table, Path(folder) / "run")
            print(f"wrote {HERE / table}.csv")
