from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from atlas.errors import DataError, UnavailableError
from atlas.siting.answer import CandidateFile
from atlas.sources import candidates
from atlas.sources.candidates import read_candidates
from tests.toy import X0, Y0, toy_areaset

KNOWN = pd.DataFrame(
    {"lad": ["E09000001", "S12000036"], "easting_m": [X0 + 250, 325_000], "northing_m": [Y0 + 750, 673_000]},
    index=["E1 1BJ", "EH1 1YZ"],
)


@pytest.fixture(autouse=True)
def postcodes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "read_postcodes", lambda wanted: KNOWN if list(wanted) else pd.DataFrame())


def read(folder: Path, held: str | bytes) -> CandidateFile:
    path = folder / "mine.csv"
    path.write_bytes(held if isinstance(held, bytes) else held.encode())
    return read_candidates(path, toy_areaset().boroughs)


def faults(folder: Path, held: str | bytes) -> list[str]:
    with pytest.raises(DataError, match=r"cannot use mine\.csv as a file of candidates") as raised:
        read(folder, held)
    return [str(fault) for fault in raised.value.faults]


def test_points_come_by_coordinates_or_by_postcode(tmp_path: Path) -> None:
    held = f" ID ,Northing_m,Easting_m,postcode,name,max_people,note\na,{Y0},{X0},,Old library,1500,x\nb,,,e11bj,,,\n"
    found = read(tmp_path, held)
    assert found.points.index.tolist() == ["a", "b"]
    assert found.points["name"].tolist() == ["Old library", "b"]
    assert found.points[["x_m", "y_m"]].to_numpy().tolist() == [[X0, Y0], [X0 + 250, Y0 + 750]]
    assert found.points["max_people"].iloc[0] == 1500
    assert np.isnan(found.points["max_people"].iloc[1])
    assert (found.name, found.sha256) == ("mine.csv", hashlib.sha256(held.encode()).hexdigest())


def test_a_table_of_coordinates_alone_needs_no_postcodes(tmp_path: Path) -> None:
    assert len(read(tmp_path, f"id,easting_m,northing_m\na,{X0},{Y0}\n".encode("utf-8-sig")).points) == 1
    assert (
        read(tmp_path, f"id,name,easting_m,northing_m\na,Caf\xe9,{X0},{Y0}\n".encode("cp1252")).points.loc["a", "name"]
        == "Caf\xe9"
    )


def test_every_fault_is_said_at_once(tmp_path: Path) -> None:
    held = (
        "id,easting_m,northing_m,postcode,max_people\n"
        f"a,{X0},,,x\n"
        f"a,{Y0},{X0},,-3\n"
        ",,,ZZ1 1ZZ,\n"
        "d,,,,\n"
        f"e,abc,{Y0},,\n"
        "f,,,EH1 1YZ,\n"
    )
    assert [line.partition(", expected")[0].removeprefix("mine.csv, ") for line in faults(tmp_path, held)] == [
        "row 2, column northing_m: is empty",
        "row 2, column max_people: cannot be a limit, found 'x'",
        "row 3, column easting_m: lies far from London, found '180000'",
        "row 3, column northing_m: lies far from London, found '530000'",
        "row 3, column max_people: cannot be a limit, found '-3'",
        "row 3, column id: the id comes twice, found 'a'",
        "row 4, column postcode: no such postcode, found 'ZZ1 1ZZ'",
        "row 4, column id: the id is empty",
        "row 5: the point has no place",
        "row 6, column easting_m: is no number, found 'abc'",
        "row 7, column postcode: lies far from London, found 'EH1 1YZ'",
    ]


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("name,postcode", "row 1, column id: a column is missing"),
        ("id,name", "row 1: nothing says where the points are"),
        ("id,easting_m", "row 1, column easting_m: half of the coordinates is missing"),
        ("id,postcode,ID", "row 1, column id: the column is there twice"),
        ("id,postcode,id", "row 1, column id: the column is there twice"),
    ],
    ids=["no-id", "no-place", "half", "twice-by-case", "twice"],
)
def test_columns_that_cannot_be_used(tmp_path: Path, header: str, problem: str) -> None:
    (line,) = faults(tmp_path, f"{header}\n{','.join('x' for _ in header.split(','))}\n")
    assert problem in line


def test_a_file_that_is_empty_and_one_that_is_not_there(tmp_path: Path) -> None:
    assert "the file is empty" in faults(tmp_path, "")[0]
    assert "no rows" in faults(tmp_path, "id,postcode\n")[0]
    with pytest.raises(UnavailableError, match="cannot open"):
        read_candidates(tmp_path / "none.csv", toy_areaset().boroughs)
