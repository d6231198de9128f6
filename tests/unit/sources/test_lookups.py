from __future__ import annotations

from pathlib import Path

import pytest

from atlas.errors import DataError, UnavailableError
from atlas.sources.catalogue import read_catalogue
from atlas.sources.lookups import CHANGES_FILE, area_columns, parse_header, read_changes, read_changes_of, read_lookup

LOOKUP = (
    "OBJECTID,LAD24CD,LAD24NM,LSOA21CD,LSOA21NM,msoa21cd,msoa21nm,msoa21hclnm,lat\n"
    "1,E09000003,Barnet,E01000002,Barnet 001B,E02000024,Barnet 001,Hadley,51.6\n"
    '2,E09000003,Barnet, E01000001 ,"Barnet 001A",E02000024,Barnet 001,,51.6\n'
)
CHANGES = "F_LSOA11CD,LSOA21CD,LSOA21NM,CHGIND\nE01000001,E01000001,a,U\nE01000002,E01033333,b,S\n"


def write(folder: Path, text: str) -> Path:
    path = folder / "lookup.csv"
    path.write_text(text)
    return path


def lookup_faults(folder: Path, text: str, vintage: int = 2021) -> list[str]:
    with pytest.raises(DataError) as caught:
        read_lookup(write(folder, text), vintage)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("title", "meaning"),
    [
        ("LSOA11CD", ("lsoa", 2011, "code")),
        ("F_LSOA11CD", ("lsoa", 2011, "code")),
        ("lsoa21_name", ("lsoa", 2021, "name")),
        ("ladcd", ("lad", None, "code")),
        ("ltla22_code", ("lad", 2022, "code")),
        ("WD24NM", ("ward", 2024, "name")),
        ("ICB26CD", ("icb", 2026, "code")),
        ("msoa21hclnm", ("msoa", 2021, "everyday_name")),
    ],
)
def test_headers_are_read(title: str, meaning: tuple[str, int | None, str]) -> None:
    column = parse_header(title)
    assert column is not None
    assert (column.kind, column.vintage, column.part) == meaning


@pytest.mark.parametrize("title", ["lat", "OBJECTID", "icb24cdh", "wd25cd_pointinpoly", "LSOA21NMW", "code", ""])
def test_other_headers_are_left_alone(title: str) -> None:
    assert parse_header(title) is None


def test_of_two_alike_the_latest_year_is_taken() -> None:
    assert area_columns(["lad22cd", "ladcd", "lad24cd"])["lad", "code"].title == "lad24cd"


def test_a_lookup_is_read_by_code(tmp_path: Path) -> None:
    found = read_lookup(write(tmp_path, LOOKUP), 2021)
    assert found.index.tolist() == ["E01000001", "E01000002"]
    assert found.index.name == "lsoa"
    assert found.loc["E01000001"].to_dict() == {
        "lad": "E09000003",
        "lad_name": "Barnet",
        "name": "Barnet 001A",
        "msoa": "E02000024",
        "msoa_name": "Barnet 001",
        "msoa_everyday_name": "",
    }


def test_a_lookup_of_larger_areas(tmp_path: Path) -> None:
    path = write(tmp_path, "msoa21cd,msoa21nm,msoa21hclnm\nE02000024,Barnet 001,Hadley\n")
    assert read_lookup(path, 2021, "msoa").loc["E02000024"].to_dict() == {
        "name": "Barnet 001",
        "everyday_name": "Hadley",
    }


def test_another_years_codes_are_refused(tmp_path: Path) -> None:
    assert lookup_faults(tmp_path, LOOKUP, 2011) == [
        "lookup.csv, row 1, column LSOA21CD: codes of another year, expected codes of 2011"
    ]


def test_every_fault_at_once(tmp_path: Path) -> None:
    text = LOOKUP + "3,E09000003,Barnet,E01000001,again,,,,\n4,Barnet,Barnet,W01000001,ok,E09000003,,,\n5,short\n"
    with pytest.raises(DataError):
        read_lookup(write(tmp_path, text), 2021)
    found = lookup_faults(tmp_path, text.replace("5,short\n", ""))
    assert len(found) == 3
    assert found[0].startswith("lookup.csv, row 5, column LAD24CD: not a code of its kind (lad), found 'Barnet'")
    assert found[2] == "lookup.csv, row 4: the code is there twice, found 'E01000001', expected each code once"


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n"])
def test_what_is_no_lookup(tmp_path: Path, text: str) -> None:
    assert len(lookup_faults(tmp_path, text)) == 1
    with pytest.raises(DataError):
        read_changes(write(tmp_path, text))


def test_changes(tmp_path: Path) -> None:
    found = read_changes(write(tmp_path, CHANGES))
    assert found.to_dict("records") == [
        {"lsoa11": "E01000001", "lsoa21": "E01000001", "change": "U"},
        {"lsoa11": "E01000002", "lsoa21": "E01033333", "change": "S"},
    ]


def test_changes_with_faults(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read_changes(write(tmp_path, CHANGES.replace(",S", ",Q").replace("E01033333", "Barnet")))
    assert [(fault.row, fault.value) for fault in caught.value.faults] == [(3, "Barnet"), (3, "Q")]


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError):
        read_changes(tmp_path / "none.csv")


def test_a_pair_that_is_there_twice(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read_changes(write(tmp_path, CHANGES + "E01000001,E01000001,a,U\n"))
    assert [(fault.row, fault.problem) for fault in caught.value.faults] == [(4, "the pair is there twice")]


def test_changes_of_a_workspace(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="atlas data pull lsoa11_lsoa21"):
        read_changes_of(tmp_path)
    (tmp_path / "official").mkdir()
    (tmp_path / "official" / CHANGES_FILE).write_text(CHANGES)
    assert len(read_changes_of(tmp_path)) == 2


def test_the_catalogue_has_the_changes() -> None:
    assert next(entry for entry in read_catalogue() if entry.name == "lsoa11_lsoa21").filename == CHANGES_FILE
