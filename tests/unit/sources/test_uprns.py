from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from atlas.errors import DataError, UnavailableError
from atlas.sources.uprns import read_uprns

CSV = (
    "UPRN,X_COORDINATE,Y_COORDINATE,LATITUDE,LONGITUDE\n"
    "100021234567,537700.5,173700.25,51.44,-0.02\n"
    "7,358260.66,172796.5,51.45,-2.60\n"
    "10000000001,1,2,51.4,-0.1\n"
)


def written(folder: Path, form: str) -> Path:
    path = folder / f"open_uprn.{form}"
    if form == "csv":
        path.write_text("\ufeff" + CSV, encoding="utf-8")
    elif form == "gz":
        path.write_bytes(gzip.compress(CSV.replace("\n", "\r\n").encode()))
    elif form == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("osopenuprn.csv", CSV)
            archive.writestr("licence.txt", "OGL v3")
    else:
        frame = pd.DataFrame(
            {"x_coordinate": [1.0, 537_700.5], "y_coordinate": [2.0, 173_700.25], "uprn": [10000000001, 100021234567]}
        )
        frame.to_parquet(path)
    return path


@pytest.mark.parametrize("form", ["csv", "gz", "zip", "parquet"])
def test_the_wanted_are_found_in_every_form_of_the_file(tmp_path: Path, form: str) -> None:
    found = read_uprns(written(tmp_path, form), ["100021234567", "0100021234567", "10000000001", "99", "none", ""])
    assert found.index.tolist() == ["10000000001", "100021234567"]
    assert found.index.name == "uprn"
    assert found.loc["100021234567"].tolist() == [537_700.5, 173_700.25]


def test_asking_for_none_reads_none(tmp_path: Path) -> None:
    found = read_uprns(tmp_path / "not there.csv", ["", "x"])
    assert found.empty
    assert found.columns.tolist() == ["easting_m", "northing_m"]


def test_none_found_is_an_empty_frame(tmp_path: Path) -> None:
    assert read_uprns(written(tmp_path, "csv"), ["5"]).empty


def test_blocks_are_read_one_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("atlas.sources.uprns._BLOCK_BYTES", 64)
    path = tmp_path / "a.csv"
    rows = "".join(f"{at},{at}.5,{at}\n" for at in range(1, 500))
    path.write_text("UPRN,X_COORDINATE,Y_COORDINATE\n" + rows, encoding="utf-8")
    found = read_uprns(path, map(str, range(400, 600)))
    assert found.index.tolist() == [str(at) for at in range(400, 500)]


@pytest.mark.parametrize("text", ["Name,UPRN\nA,1\n", "", "UPRN,X_COORDINATE,Y_COORDINATE\nA,1,2\n"])
def test_another_files_columns_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"cannot look up UPRNs in a\.csv"):
        read_uprns(path, ["1"])


def test_damaged_files_are_refused(tmp_path: Path) -> None:
    for form in ("gz", "zip", "parquet"):
        path = written(tmp_path, form)
        path.write_bytes(path.read_bytes()[:-30])
        with pytest.raises(DataError, match="cannot look up UPRNs"):
            read_uprns(path, ["1"])


def test_an_archive_of_several_tables_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("more.csv", CSV)
    with pytest.raises(DataError, match="2 CSV files in the archive"):
        read_uprns(path, ["1"])


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="cannot open"):
        read_uprns(tmp_path / "none.csv", ["1"])
