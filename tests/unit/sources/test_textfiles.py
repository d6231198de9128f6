from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from atlas.errors import Faults, UnavailableError
from atlas.sources.textfiles import parse_table, read_table, read_text, split_header, to_number


def faults_of(path: Path) -> list[str]:
    faults = Faults()
    read_table(path, faults)
    return [str(fault) for fault in faults]


def write(folder: Path, data: bytes) -> Path:
    path = folder / "a.csv"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("packed", [False, True])
def test_text_is_read_in_any_marked_encoding(tmp_path: Path, encoding: str, *, packed: bool) -> None:
    data = "name\nCafé\n".encode(encoding)
    table = read_table(write(tmp_path, gzip.compress(data) if packed else data), Faults())
    assert table is not None
    assert table.records() == [{"name": "Café"}]


def test_big_endian_utf16(tmp_path: Path) -> None:
    assert read_text(write(tmp_path, b"\xfe\xff" + "é".encode("utf-16-be")), Faults()) == "é"


@pytest.mark.parametrize("data", [b"", b" \n\n", gzip.compress(b"", mtime=0)])
def test_an_empty_file(tmp_path: Path, data: bytes) -> None:
    assert faults_of(write(tmp_path, data)) == ["a.csv: the file is empty, expected a header and rows"]


def test_a_header_alone(tmp_path: Path) -> None:
    assert faults_of(write(tmp_path, b"code,name\n")) == [
        "a.csv: the file has no rows, expected at least one row under the header"
    ]


def test_a_truncated_gzip(tmp_path: Path) -> None:
    (fault,) = faults_of(write(tmp_path, gzip.compress(b"code\n" + b"1\n" * 1000)[:-12]))
    assert "cut short or damaged" in fault


@pytest.mark.parametrize("data", [b"name\na\nCaf\xe9,x\n", b"n\x00ame\n"])
def test_text_that_is_not_utf8_is_named_by_row(tmp_path: Path, data: bytes) -> None:
    (fault,) = faults_of(write(tmp_path, data))
    assert f"row {data.count(10, 0, data.find(0xE9) if 0xE9 in data else 0) + 1}" in fault
    assert "not UTF-8" in fault


def test_another_encoding_where_it_is_allowed(tmp_path: Path) -> None:
    assert read_text(write(tmp_path, b"Caf\xe9"), Faults(), ("utf-8", "cp1252")) == "Café"


def test_all_faults_are_collected(tmp_path: Path) -> None:
    found = faults_of(write(tmp_path, b'code,,code\n1,2,3\n1,2\n\n1,2,3,4\n"1,2,3\n'))
    assert found == [
        "a.csv, row 1: column 2 has no name, expected a name for every column",
        "a.csv, row 1, column code: the column is there twice, expected each column once",
        "a.csv, row 3: 2 values, found '1,2', expected 3, as in the header",
        "a.csv, row 5: 4 values, found '1,2,3,4', expected 3, as in the header",
        "a.csv, row 6: cut short or badly quoted (unexpected end of data), expected a whole CSV file",
    ]


def test_what_spreadsheets_leave_behind_is_passed_over(tmp_path: Path) -> None:
    faults = Faults()
    table = read_table(write(tmp_path, b"\xef\xbb\xbfcode,name,,\r\n1,a,,\r\n2,b\r\n,,,\r\n3,c, ,\r\n"), faults)
    assert table is not None
    assert (table.header, table.numbers) == (("code", "name"), (2, 3, 5))
    assert table.rows == (("1", "a"), ("2", "b"), ("3", "c"))
    assert not list(faults)


def test_a_value_in_a_column_without_a_name() -> None:
    faults = Faults()
    parse_table("code,name,\n1,a,x\n2,b,\n", "a.csv", faults)
    assert [str(fault) for fault in faults] == ["a.csv, row 2: 3 values, found '1,a,x', expected 2, as in the header"]


def test_a_header_of_nothing() -> None:
    faults = Faults()
    assert parse_table(",\n1,2\n", "a.csv", faults) is None
    assert faults.errors


@pytest.mark.parametrize(("mark", "name"), [(";", "semicolons"), ("\t", "tabs")])
def test_another_separator_is_one_fault(tmp_path: Path, mark: str, name: str) -> None:
    (fault,) = faults_of(write(tmp_path, "code,name\n1,a, b\n2,b\n".replace(",", mark).encode()))
    assert fault.startswith(f"a.csv, row 1: columns separated by {name}")


def test_a_workbook(tmp_path: Path) -> None:
    (fault,) = faults_of(write(tmp_path, b"PK\x03\x04" + bytes(range(256))))
    assert fault == "a.csv: a workbook or a zip archive, expected a CSV file: save it as CSV UTF-8, with commas"


def test_very_many_rows_that_do_not_fit_are_counted(tmp_path: Path) -> None:
    found = faults_of(write(tmp_path, b"a,b\n" + b"1\n" * 1020 + b"1,2\n"))
    assert len(found) == 21
    assert found[-1] == "a.csv: too many or too few values in 1,000 more rows, expected 2, as in the header"


def test_rows_keep_their_numbers() -> None:
    table = parse_table('code\n1\n\n"two\nlines"\n3\n', "a.csv", Faults())
    assert table is not None
    assert table.rows == (("1",), ("two\nlines",), ("3",))
    assert table.numbers == (2, 4, 5)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="cannot open"):
        read_table(tmp_path / "no.csv", Faults())


def test_a_header_may_break_over_lines() -> None:
    assert split_header('code,"in two\r\nlines"\r\n1,2\r\n') == (["code", "in two\r\nlines"], "1,2\r\n")


@pytest.mark.parametrize(
    ("text", "number"), [("1,234,567.5", 1234567.5), ("+7", 7), (".5", 0.5), ("-1e-3", -0.001), ("007", 7)]
)
def test_numbers(text: str, number: float) -> None:
    assert to_number(text) == number


@pytest.mark.parametrize(
    "text", ["", " ", ".", "1,23", "1 234", "nan", "inf", "£3", "1,2345", "-", "e5", "0x1F", "1_0"]
)
def test_no_numbers(text: str) -> None:
    assert to_number(text) is None
