"""Files that cannot be imported: one clear sentence each, and nothing is written."""

from __future__ import annotations

import json

import pytest

from loopsim import cli

CRIMES = """Crime ID,Month,Longitude,Latitude,LSOA code,Crime type
a,2018-03,0.705,51.545,E01,Burglary
b,2018-03,0.715,51.545,E02,Drugs
c,2018-04,,,,Drugs
d,2018-04,1.500,51.545,E99,Burglary
"""
PEOPLE = """code,Persons,White,Black
E01,100,90,10
E02,200,120,80
E03,50,40,10
"""


def square(west, code):
    ring = [[west, 51.54], [west + 0.01, 51.54], [west + 0.01, 51.55], [west, 51.55], [west, 51.54]]
    return {
        "type": "Feature",
        "properties": {"LSOA": code},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


AREAS = json.dumps({"type": "FeatureCollection", "features": [square(0.70, "E01"), square(0.71, "E02")]})


@pytest.fixture
def town(tmp_path, monkeypatch, capsys):
    """A function: contents to change, arguments to add -> (exit code, printed, complained, folder)."""
    monkeypatch.chdir(tmp_path)
    texts = {"crimes.csv": CRIMES, "people.csv": PEOPLE, "areas.json": AREAS}

    def take(changes=None, *more, groups=("White=White", "Black=Black"), out="town.nc"):
        for name, text in (texts | (changes or {})).items():
            if text is None:
                (tmp_path / name).unlink(missing_ok=True)
            else:
                (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        argv = [
            "city",
            "import",
            "--crimes",
            "crimes.csv",
            "--people",
            "people.csv",
            "--boundaries",
            "areas.json",
        ]
        code = cli.main([*argv, "--groups", *groups, "--out", out, *more])
        printed, complained = capsys.readouterr()
        assert "Traceback" not in complained
        return code, printed, complained, tmp_path

    return take


def refused(taken) -> str:
    """The one line of a refusal, of which nothing is left."""
    code, printed, complained, folder = taken
    assert (code, printed) == (2, "") and complained.count("\n") == 1
    assert not [p for p in folder.iterdir() if "town" in p.name]
    return complained


def test_the_files_are_good_as_they_are_and_what_is_dropped_is_said(town):
    code, printed, complained, folder = town()
    assert (code, complained) == (0, "") and (folder / "town.nc").is_file()
    for line in (
        "crimes: 4 rows, 2 kept (2018-03 to 2018-04)",
        "no location: 1",
        "outside the boundaries: 1",
        "300 residents of 2 areas",
        "areas of the people file outside the boundaries: 1",
    ):
        assert line in printed


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_byte_order_mark_and_windows_line_ends_are_read(town, mark, ends):
    changes = {
        n: mark + t.replace("\n", ends).encode()
        for n, t in {"crimes.csv": CRIMES, "people.csv": PEOPLE}.items()
    }
    assert town(changes)[0] == 0


def test_snake_case_headers_are_read(town):
    header = CRIMES.split("\n")[0]
    assert town({"crimes.csv": CRIMES.replace(header, header.lower().replace(" ", "_"))})[0] == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"crimes.csv": CRIMES.replace("Longitude", "Easting")}, "crimes.csv: no column for longitude"),
        ({"crimes.csv": CRIMES.replace("Month", "When")}, "crimes.csv: no column for the month"),
        ({"crimes.csv": CRIMES.replace("Crime type", "What")}, "crimes.csv: no column for the type of crime"),
        ({"crimes.csv": CRIMES.replace(",", ";")}, "crimes.csv: line 1 separates columns by semicolons"),
        ({"people.csv": PEOPLE.replace(",", ";")}, "people.csv: line 1 separates columns by semicolons"),
        ({"crimes.csv": CRIMES.replace(",", "\t")}, "crimes.csv: line 1 separates columns by tabs"),
        ({"crimes.csv": CRIMES.replace("Drugs", "Drogué", 1).encode("latin-1")}, "crimes.csv: line 3 is not UTF-8"),
        ({"crimes.csv": CRIMES.encode("utf-16")}, "crimes.csv: line 1 is not UTF-8"),
        ({"crimes.csv": ""}, "crimes.csv: is empty"),
        ({"people.csv": "\n \n"}, "people.csv: is empty"),
        ({"crimes.csv": CRIMES.split("\n")[0] + "\n"}, "crimes.csv: has a header and no rows"),
        ({"crimes.csv": CRIMES.replace("2018-03", "March", 1)}, "crimes.csv: line 2: Month must look like 2018-03"),
        ({"crimes.csv": CRIMES.replace("0.715", "east")}, "crimes.csv: line 3: Longitude must be a number, got east"),
        ({"crimes.csv": CRIMES.replace("0.715", "nan")}, "crimes.csv: line 3: Longitude must be a number, got nan"),
        ({"crimes.csv": CRIMES.replace("0.715", "151.5").replace("51.545", "151.545")}, "are they swapped?"),
        ({"crimes.csv": "Month,Longitude,Latitude,Crime type\n2018-03,51.545,0.705,Burglary\n"}, "are swapped"),
        ({"crimes.csv": "Month,Longitude,Latitude,Crime type\n2018-03,-3.1,55.9,Burglary\n"}, "no crime lies inside"),
        ({"crimes.csv": CRIMES + "e,2018-04,0.705\n"}, "crimes.csv: line 6 has 3 columns, the header has 6"),
        ({"crimes.csv": None}, "crimes.csv: no such file"),
        ({"people.csv": PEOPLE.replace("E0", "W0")}, "people.csv: no column holds an area code of areas.json"),
        ({"people.csv": PEOPLE.replace("120", "12.5")}, "people.csv: line 3: White must be a whole number of people"),
        ({"people.csv": PEOPLE.replace("120", "-1")}, "people.csv: line 3: White must be a whole number of people"),
        ({"people.csv": PEOPLE.replace("120", "")}, "people.csv: line 3: White must be a number, got nothing"),
        ({"people.csv": PEOPLE.replace("E02", "E01")}, "people.csv: line 3: area E01 is there twice"),
        ({"people.csv": PEOPLE.replace("200", "10")}, "have more people than its Persons"),
        ({"people.csv": PEOPLE.replace("White,Black", "White,White")}, "people.csv: line 1 names a column twice"),
        ({"areas.json": AREAS[: len(AREAS) // 2]}, "areas.json: line 1 is not JSON"),
        ({"areas.json": "{}"}, "areas.json: is JSON but not GeoJSON"),
        ({"areas.json": '{"features": []}'}, "areas.json: has no features"),
        ({"areas.json": AREAS.replace("Polygon", "Point")}, "areas.json: "),
        ({"areas.json": AREAS.replace("0.7", "510000.7")}, "areas.json: "),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_gets_one_sentence_and_nothing_is_written(town, changes, said):
    assert said in refused(town(changes))


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        (("White", "Black=Black"), "--groups must look like Name=Column+Column, got White"),
        (("White=White", "Black=Blak"), "no column Blak (did you mean Black?)"),
        (("White=White+Black", "Black=Black"), "--groups counts column Black twice"),
        (("White=White", "White=Black"), "--groups names White twice"),
    ],
)
def test_groups_that_cannot_be_made_are_refused(town, groups, said):
    assert said in refused(town(groups=groups))


@pytest.mark.parametrize("name", ["crimes.csv", "people.csv", "areas.json"])
def test_a_directory_is_no_file(town, tmp_path, name):
    (tmp_path / "folder").mkdir()
    argument = {"crimes.csv": "--crimes", "people.csv": "--people", "areas.json": "--boundaries"}[name]
    assert "folder: is a directory; name a file" in refused(town(None, argument, "folder"))


def test_the_place_of_the_city_file_is_looked_at_before_any_work(town, tmp_path):
    (tmp_path / "folder").mkdir()
    assert "is a directory" in refused(town(out="folder"))
    assert "no such folder" in refused(town(out="nowhere/town.nc"))
    assert "--cell" in refused(town(None, "--cell", "nan"))
    assert "set --cell larger" in refused(town(None, "--cell", "0.1"))


def test_a_failed_import_leaves_the_earlier_city_as_it_was(town):
    folder = town()[3]
    before = (folder / "town.nc").read_bytes()
    code, _, complained, _ = town({"crimes.csv": ""})
    assert code == 2 and "is empty" in complained
    assert (folder / "town.nc").read_bytes() == before


@pytest.mark.parametrize("part", [0.0, 0.3, 0.9, 0.999])
def test_a_half_written_city_file_is_refused_by_show_and_by_run(town, capsys, part):
    folder = town()[3]
    whole = (folder / "town.nc").read_bytes()
    (folder / "half.nc").write_bytes(whole[: int(part * len(whole))])
    for argv in (["city", "show", "half.nc"], ["run", "scenario=southend", "city.file=half.nc"]):
        assert cli.main(argv) == 2
        _, complained = capsys.readouterr()
        assert "half.nc: is" in complained and complained.count("\n") == 1


def test_a_city_file_with_one_byte_changed_is_refused(town, capsys):
    folder = town()[3]
    whole = bytearray((folder / "town.nc").read_bytes())
    whole[-5] ^= 1
    (folder / "town.nc").write_bytes(bytes(whole))
    assert cli.main(["city", "show", "town.nc"]) == 2
    assert "damaged or was changed" in capsys.readouterr().err


@pytest.mark.parametrize("text", [CRIMES, AREAS, "CDF\x01"])
def test_a_file_of_another_kind_is_no_city_file(town, tmp_path, capsys, text):
    (tmp_path / "other.nc").write_text(text)
    assert cli.main(["city", "show", str(tmp_path / "other.nc")]) == 2
    assert "not a whole loopsim city file" in capsys.readouterr().err
