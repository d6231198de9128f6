from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from atlas.errors import DataError, Faults, UnavailableError
from atlas.sources.deprivation import LABELS, POPULATIONS, read_file7
from atlas.vocabulary import NeedDomain, Release

Row = dict[str, str]
WHERE = {"Rank": "Rank (where 1 is most deprived)", "Decile": "Decile (where 1 is most deprived 10% of LSOAs)"}


def official(number: int, *, year: int = 2019) -> Row:
    """A row under the official headers of a release."""
    lsoa, lad, people = {2019: (2011, 2019, "mid 2015 (excluding prisoners)"), 2025: (2021, 2024, "mid 2022")}[year]
    row = {
        f"LSOA code ({lsoa})": f"E0100000{number}",
        f"LSOA name ({lsoa})": f"Barnet 00{number}A",
        f"Local Authority District code ({lad})": "E09000003",
        f"Local Authority District name ({lad})": "Barnet",
    }
    for place, (key, label) in enumerate(LABELS.items()):
        rate = " (rate)" if key in {"income", "employment", "idaci", "idaopi"} else ""
        row[f"{label} Score{rate}"] = str(round(place - 1.5 + number / 10, 3))
        row[f"{label} {WHERE['Rank']}"] = str(1000 * place + number)
        row[f"{label} {WHERE['Decile']}"] = str(number)
    worked = {
        2019: "18-59/64: for use with Employment Deprivation Domain (excluding prisoners)",
        2025: "18-66 (for use with Employment Deprivation Domain): mid 2022",
    }[year]
    for place, title in enumerate(POPULATIONS.values()):
        row[f"{title} {worked}" if title.startswith("Working") else f"{title}: {people}"] = str(1000 * number + place)
    return row


def text_of(rows: list[Row]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def write(rows: list[Row] | str | bytes, encoding: str = "utf-8") -> Path:
        data = rows if isinstance(rows, bytes) else (rows if isinstance(rows, str) else text_of(rows)).encode(encoding)
        path = tmp_path / "file7.csv"
        path.write_bytes(data)
        return path

    return write


def faults_of(path: Path) -> list[str]:
    with pytest.raises(DataError, match=r"cannot use file7\.csv as File 7") as caught:
        read_file7(path)
    return [str(fault) for fault in caught.value.faults]


def read_faults(path: Path) -> list[tuple[int | None, str, str, object]]:
    with pytest.raises(DataError) as caught:
        read_file7(path)
    return [(f.row, str(f.column).partition(" (where")[0], f.problem, f.value) for f in caught.value.faults]


def column(rows: list[Row], start: str) -> str:
    return next(title for title in rows[0] if title.startswith(start))


@pytest.mark.parametrize(("year", "release", "vintage"), [(2019, Release.IOD2019, 2011), (2025, Release.IOD2025, 2021)])
def test_every_column_of_both_releases(write: Callable[..., Path], year: int, release: Release, vintage: int) -> None:
    need = read_file7(write([official(2, year=year), official(1, year=year)]))
    assert (need.release, need.vintage, need.is_estimate, need.missing) == (release, vintage, False, ())
    assert need.scores.index.tolist() == ["E01000001", "E01000002"]
    assert need.scores.index.name == "lsoa"
    assert need.scores.columns.tolist() == list(LABELS)
    assert need.scores.loc["E01000002", "income"] == pytest.approx(-0.3)
    assert need.ranks.loc["E01000002", "outdoors"] == 15002
    assert need.deciles.loc["E01000001", NeedDomain.CRIME] == 1
    assert need.populations.loc["E01000002"].to_dict() == {key: 2000 + n for n, key in enumerate(POPULATIONS)}
    assert need.names.loc["E01000001"].to_dict() == {"name": "Barnet 001A", "lad": "E09000003", "lad_name": "Barnet"}
    assert need.domains() == tuple(NeedDomain)


@pytest.mark.parametrize("shape", ["shuffled", "bom", "utf16", "separators", "spaces", "gzip", "cut headers", "more"])
def test_the_same_numbers_in_another_dress(write: Callable[..., Path], shape: str) -> None:
    rows = [official(number) for number in (1, 2, 3)]
    plain = read_file7(write(rows))
    encoding = {"bom": "utf-8-sig", "utf16": "utf-16"}.get(shape, "utf-8")
    if shape == "shuffled":
        titles = sorted(rows[0], key=lambda title: title[::-1])
        rows = [{title: row[title] for title in titles} for row in rows]
    elif shape == "separators":
        rows = [{t: f"{int(v):,}" if v.isdigit() and len(v) > 3 else v for t, v in row.items()} for row in rows]
    elif shape == "spaces":
        rows = [{f"  {t.replace(' ', '  ')} ": f" {v} " for t, v in row.items()} for row in rows]
    elif shape == "cut headers":
        rows = [{t.removesuffix("As)"): v for t, v in row.items()} for row in rows]
    elif shape == "more":
        rows = [{"Region": "London,\nthe", **row, "Note": ""} for row in rows]
    path = write(gzip.compress(text_of(rows).encode()) if shape == "gzip" else rows, encoding)
    need = read_file7(path)
    for table in ("scores", "ranks", "deciles", "populations", "names"):
        pd.testing.assert_frame_equal(getattr(need, table), getattr(plain, table))


def test_columns_that_may_be_missing_are_recorded(write: Callable[..., Path]) -> None:
    rows = [official(1)]
    for start in ("Outdoors Sub-domain Score", "Working age", "Crime Decile"):
        del rows[0][column(rows, start)]
    need = read_file7(write(rows))
    assert need.missing == ("Crime Decile", "Outdoors Sub-domain Score", "Working age population")
    assert "outdoors" not in need.scores
    assert "outdoors" in need.ranks


def test_columns_that_must_be_there(write: Callable[..., Path]) -> None:
    rows = [official(1)]
    for start in ("Crime Score", "Income Rank", "Total population", "Local Authority District name"):
        del rows[0][column(rows, start)]
    found = faults_of(write(rows))
    assert len(found) == 4
    assert found[0].startswith("file7.csv, row 1, column Local Authority District name: a column is missing")


def test_every_fault_at_once_by_row_column_and_value(write: Callable[..., Path]) -> None:
    rows = [official(number) for number in (1, 2, 3, 3)]
    rows[0][column(rows, "Crime Score")] = "n/a"
    rows[1][column(rows, "Income Rank")] = "40000"
    rows[1][column(rows, "Health Deprivation and Disability Decile")] = "0"
    rows[2][column(rows, "Total population")] = ""
    rows[2][column(rows, "Local Authority District code")] = "Barnet"
    rows[0][column(rows, "LSOA name")] = " "
    found = read_faults(write(rows))
    assert sorted(found) == [
        (2, "Crime Score", "not a number", "n/a"),
        (2, "LSOA name (2011)", "not as expected", ""),
        (3, "Health Deprivation and Disability Decile", "out of range", 0),
        (3, "Income Rank", "out of range", 40_000),
        (4, "Local Authority District code (2019)", "not as expected", "Barnet"),
        (4, "Total population: mid 2015 (excluding prisoners)", "not a number", ""),
        (5, "LSOA code (2011)", "the code is there twice", "E01000003"),
    ]


def test_a_fault_says_what_would_have_been_right(write: Callable[..., Path]) -> None:
    rows = [{**official(1), column([official(1)], "Income Rank"): "40000"}]
    (fault,) = faults_of(write(rows))
    assert fault.startswith("file7.csv, row 2, column Income Rank (where 1 is most deprived): out of range")
    assert fault.endswith("found 40000, expected a whole number, 1 to 32,844")


def test_many_alike_are_counted(write: Callable[..., Path]) -> None:
    rows = [official(1) for _ in range(30)]
    found = faults_of(write(rows))
    assert len(found) == 21
    assert "the code is there twice in 9 more rows" in found[-1]


@pytest.mark.parametrize("value", ["inf", "nan", "1e999", "0x10", "TRUE"])
def test_what_looks_like_a_number_and_is_none(write: Callable[..., Path], value: str) -> None:
    rows = [official(1)]
    rows[0][column(rows, "Crime Score")] = value
    assert "Crime Score: not a number" in faults_of(write(rows))[0]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "the file is empty"),
        (text_of([official(1)]).split("\n", 1)[0].encode() + b"\n", "the file has no rows"),
        (gzip.compress(text_of([official(1)]).encode())[:-9], "cut short or damaged"),
        (text_of([official(1), official(2)]).encode()[:-60], "values, found"),
        (text_of([official(1)]).replace("Barnet", "Bärnet").encode("latin-1"), "not UTF-8"),
        (b"<!doctype html>\n<p>Gone</p>\n", "a column is missing"),
    ],
)
def test_files_that_are_not_whole(write: Callable[..., Path], data: bytes, says: str) -> None:
    assert any(says in fault for fault in faults_of(write(data)))


def test_two_columns_for_one(write: Callable[..., Path]) -> None:
    rows = [{**official(1), "Crime Score (old)": "1"}]
    assert "two columns are the Crime Score" in faults_of(write(rows))[0]


@pytest.mark.parametrize(
    ("old", "new"), [("(2019)", "(2013)"), ("code (2011)", "code (2021)"), ("code (2011)", "code")]
)
def test_other_releases_are_refused(write: Callable[..., Path], old: str, new: str) -> None:
    (fault,) = faults_of(write(text_of([official(1)]).replace(old, new)))
    assert "not a release that Atlas knows" in fault


def test_nobody_living_there_is_a_warning(write: Callable[..., Path]) -> None:
    rows = [official(1)]
    rows[0][column(rows, "Total population")] = "0"
    faults = Faults()
    assert read_file7(write(rows), faults).populations["total"].tolist() == [0]
    assert [(fault.severity, fault.row) for fault in faults] == [("warning", 2)]


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError):
        read_file7(tmp_path / "none.csv")
