from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from atlas.errors import DataError
from atlas.geo.estate.model import RawRegister
from atlas.sources.registers.limits import Limits
from atlas.sources.registers.read import open_register

ROWS: list[list[Any]] = [
    ["Land register", None, None, None],
    [None, None, None, None],
    ["Name", "UPRN", "Area (ha)", "Vacant"],
    ["Town Hall", 100021234567, 0.1 + 0.2, True],
    [None, None, None, None],
    ["Library", 100021234568, 3, False],
]


def xlsx(path: Path, sheets: dict[str, list[list[Any]]], merges: tuple[str, ...] = ()) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for merge in merges:
            sheet.merge_cells(merge)
    book.save(path)
    return path


def xls(path: Path, rows: list[list[Any]]) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Assets")
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if cell is not None:
                sheet.write(row, column, cell)
    book.save(str(path))
    return path


def ods(path: Path, rows: list[list[Any]], *, repeat: int = 1) -> Path:
    book = OpenDocumentSpreadsheet()
    sheet = Table(name="Assets")
    for row in rows:
        line = TableRow(numberrowsrepeated=repeat) if repeat > 1 else TableRow()
        for cell in row:
            if cell is None:
                line.addElement(TableCell())
            elif isinstance(cell, bool):
                line.addElement(TableCell(valuetype="boolean", booleanvalue=str(cell).lower()))
            elif isinstance(cell, (int, float)):
                line.addElement(TableCell(valuetype="float", value=cell))
            else:
                words = TableCell(valuetype="string")
                words.addElement(P(text=cell))
                line.addElement(words)
        sheet.addElement(line)
    book.spreadsheet.addElement(sheet)
    book.save(str(path))
    return path


def rewritten(path: Path, change: dict[str, bytes | None]) -> Path:
    """The archive with some members added, changed or taken out."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members |= {name: data for name, data in change.items() if data is not None}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            if change.get(name, data) is not None:
                archive.writestr(name, data)
    return path


def table(register: RawRegister) -> dict[int, list[str]]:
    return {
        row: cells
        for chunk in register.chunks(1_000)
        for row, cells in zip(chunk.cells.index, chunk.cells.to_numpy().tolist(), strict=True)
    }


def test_every_kind_of_workbook_gives_the_same_cells(tmp_path: Path) -> None:
    paths = [
        xlsx(tmp_path / "a.xlsx", {"Assets": ROWS}),
        xls(tmp_path / "a.xls", ROWS),
        ods(tmp_path / "a.ods", ROWS),
    ]
    for path in paths:
        register = open_register(path)
        assert register.columns == ("Name", "UPRN", "Area (ha)", "Vacant")
        assert register.header_row == 3
        assert table(register) == {
            4: ["Town Hall", "100021234567", "0.3", "true"],
            6: ["Library", "100021234568", "3", "false"],
        }
        assert register.notes == ("Row 1 above the header was passed over: Land register.",)
        assert register.form.endswith(", sheet Assets")


def test_dates_and_times_are_iso(tmp_path: Path) -> None:
    rows = [["Name", "Date", "When"], ["Hall", dt.date(2021, 3, 31), dt.datetime(2021, 3, 31, 9, 30)]]  # noqa: DTZ001 -- spreadsheets know no zones
    register = open_register(xlsx(tmp_path / "a.xlsx", {"Assets": rows}))
    assert table(register) == {2: ["Hall", "2021-03-31", "2021-03-31T09:30:00"]}


def test_the_sheet_that_looks_most_like_a_register_is_read_and_others_are_told(tmp_path: Path) -> None:
    readme = [["About this workbook"], ["It lists assets."]]
    lists = [["Freehold"], ["Leasehold"]] * 20
    path = xlsx(tmp_path / "a.xlsx", {"Read me": readme, "Lists": lists, "Assets": ROWS})
    register = open_register(path)
    assert register.form == "Excel workbook, sheet Assets"
    assert register.notes[0] == "Sheet Assets was read; not read: Read me, Lists."


def test_sheets_with_the_same_columns_are_told_to_be_more_of_the_register(tmp_path: Path) -> None:
    more = [*ROWS[:3], ["Depot", 100021234569, 0.1, False]]
    sold = [["Name", "Sold to", "Price", "Date"], ["Yard", "A company", 1, "2020"]]
    path = xlsx(tmp_path / "a.xlsx", {"Assets": ROWS, "Depots": more, "Sold": sold})
    assert open_register(path).notes[1] == "Depots has the same columns: import it too, as a register of its own."
    path = xlsx(tmp_path / "b.xlsx", {"Assets": ROWS, "Depots": more, "Halls": more})
    told = "Depots and Halls have the same columns: import each too, as a register of its own."
    assert open_register(path).notes[1] == told
    assert not [note for note in open_register(path, sheet="Halls").notes if "same columns" in note]


def test_the_sheet_named_is_read(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"Assets": ROWS, "Sold": [["Name", "UPRN"], ["Depot", 100021234569]]})
    assert table(open_register(path, sheet="Sold")) == {2: ["Depot", "100021234569"]}
    with pytest.raises(DataError, match="no sheet of that name, found 'Lost', expected one of Assets, Sold"):
        open_register(path, sheet="Lost")


def test_merged_groups_over_the_header_are_joined_to_it(tmp_path: Path) -> None:
    rows = [[None, "Keys", None, "Size"], ["Name", "UPRN", "Title", "Area (ha)"], ["Hall", 100021234567, "TGL1", 0.5]]
    register = open_register(xlsx(tmp_path / "a.xlsx", {"Assets": rows}, ("B1:C1",)))
    assert register.columns == ("Name", "Keys UPRN", "Keys Title", "Size Area (ha)")
    assert table(register) == {3: ["Hall", "100021234567", "TGL1", "0.5"]}


def test_cells_merged_downwards_stand_for_each_of_their_rows_but_amounts_for_the_first(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Site", "Building", "Postcode", "Area (ha)"],
        ["New Cross", "Whitehead Building", "SE14 6AS", 2],
        [None, "Surrey House", None, None],
        [None, None, None, None],
        [None, "Loring Hall", None, None],
        ["Deptford", "Laurie Grove Baths", None, 1],
    ]
    merges = ("A2:A5", "C2:C5", "D2:D5")
    raw = open_register(xlsx(tmp_path / "merged.xlsx", {"Assets": rows}, merges))
    cells = next(raw.chunks(10)).cells
    assert cells.index.tolist() == [2, 3, 5, 6]
    assert cells.to_numpy().tolist() == [
        ["New Cross", "Whitehead Building", "SE14 6AS", "2"],
        ["New Cross", "Surrey House", "SE14 6AS", ""],
        ["New Cross", "Loring Hall", "SE14 6AS", ""],
        ["Deptford", "Laurie Grove Baths", "", "1"],
    ]
    assert any("merged downwards" in note and "Site, Postcode" in note for note in raw.notes)


def test_a_table_that_starts_below_and_right_keeps_its_row_numbers(tmp_path: Path) -> None:
    rows = [[], [], [None, None, "Name", "UPRN"], [None, None, "Hall", 100021234567]]
    register = open_register(xlsx(tmp_path / "a.xlsx", {"Assets": rows}))
    assert register.columns == ("Name", "UPRN")
    assert table(register) == {4: ["Hall", "100021234567"]}


def test_a_formula_gives_its_value_and_text_that_looks_like_one_stays_text(tmp_path: Path) -> None:
    path = ods(tmp_path / "a.ods", [["Name", "UPRN"], ["=HYPERLINK(1)", 100021234567]])
    assert table(open_register(path)) == {2: ["=HYPERLINK(1)", "100021234567"]}


def test_a_workbook_with_macros_is_refused(tmp_path: Path) -> None:
    path = rewritten(xlsx(tmp_path / "a.xlsm", {"Assets": ROWS}), {"xl/vbaProject.bin": b"macro"})
    with pytest.raises(DataError, match="the workbook has macros"):
        open_register(path)
    path = rewritten(ods(tmp_path / "a.ods", ROWS), {"Basic/Standard/Module1.xml": b"<m/>"})
    with pytest.raises(DataError, match="the workbook has macros"):
        open_register(path)


def entry(name: str) -> bytes:
    """A directory entry of an old Office file."""
    text = name.encode("utf-16-le")
    return text.ljust(64, b"\0") + (len(text) + 2).to_bytes(2, "little") + b"\x01" + bytes(61)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["Workbook", "_VBA_PROJECT"], "the workbook has macros"),
        (["EncryptedPackage", "EncryptionInfo"], "locked with a password"),
        (["WordDocument"], "no workbook"),
    ],
)
def test_old_office_files_are_refused_by_what_is_in_them(tmp_path: Path, names: list[str], words: str) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + b"".join(map(entry, names)).ljust(512, b"\0")
    )
    with pytest.raises(DataError, match=words):
        open_register(path)


def test_words_of_macros_in_a_cell_are_no_macros(tmp_path: Path) -> None:
    path = xls(tmp_path / "a.xls", [["Name", "UPRN"], ["_VBA_PROJECT £", 100021234567]])
    assert table(open_register(path)) == {2: ["_VBA_PROJECT £", "100021234567"]}


def test_a_locked_open_document_is_refused(tmp_path: Path) -> None:
    manifest = b'<manifest><file-entry><encryption-data checksum="x"/></file-entry></manifest>'
    path = rewritten(ods(tmp_path / "a.ods", ROWS), {"META-INF/manifest.xml": manifest})
    with pytest.raises(DataError, match="locked with a password"):
        open_register(path)


@pytest.mark.parametrize("last", ["XFD1048576", "ZZ1048576"])
def test_two_cells_far_apart_do_not_fill_the_memory(tmp_path: Path, last: str) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "Name"
    book.active[last] = "x"
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(DataError, match="columns"):
        open_register(tmp_path / "a.xlsx")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'r="A4"', b'r="A2147483647"'),
        (b'r="A4"', b"r='xfd1048576'"),
        (b'r="A4"', b'r = "ZZZZZZ99999999999"'),
        (b'<row r="4"><c r="A4"', b'<row r="4000000000"><c'),
    ],
)
def test_places_that_no_sheet_has_are_refused(tmp_path: Path, before: bytes, after: bytes) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"Assets": ROWS})
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert before in sheet
    rewritten(path, {"xl/worksheets/sheet1.xml": sheet.replace(before, after, 1)})
    with pytest.raises(DataError, match="a sheet of"):
        open_register(path)


def test_a_sheet_that_repeats_its_rows_without_end_is_refused(tmp_path: Path) -> None:
    path = ods(tmp_path / "a.ods", [["Name", *["x"] * 90]], repeat=1_000_000)
    with pytest.raises(DataError, match=r"91 columns by 1,000,000 rows, expected at most 60,000,000 cells"):
        open_register(path)


def test_empty_rows_repeated_to_the_end_of_the_sheet_are_nothing(tmp_path: Path) -> None:
    path = ods(tmp_path / "a.ods", ROWS)
    with zipfile.ZipFile(path) as archive:
        content = archive.read("content.xml").decode()
    filler = (
        '<table:table-row table:number-rows-repeated="1048570"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row></table:table>'
    )
    rewritten(path, {"content.xml": content.replace("</table:table>", filler).encode()})
    assert list(table(open_register(path))) == [4, 6]


def test_entities_in_an_open_document_are_refused(tmp_path: Path) -> None:
    path = ods(tmp_path / "a.ods", ROWS)
    with zipfile.ZipFile(path) as archive:
        content = archive.read("content.xml").decode()
    bomb = re.sub(r"(<\?xml[^>]*\?>)?", '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>', content, count=1)
    rewritten(path, {"content.xml": bomb.encode()})
    with pytest.raises(DataError, match="entities"):
        open_register(path)


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.ods"])
def test_a_workbook_cut_short_is_refused(tmp_path: Path, name: str) -> None:
    kinds = {"a.xlsx": lambda path: xlsx(path, {"Assets": ROWS}), "a.xls": lambda path: xls(path, ROWS)}
    path = kinds.get(name, lambda path: ods(path, ROWS))(tmp_path / name)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    with pytest.raises(DataError, match=r"damaged|no workbook"):
        open_register(path)


def test_a_workbook_whose_sheet_is_missing_is_refused(tmp_path: Path) -> None:
    path = rewritten(xlsx(tmp_path / "a.xlsx", {"Assets": ROWS}), {"xl/worksheets/sheet1.xml": None})
    with pytest.raises(DataError):
        open_register(path)


def test_a_workbook_without_a_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no sheet holds a table"):
        open_register(xlsx(tmp_path / "a.xlsx", {"Empty": [], "Too": []}))


def test_too_many_sheets_are_refused(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", {f"S{at}": ROWS for at in range(4)})
    with pytest.raises(DataError, match="4 sheets, expected at most 3"):
        open_register(path, limits=Limits(sheets=3))


def test_other_office_documents_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    with pytest.raises(DataError, match="an Office document that is no workbook"):
        open_register(path)
    text = io.BytesIO()
    with zipfile.ZipFile(text, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "<x/>")
    path.write_bytes(text.getvalue())
    with pytest.raises(DataError, match="no spreadsheet"):
        open_register(path)
