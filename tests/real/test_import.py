"""Do real files become the city that they describe?"""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest

from loopsim.city.file import read

ESSEX = ("Southend_on_Sea", "Basildon")
LONDON = ("Lambeth", "Hackney")
BLACK = ("BlkAfrican", "BlkCaribbean", "OtherBlk")
WHITE = ("WhiteBrit", "Irish", "OtherWhite")


def areas(real, district) -> list[str]:
    """Codes of the small areas of a district."""
    path = real / f"uk-lsoa-imd2019-boundaries/{district}.geojson"
    return [feature["properties"]["code"] for feature in json.loads(path.read_text())["features"]]


def census(real) -> dict[str, dict]:
    """Area code -> row of the census file."""
    path = real / "uk-lsoa-ethnicity-2011/converted_aggdata_london_essex_wyorks_bham.csv"
    with open(path, newline="", encoding="utf-8") as file:
        return {row["LSOA"]: row for row in csv.DictReader(file)}


def by_hand(real, district, crime_type) -> float:
    """Black/White exposure to a crime type: crimes per resident of one's own LSOA, from the files."""
    codes, rows = areas(real, district), census(real)
    crimes = dict.fromkeys(codes, 0)
    for path in sorted((real / "uk-essex-street-2018").glob("2018-*-essex-street.csv")):
        with open(path, newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row["crime_type"] == crime_type and row["lsoa_code"] in crimes:
                    crimes[row["lsoa_code"]] += 1
    rate = np.array([crimes[c] / int(rows[c]["Persons"]) for c in codes])

    def exposure(columns):
        people = np.array([sum(int(rows[c][x]) for x in columns) for c in codes])
        return people @ rate / people.sum()

    return exposure(BLACK) / exposure(WHITE)


def through_import(city, crime_type) -> float:
    """The same from a city: cells stand for the area that covers most of them."""
    grid, records = city.grid, city.records
    here = np.asarray(grid.district)
    inside = here >= 0
    kind = records.crime_types.index(crime_type)
    crimes = np.bincount(records.cell[records.crime_type == kind], minlength=grid.n)

    def by_area(values):
        return np.bincount(here[inside], values[inside], minlength=len(grid.districts))

    rate = by_area(crimes) / np.maximum(by_area(city.residents.sum(axis=1)), 1)

    def exposure(group):
        people = by_area(city.residents[:, city.groups.index(group)])
        return people @ rate / people.sum()

    return exposure("Black") / exposure("White")


@pytest.mark.parametrize("district", ESSEX + LONDON)
def test_every_resident_of_the_census_lives_in_the_city_by_group(real, imported, district):
    city = read(imported(district, crimes=district in ESSEX))
    rows, codes = census(real), areas(real, district)
    for name, columns in (("Black", BLACK), ("White", WHITE)):
        counted = sum(int(rows[code][column]) for code in codes for column in columns)
        assert city.people[city.groups.index(name)] == counted
    assert city.total == sum(int(rows[code]["Persons"]) for code in codes)
    assert city.people[0] == city.people.max()


@pytest.mark.parametrize("district", ESSEX)
@pytest.mark.parametrize("crime_type", ["Drugs", "Burglary", "Violence and sexual offences"])
def test_exposure_ratios_are_those_of_the_files(real, imported, district, crime_type):
    direct, city = by_hand(real, district, crime_type), read(imported(district))
    # published points lie on streets, the borders of areas, so cells can only come near
    assert through_import(city, crime_type) == pytest.approx(direct, rel=0.05)
    line = next(x for x in city.source["report"] if x.startswith("exposure") and "Black/White" in x)
    assert f"{crime_type} {direct:.2f}" in line


def test_police_found_crime_is_more_skewed_than_burglary_in_southend(real, imported):
    city = read(imported("Southend_on_Sea"))
    assert through_import(city, "Drugs") > 1.3 * through_import(city, "Burglary")


@pytest.mark.parametrize("district", ESSEX)
def test_every_crime_that_the_police_placed_in_an_area_of_the_town_is_kept(real, imported, district):
    city, codes = read(imported(district)), set(areas(real, district))
    placed = 0
    for path in (real / "uk-essex-street-2018").glob("2018-*-essex-street.csv"):
        with open(path, newline="", encoding="utf-8") as file:
            placed += sum(row["lsoa_code"] in codes for row in csv.DictReader(file))
    assert city.records.cell.size == pytest.approx(placed, abs=3)
    assert city.records.month_days.tolist() == [31, 28, 31]


def test_the_report_of_the_import_adds_up(real, imported):
    said = {line.split(":")[0]: line for line in read(imported("Southend_on_Sea")).source["report"]}
    rows = int(said["crimes"].split()[1])
    kept = int(said["crimes"].split()[3])
    dropped = [int(said[k].split(": ")[1]) for k in said if k.startswith("crimes dropped")]
    assert rows == kept + sum(dropped)
    assert len(dropped) == 2
