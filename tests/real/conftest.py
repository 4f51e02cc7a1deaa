"""Real files, where there are any: set LOOPSIM_REAL_DATA to a folder that holds them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

PLACE = Path(os.environ.get("LOOPSIM_REAL_DATA", Path(__file__).resolve().parents[3] / "shared/data"))
PEOPLE = "uk-lsoa-ethnicity-2011/converted_aggdata_london_essex_wyorks_bham.csv"
GROUPS = [
    "Black=BlkAfrican+BlkCaribbean+OtherBlk",
    "White=WhiteBrit+Irish+OtherWhite",
    "Asian=Indian+Pakistani+Bangladeshi+OtherAsian+Chinese",
]


@pytest.fixture(scope="session")
def real():
    """The folder of real files; the test is skipped where there is none."""
    if not PLACE.is_dir():
        pytest.skip(f"no real data at {PLACE}; set LOOPSIM_REAL_DATA")
    pytest.importorskip("geopandas", reason="cities from real files need the extra geo")
    return PLACE


@pytest.fixture(scope="session")
def imported(real, tmp_path_factory):
    """A function: city file of a district, made by the command that users type."""
    from loopsim.cli import main

    folder, made = tmp_path_factory.mktemp("cities"), {}

    def of(district: str, *, cell: int = 150, crimes: bool = True, groups=GROUPS):
        key = district, cell, crimes
        if key not in made:
            out = folder / f"{district}-{cell}-{crimes}.nc"
            line = ["city", "import", "--people", str(real / PEOPLE), "--cell", str(cell), "--out", str(out)]
            line += ["--boundaries", str(real / f"uk-lsoa-imd2019-boundaries/{district}.geojson")]
            files = sorted((real / "uk-essex-street-2018").glob("2018-*-essex-street.csv"))
            line += ["--crimes", *map(str, files)] if crimes else []
            assert main([*line, "--groups", *groups]) == 0
            made[key] = out
        return made[key]

    return of
