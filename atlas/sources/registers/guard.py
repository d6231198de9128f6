"""Workbooks looked over before they are opened: no macros, no locks, no sheet that would fill the memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Any, Final
from xml.parsers import expat

from atlas.sources.registers.content import WHAT_IS_READ
from atlas.sources.registers.limits import Limits, refused
from atlas.sources.registers.survey import BLOCK, opened
from atlas.sources.registers.unpack import Archive

_UNLOCK: Final = "one without; save it without a password"
_NO_MACROS: Final = "a workbook without macros; save it as .xlsx"
_COLUMN: Final = re.compile(rb"""\br\s*=\s*["']([A-Za-z]+)\d""")
_ROW: Final = re.compile(rb"""\br\s*=\s*["'][A-Za-z]*(\d+)""")
_DIGITS: Final = 10
_OVERLAP: Final = 64
_MANIFEST: Final = "META-INF/manifest.xml"
_ROW_HEADER: Final = 0
_CELL_RECORDS: Final = range(1, 12)
_OLE_ENTRY: Final = 128
_LONG_ENOUGH: Final = 68


class Book(StrEnum):
    """What kind of workbook an archive is."""

    XLSX = "an Excel workbook"
    XLSB = "a binary Excel workbook"
    ODS = "an OpenDocument spreadsheet"


BOOK_ENDINGS: Final = {Book.XLSX: (".xlsx", ".xlsm"), Book.XLSB: (".xlsb",), Book.ODS: (".ods",)}


def book_of(found: Archive, file: str) -> Book | None:
    """Tell what kind of workbook an archive is; None for an archive of files.

    Raises
    ------
    DataError
        If it is another document.
    """
    names = {name.casefold() for name in found.members}
    if "mimetype" in found.members and "content.xml" in names:
        if b"spreadsheet" in found.read("mimetype", 200):
            return Book.ODS
        raise refused(file, "an OpenDocument file that is no spreadsheet", WHAT_IS_READ)
    if "[content_types].xml" not in names:
        return None
    if "xl/workbook.bin" in names:
        return Book.XLSB
    if any(name.startswith("xl/") for name in names):
        return Book.XLSX
    raise refused(file, "an Office document that is no workbook", WHAT_IS_READ)


def check_book(found: Archive, book: Book, file: str, limits: Limits) -> None:
    """Refuse a workbook with macros, or with a sheet larger than the limits; all of it is unpacked once for that.

    Raises
    ------
    DataError
        Says which.
    """
    for name in found.members:
        plain = name.casefold()
        is_macro = plain.endswith("vbaproject.bin") or "macrosheets/" in plain
        if is_macro or (book == Book.ODS and plain.startswith(("basic/", "scripts/"))):
            raise refused(file, "the workbook has macros", _NO_MACROS, value=name)
    manifest = found.read(_MANIFEST) if _MANIFEST in found.members else b""
    if book == Book.ODS and b"encryption-data" in manifest:
        raise refused(file, "the workbook is locked with a password", _UNLOCK)
    for name in found.members:
        blocks = found.blocks(name)
        if book == Book.ODS and name == "content.xml":
            width, height = _extent_of_ods(blocks, file)
        elif PurePosixPath(name).suffix == ".bin":
            width, height = _extent_of_xlsb(blocks)
        else:
            width, height = _extent_of_xlsx(blocks)
        _check_extent(width, height, file, limits)


def _check_extent(width: int, height: int, file: str, limits: Limits) -> None:
    if width > limits.columns and height > 0:
        raise refused(file, f"a sheet of {width:,} columns", f"at most {limits.columns:,}")
    if width * height > limits.cells:
        raise refused(file, f"a sheet of {width:,} columns by {height:,} rows", f"at most {limits.cells:,} cells")


def _extent_of_xlsx(blocks: Iterator[bytes]) -> tuple[int, int]:
    """Columns and rows up to the last cell that a part of a workbook names, if it is a sheet."""
    rest, is_sheet, letters, height = b"", False, {b""}, 0
    for block in blocks:
        data = rest + block
        is_sheet = is_sheet or b"sheetData" in data
        if is_sheet:
            letters |= set(_COLUMN.findall(data))
            height = max(height, *(int(row[:_DIGITS]) for row in set(_ROW.findall(data))), 0)
        rest = data[-_OVERLAP:]
    return max(map(_column, letters)), height


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters[:_DIGITS].upper():
        number = number * 26 + letter - 64
    return number


def _extent_of_xlsb(blocks: Iterator[bytes]) -> tuple[int, int]:
    """Columns and rows up to the last cell of a part of a binary workbook, if it is a sheet."""
    data = b"".join(blocks)
    at, width, height = 0, 0, 0
    while at + 2 < len(data):
        kind, at = _variable(data, at, 2)
        size, at = _variable(data, at, 4)
        if size >= 4 and kind == _ROW_HEADER:
            height = max(height, int.from_bytes(data[at : at + 4], "little") + 1)
        elif size >= 4 and kind in _CELL_RECORDS:
            width = max(width, int.from_bytes(data[at : at + 4], "little") + 1)
        at += size
    return width, height


def _variable(data: bytes, at: int, most: int) -> tuple[int, int]:
    value = 0
    for place in range(most):
        byte = data[at] if at < len(data) else 0
        at += 1
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            break
    return value, at


class _OdsExtent:
    """Follows an OpenDocument sheet's cells, which may stand for thousands of their like."""

    def __init__(self) -> None:
        self.width = self.height = 0
        self._row = self._column = self._repeat = self._last = 0
        self._cell: tuple[int, bool] | None = None

    def start(self, name: str, attributes: dict[str, Any]) -> None:
        """Take the beginning of an element."""
        tag = name.rpartition(":")[2]
        if tag == "table":
            self._row = 0
        elif tag == "table-row":
            self._repeat = _number(attributes.get("table:number-rows-repeated"))
            self._column = self._last = 0
        elif tag in {"table-cell", "covered-table-cell"}:
            is_filled = any(key.endswith(("value-type", ":formula")) for key in attributes)
            self._cell = (_number(attributes.get("table:number-columns-repeated")), is_filled)
        elif self._cell is not None:
            self._cell = (self._cell[0], True)

    def end(self, name: str) -> None:
        """Take the end of an element."""
        tag = name.rpartition(":")[2]
        if tag in {"table-cell", "covered-table-cell"} and self._cell is not None:
            self._column += self._cell[0]
            self._last = self._column if self._cell[1] else self._last
            self._cell = None
        elif tag == "table-row":
            self._row += self._repeat
            if self._last:
                self.width, self.height = max(self.width, self._last), max(self.height, self._row)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 10 else 1


def _extent_of_ods(blocks: Iterator[bytes], file: str) -> tuple[int, int]:
    extent = _OdsExtent()
    parser = expat.ParserCreate()
    parser.StartElementHandler = extent.start
    parser.EndElementHandler = extent.end

    def no_entities(*_what: object) -> None:
        raise refused(file, "the workbook declares entities, as bombs do", "an ordinary OpenDocument spreadsheet")

    parser.EntityDeclHandler = no_entities
    try:
        for block in blocks:
            parser.Parse(block, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise refused(file, f"the workbook is damaged ({error})", "a whole OpenDocument spreadsheet") from None
    return extent.width, extent.height


def check_ole(path: Path, file: str) -> None:
    """Refuse an old Office file that is no workbook, is locked or has macros.

    Raises
    ------
    DataError
        Says which.
    """
    names = {name for name in _OLE_NAMES if _has_stream(path, name)}
    if "EncryptedPackage" in names:
        raise refused(file, "the workbook is locked with a password", _UNLOCK)
    if "_VBA_PROJECT" in names or "_VBA_PROJECT_CUR" in names:
        raise refused(file, "the workbook has macros", _NO_MACROS)
    if not names & {"Workbook", "Book"}:
        raise refused(file, "an old Office document that is no workbook", WHAT_IS_READ)


_OLE_NAMES: Final = ("Workbook", "Book", "_VBA_PROJECT", "_VBA_PROJECT_CUR", "EncryptedPackage")


def _has_stream(path: Path, name: str) -> bool:
    """Whether a directory of an OLE file has an entry of a name: 128 bytes that begin with it and state its length."""
    wanted = name.encode("utf-16-le")
    stated = (len(wanted) + 2).to_bytes(2, "little")
    with opened(path) as source:
        at, rest = 0, b""
        while block := source.read(BLOCK):
            data = rest + block
            place = data.find(wanted)
            while 0 <= place <= len(data) - _LONG_ENOUGH:
                is_entry = (at + place) % _OLE_ENTRY == 0 and data[place + 64 : place + 66] == stated
                if is_entry and data[place + 66] in {1, 2, 5}:
                    return True
                place = data.find(wanted, place + 1)
            keep = len(data) - len(data) % _OLE_ENTRY - _OLE_ENTRY
            keep = max(keep, 0)
            at, rest = at + keep, data[keep:]
    return False
