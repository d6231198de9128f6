from __future__ import annotations

from pathlib import Path

import pytest

from atlas.errors import UnavailableError
from atlas.records import TABLES
from atlas.sources.partnerships import read_partnerships

EVIDENCE = "s1,page 1,2026-11-21"
TABLES_OF_TOY = {
    "sources": "id,title,publisher,url,published,licence\ns1,Title,Publisher,,2022,OGL\n",
    "institutions": "id,name,sector,kind,is_anchor,source,evidence,checked_on\n"
    f"institution:a,A,health,trust,true,{EVIDENCE}\n",
    "sites": "id,institution,name,kind,postcode,borough,source,evidence,checked_on\n"
    f"site:a,institution:a,A,acute_hospital,E1 1BJ,E09000030,{EVIDENCE}\n",
    "networks": "id,name,kind,origin,scale,description,domains,footprint_kind,footprint,source,evidence,checked_on\n"
    f"network:n,N,anchor network,council,borough,Helps.,workforce; procurement,places,E09000030,{EVIDENCE}\n",
    "programmes": "id,name,scale,description,footprint_kind,footprint,source,evidence,checked_on\n"
    f"programme:p,P,borough,Helps.,radius,530000; 180000; 500,{EVIDENCE}\n",
    "ties": "subject,relation,object,confidence,source,evidence,checked_on\n"
    f"institution:a,member_of,network:n,high,{EVIDENCE}\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for table, text in TABLES_OF_TOY.items():
        (tmp_path / f"{table}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def faults_of(folder: Path) -> list[tuple[str, int | None, str | None, object]]:
    return [(f.file, f.row, f.column, f.value) for f in read_partnerships(folder, {"E09000030"}).faults]


def test_good_tables_are_read_whole(folder: Path) -> None:
    files = read_partnerships(folder, {"E09000030"})
    assert files.faults == ()
    assert files.partnerships.networks[0].domains == ("workforce", "procurement")
    assert files.partnerships.programmes[0].footprint == ("530000", "180000", "500")
    assert files.partnerships.sites[0].easting_m is None
    assert [row for row, _ in files.rows["ties"]] == [2]


def test_the_hash_follows_the_bytes(folder: Path) -> None:
    before = read_partnerships(folder).sha256
    assert read_partnerships(folder).sha256 == before
    (folder / "ties.csv").write_text(TABLES_OF_TOY["ties"] + "\n", encoding="utf-8")
    assert read_partnerships(folder).sha256 != before


@pytest.mark.parametrize(
    ("table", "old", "new", "expected"),
    [
        ("institutions", "health", "heath", ("institutions.csv", 2, "sector", "heath")),
        ("institutions", ",true,", ",perhaps,", ("institutions.csv", 2, "is_anchor", "perhaps")),
        ("institutions", "institution:a,A", "institution:a,", ("institutions.csv", 2, "name", "")),
        ("sites", "E1 1BJ", "E1 1BJJ", ("sites.csv", 2, "postcode", "E1 1BJJ")),
        ("sites", "institution:a", "institution:b", ("sites.csv", 2, "institution", "institution:b")),
        ("ties", "network:n", "network:gone", ("ties.csv", 2, "object", "network:gone")),
        ("ties", "high,s1", "high,s9", ("ties.csv", 2, "source", "s9")),
        ("networks", "places,E09000030", "places,Camden", ("networks.csv", 2, None, None)),
        ("networks", "places,E09000030", "places,E09000099", ("networks.csv", 2, "footprint", "E09000099")),
        ("programmes", "530000; 180000; 500", "530000; 180000", ("programmes.csv", 2, None, None)),
        ("ties", "confidence,", "certainty,", ("ties.csv", 1, "confidence", None)),
        ("ties", "confidence,", "certainty,", ("ties.csv", 1, "certainty", None)),
        (
            "ties",
            "2026-11-21\n",
            "2026-11-21,more\n",
            ("ties.csv", 2, None, f"institution:a,member_of,network:n,high,{EVIDENCE},"),
        ),
    ],
)
def test_a_fault_names_file_row_column_and_value(
    folder: Path, table: str, old: str, new: str, expected: tuple[str, int, str | None, object]
) -> None:
    text = TABLES_OF_TOY[table]
    assert old in text
    (folder / f"{table}.csv").write_text(text.replace(old, new), encoding="utf-8")
    assert expected in faults_of(folder)


def test_a_missing_a_cut_short_and_an_empty_table_are_all_reported(folder: Path) -> None:
    (folder / "ties.csv").unlink()
    (folder / "networks.csv").write_text('id,name\n"network:n', encoding="utf-8")
    (folder / "programmes.csv").write_text("", encoding="utf-8")
    assert {"ties.csv", "networks.csv", "programmes.csv"} <= {file for file, *_ in faults_of(folder)}


def test_text_that_is_not_utf8_is_reported_with_its_row(folder: Path) -> None:
    (folder / "institutions.csv").write_bytes(TABLES_OF_TOY["institutions"].encode() + b"caf\xe9\n")
    assert ("institutions.csv", 3) in [(file, row) for file, row, *_ in faults_of(folder)]


def test_dates_are_in_order(folder: Path) -> None:
    text = (
        TABLES_OF_TOY["ties"].replace("checked_on\n", "checked_on,start,end\n").replace("-21\n", "-21,2022,2021-06\n")
    )
    (folder / "ties.csv").write_text(text, encoding="utf-8")
    assert [f.problem for f in read_partnerships(folder, {"E09000030"}).faults] == [
        "ends (2021-06) before it starts (2022)"
    ]


@pytest.mark.parametrize("date", ["2014-13", "2023-02-29", "2024-04-31"])
def test_a_date_is_in_the_calendar(folder: Path, date: str) -> None:
    text = TABLES_OF_TOY["ties"].replace("checked_on\n", "checked_on,start\n").replace("-21\n", f"-21,{date}\n")
    (folder / "ties.csv").write_text(text, encoding="utf-8")
    (fault,) = read_partnerships(folder, {"E09000030"}).faults
    assert (fault.column, fault.problem, fault.value) == ("start", "no such date", date)


@pytest.mark.parametrize("year", ["0001", "0999", "3000", "9999"])
def test_a_year_is_one_of_history(folder: Path, year: str) -> None:
    text = TABLES_OF_TOY["ties"].replace("checked_on\n", "checked_on,start\n").replace("-21\n", f"-21,{year}\n")
    (folder / "ties.csv").write_text(text, encoding="utf-8")
    (fault,) = read_partnerships(folder, {"E09000030"}).faults
    assert (fault.column, fault.problem, fault.value) == ("start", "no year from 1000 to 2999", year)


def test_a_number_is_finite(folder: Path) -> None:
    text = f"node,metric,value,unit,source,evidence,checked_on\ninstitution:a,staff,nan,people,{EVIDENCE}\n"
    (folder / "measurements.csv").write_text(text, encoding="utf-8")
    assert ("measurements.csv", 2, "value", "nan") in faults_of(folder)


@pytest.mark.parametrize(
    ("old", "new"),
    [(",health,", ",heath,"), ("is_anchor,", "anchor,"), ("id,name", "id;name"), ("A,health", "caf\udce9")],
)
def test_one_fault_brings_no_others(folder: Path, old: str, new: str) -> None:
    text = TABLES_OF_TOY["institutions"]
    assert old in text
    data = text.replace(old, new).encode("utf-8", "surrogateescape")
    (folder / "institutions.csv").write_bytes(data)
    found = read_partnerships(folder, {"E09000030"}).faults
    assert found
    assert {fault.file for fault in found} == {"institutions.csv"}


def test_when_somebody_last_looked(folder: Path) -> None:
    assert str(read_partnerships(folder).last_checked) == "2026-11-21"
    (folder / "ties.csv").unlink()
    assert read_partnerships(folder).last_checked is None


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="there is no folder"):
        read_partnerships(tmp_path / "none")


def test_every_table_has_described_columns() -> None:
    undescribed = [
        f"{table}.{name}"
        for table, record in TABLES.items()
        for name, field in record.model_fields.items()
        if not field.description
    ]
    assert undescribed == []


def test_surveys_without_sites_are_no_record_of_nothing(folder: Path) -> None:
    (folder / "sites.csv").unlink()
    assert faults_of(folder) == []
    survey = f"borough,sector,status,source,evidence,checked_on\nE09000030,health,complete,{EVIDENCE}\n"
    (folder / "surveys.csv").write_text(survey, encoding="utf-8")
    assert faults_of(folder) == [("sites.csv", None, None, None)]
