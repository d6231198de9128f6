from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from atlas.errors import DataError, UnavailableError
from atlas.geo.estate.model import RawRegister
from atlas.sources.registers.limits import Limits
from atlas.sources.registers.read import open_register

HEADER = "Name,Address,UPRN,Area (ha)"
ROWS = ["Café £1,“Old” House,100021234567,0.27", "Town Hall,High Street,100021234568,1.5"]


def written(folder: Path, data: bytes | str, name: str = "register.csv") -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def cells_of(register: RawRegister, size: int = 1_000) -> list[list[str]]:
    return [row for chunk in register.chunks(size) for row in chunk.cells.to_numpy().tolist()]


def rows_of(register: RawRegister) -> list[int]:
    return [row for chunk in register.chunks(1_000) for row in chunk.cells.index]


def ragged_of(register: RawRegister) -> dict[int, str]:
    return {row: what for chunk in register.chunks(1_000) for row, what in chunk.ragged.items()}


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32-le"),
        ("utf-32-be", "utf-32-be"),
        ("cp1252", "cp1252"),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_any_encoding_and_line_end_gives_the_same_cells(
    tmp_path: Path, encoding: str, told: str, line_end: str
) -> None:
    text = line_end.join([HEADER, *ROWS, ""])
    register = open_register(written(tmp_path, text.encode(encoding)))
    assert cells_of(register) == [row.split(",") for row in ROWS]
    assert register.columns == tuple(HEADER.split(","))
    assert register.form == f"CSV, {told}, separated by commas"
    assert rows_of(register) == [2, 3]


@pytest.mark.parametrize(("delimiter", "words"), [(",", "commas"), (";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_the_delimiter_is_the_one_that_cuts_the_rows_evenly(tmp_path: Path, delimiter: str, words: str) -> None:
    lines = [
        ["Name", "Address", "UPRN"],
        ["Hall; A", "1, High Street", "100021234567"],
        ["B", "2|3 Low, Road", "100021"],
    ]
    text = "\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
    register = open_register(written(tmp_path, text))
    assert cells_of(register) == lines[1:]
    assert register.form.endswith(words)


def test_a_line_that_states_the_delimiter_is_passed_over(tmp_path: Path) -> None:
    register = open_register(written(tmp_path, "sep=;\nName;Area\nHall;1,5\n"))
    assert (register.columns, register.header_row, rows_of(register)) == (("Name", "Area"), 2, [3])
    assert "only says what separates" in register.notes[0]


def test_high_bytes_of_another_western_encoding_are_told_from_cp1252(tmp_path: Path) -> None:
    streets = ["Улица Ленина", "Площадь Победы", "Проспект Мира", "Большая Садовая улица"]
    text = "Name,Street\n" + "".join(f"Дом номер {at},{streets[at % 4]}\n" for at in range(30))
    register = open_register(written(tmp_path, text.encode("cp1251")))
    assert cells_of(register)[0] == ["Дом номер 0", "Улица Ленина"]


def test_a_file_of_two_encodings_is_read_as_both(tmp_path: Path) -> None:
    data = "Name,Street\nCafé,Été Road\nThé,Rue\n".encode() + "Pâté,Low £ Street\n".encode("cp1252")
    register = open_register(written(tmp_path, data))
    assert cells_of(register) == [["Café", "Été Road"], ["Thé", "Rue"], ["Pâté", "Low £ Street"]]
    assert any("some of it is cp1252" in note for note in register.notes)


def test_a_byte_without_a_letter_is_kept(tmp_path: Path) -> None:
    lines = b"".join(b"Caf\xe9 %d,High Street \xa3\n" % at for at in range(9_000))
    register = open_register(written(tmp_path, b"Name,Street\n" + lines + b"odd \x81,Road\n"))
    assert register.form.startswith("CSV, cp1252")
    assert cells_of(register)[-1] == ["odd \x81", "Road"]


def test_line_breaks_and_doubled_quotes_within_cells_are_kept(tmp_path: Path) -> None:
    text = 'Name,Address,Area\n"The ""Old"" Hall","1 High St\nTown\r\nCounty",2\n\nB,"x\ry",3\n'
    register = open_register(written(tmp_path, text))
    assert cells_of(register) == [['The "Old" Hall', "1 High St\nTown\r\nCounty", "2"], ["B", "x\ry", "3"]]
    assert rows_of(register) == [2, 4]


def test_quotation_marks_in_the_middle_of_a_cell_are_text(tmp_path: Path) -> None:
    text = 'Name,Pipe,Area\nA,12" pipe,1\n"B",6",2\n"C, D","5"" hose",3\n'
    assert cells_of(open_register(written(tmp_path, text))) == [
        ["A", '12" pipe', "1"],
        ["B", '6"', "2"],
        ["C, D", '5" hose', "3"],
    ]


@pytest.mark.parametrize("rows", [3, 400])
def test_a_quotation_mark_that_is_never_closed_is_refused_by_row(tmp_path: Path, rows: int) -> None:
    text = "Name,Area\nA,1\n" + '"B,2\n' + "C,3\n" * rows
    with pytest.raises(DataError, match=r"register\.csv, row 3: a quotation mark that is never closed"):
        cells_of(open_register(written(tmp_path, text)))


def test_short_rows_are_filled_and_long_ones_told_whole(tmp_path: Path) -> None:
    text = "Name,Street,Area\nA,x,1\nB,y\nC,z,3,left over,\nD,w,4,,\n"
    register = open_register(written(tmp_path, text))
    assert cells_of(register) == [["A", "x", "1"], ["B", "y", ""], ["C", "z", "3"], ["D", "w", "4"]]
    assert ragged_of(register) == {3: "2 cells where the header has 3", 4: "beyond the last column: 'left over'"}


@pytest.mark.parametrize("tail", [",", ",extra"])
def test_rows_that_are_all_wider_than_the_header_are_read_alike(tmp_path: Path, tail: str) -> None:
    text = "Name,Area\n" + "".join(f"A{at},{at}{tail}\n" for at in range(1, 90))
    register = open_register(written(tmp_path, text))
    assert [row[:2] for row in cells_of(register)] == [[f"A{at}", str(at)] for at in range(1, 90)]
    if tail == ",extra":
        assert register.columns == ("Name", "Area", "column 3")
        assert cells_of(register)[0] == ["A1", "1", "extra"]
    else:
        assert register.columns == ("Name", "Area")
        assert ragged_of(register) == {}


def test_empty_columns_at_the_end_are_left_out_and_blank_rows_are_counted(tmp_path: Path) -> None:
    text = "Name,Area,,,\nA,1,,,\n,,,,\n   ,,,,\nB,2,,,\n"
    register = open_register(written(tmp_path, text))
    assert register.columns == ("Name", "Area")
    assert rows_of(register) == [2, 5]


def test_outer_spaces_of_cells_are_kept_and_those_of_headers_are_not(tmp_path: Path) -> None:
    register = open_register(written(tmp_path, " Name , Site  Area \n A , 1\n"))
    assert register.columns == ("Name", "Site Area")
    assert cells_of(register) == [[" A ", " 1"]]


def test_a_compressed_table_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, gzip.compress("\n".join([HEADER, *ROWS]).encode()), "register.csv.gz")
    register = open_register(path)
    assert cells_of(register) == [row.split(",") for row in ROWS]
    assert register.form == "CSV, utf-8, separated by commas, compressed"


def test_chunks_may_be_asked_for_again_and_are_of_the_size_asked(tmp_path: Path) -> None:
    text = "Name,Area\n" + "".join(f"A{at},{at}\n" for at in range(25))
    register = open_register(written(tmp_path, text))
    for _ in range(2):
        chunks = list(register.chunks(10))
        assert [len(chunk.cells) for chunk in chunks] == [10, 10, 5]
        assert [chunk.cells.index[0] for chunk in chunks] == [2, 12, 22]
        assert all(chunk.cells.index.name == "row" and chunk.geometry is None for chunk in chunks)


def test_ragged_rows_go_with_their_chunk(tmp_path: Path) -> None:
    text = "Name,Area\n" + "".join(f"A{at}\n" if at % 3 == 0 else f"A{at},{at}\n" for at in range(1, 11))
    chunks = list(open_register(written(tmp_path, text)).chunks(4))
    assert [sorted(chunk.ragged) for chunk in chunks] == [[4], [7], [10]]


def test_the_sample_is_the_first_two_hundred_rows(tmp_path: Path) -> None:
    text = "Name,Area\n" + "".join(f"A{at},{at}\n" for at in range(300))
    register = open_register(written(tmp_path, text))
    assert len(register.sample) == 200
    assert register.sample.iloc[-1].tolist() == ["A199", "199"]


def test_records_across_blocks_are_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("atlas.sources.registers.text.BLOCK", 8)
    lines = [f'"Hall {at}, ""{at}""","line\nbreak {at}",£{at}' for at in range(200)]
    path = written(tmp_path, ("Name,Address,Value\n" + "\n".join(lines)).encode("cp1252"))
    found = cells_of(open_register(path))
    assert found == [[f'Hall {at}, "{at}"', f"line\nbreak {at}", f"£{at}"] for at in range(200)]


@pytest.mark.parametrize("data", ["", "\n\n \n", "\ufeff"])
def test_an_empty_file_is_refused(tmp_path: Path, data: str) -> None:
    with pytest.raises(DataError, match="the file is empty"):
        open_register(written(tmp_path, data))


def test_a_header_alone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="the file has no rows"):
        open_register(written(tmp_path, HEADER + "\n,,,\n"))


@pytest.mark.parametrize("place", [0, 100_000])
def test_nul_characters_are_refused(tmp_path: Path, place: int) -> None:
    text = HEADER + "\n" + "A,b,100021,2\n" * (place // 10) + "A\0,b,1,2\n"
    with pytest.raises(DataError, match="NUL"):
        cells_of(open_register(written(tmp_path, text)))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="cannot open"):
        open_register(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(bytes=40), "the file is too large, expected at most 40 bytes"),
        (Limits(columns=3), "4 columns, expected at most 3"),
        (Limits(rows=1), "too many rows, expected at most 1"),
        (Limits(cell_length=11), "row 2, column Address: a cell of 13 characters"),
    ],
)
def test_every_limit_is_said(tmp_path: Path, limits: Limits, words: str) -> None:
    path = written(
        tmp_path, f"{HEADER}\nA,a long address{'':0},1,2\nB,c,1,2\n".replace("a long address", "thirteen char")
    )
    with pytest.raises(DataError) as caught:
        cells_of(open_register(path, limits=limits))
    assert words in str(caught.value)


def test_a_hundred_thousand_columns_are_refused(tmp_path: Path) -> None:
    header = ",".join(f"name {at}" for at in range(100_000))
    with pytest.raises(DataError, match="columns, expected at most 2,000"):
        open_register(written(tmp_path, f"{header}\n{',' * 99_999}\n"))


def test_an_endless_cell_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"far too long|characters"):
        cells_of(open_register(written(tmp_path, "Name,Area\n" + "A,1\n" * 90 + "x" * 900_000 + ",1\n")))


def test_a_file_that_changed_since_it_was_opened_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "Name,Area\nA,1\n")
    register = open_register(path)
    path.write_text("Name,Area\nA,1\nB,2\n", encoding="utf-8")
    with pytest.raises(DataError, match="has changed since"):
        cells_of(register)


def test_the_name_given_is_the_one_told_and_has_no_folder(tmp_path: Path) -> None:
    path = written(tmp_path, "Name,Area\nA,1\n", "0123abcd")
    assert open_register(path, name="C:\\Users\\somebody\\assets.csv").file == "assets.csv"
