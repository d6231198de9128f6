"""Sheets of Excel and OpenDocument workbooks."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from atlas.errors import DataError
from atlas.sources.registers.header import LOOKED_AT, Header, find_header
from atlas.sources.registers.headerwords import has_header_word, is_measure
from atlas.sources.registers.limits import Limits, refused
from atlas.sources.registers.pieces import Piece, piece_of_records

_AT_ONCE: Final = 10_000
_WHOLE_BELOW: Final = 1e15
_MOST_WORDS: Final = 6
_MACROS: Final = (SheetTypeEnum.MacroSheet, SheetTypeEnum.Vba)


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A sheet that holds a register.

    Parameters
    ----------
    sheet : str
        Its name.
    header : Header
        Its header.
    notes : tuple of str
        What was done to read it.
    cells : python_calamine.CalamineSheet
        The sheet, which is read from the file once: that takes longer than all that is done with it.
    """

    sheet: str
    header: Header
    notes: tuple[str, ...]
    cells: CalamineSheet


def look_at_workbook(path: Path, wanted: str | None, file: str, limits: Limits) -> SheetTable:
    """Choose the sheet that looks most like a register, and find its header.

    Parameters
    ----------
    path : Path
        A workbook that has been looked over.
    wanted : str or None
        Name of the sheet; None to choose.
    file : str
        The file's name, for faults.
    limits : Limits
        How many sheets and columns there may be.

    Returns
    -------
    SheetTable

    Raises
    ------
    DataError
        If no sheet is a table, or there is none of that name.
    """
    book = _opened(path, file)
    try:
        names = [about.name for about in book.sheets_metadata if about.typ == SheetTypeEnum.WorkSheet]
        if any(about.typ in _MACROS for about in book.sheets_metadata):
            raise refused(file, "the workbook has macros", "a workbook without macros; save it as .xlsx")
        if len(book.sheet_names) > limits.sheets:
            raise refused(file, f"{len(book.sheet_names):,} sheets", f"at most {limits.sheets:,}")
        if wanted is not None and wanted not in names:
            raise refused(file, "no sheet of that name", f"one of {', '.join(names)}", value=wanted)
        tables = _tables(book, [wanted] if wanted is not None else names, file, limits)
        hidden = {about.name for about in book.sheets_metadata if about.visible != SheetVisibleEnum.Visible}
    finally:
        book.close()
    found = tables[0]
    others = [name for name in names if name != found.sheet]
    notes = list(found.notes)
    if others:
        notes.insert(0, f"Sheet {found.sheet} was read; not read: {', '.join(others)}.")
    if alike := [table.sheet for table in tables[1:] if _are_alike(table.header, found.header)]:
        which, each = ("has", "it") if len(alike) == 1 else ("have", "each")
        notes.insert(1, f"{' and '.join(alike)} {which} the same columns: import {each} too, as a register of its own.")
    if found.sheet in hidden:
        notes.insert(0, f"Sheet {found.sheet} is hidden in the workbook.")
    return replace(found, notes=tuple(notes))


def pieces_of_workbook(table: SheetTable) -> Iterator[Piece]:
    """Read the rows of a sheet from the first to the last."""
    row = table.header.skip_to + 1
    below = itertools.islice(table.cells.iter_rows(), table.header.skip_to, None)
    merged = _Merged(_merged_down(table.cells, table.header))
    while batch := list(itertools.islice(below, _AT_ONCE)):
        records = _as_text(batch)
        merged.fill(row, records)
        yield piece_of_records(row, records, table.header.columns)
        row += len(batch)


class _Merged:
    """Cells merged downwards, filled as rows are read from the first to the last."""

    def __init__(self, begin: Mapping[int, Sequence[tuple[int, int]]]) -> None:
        self._begin = begin
        self._open: dict[int, tuple[int, str]] = {}

    def fill(self, first_row: int, records: Sequence[list[str]]) -> None:
        """Write the value of each merged cell into all of its rows that have anything else."""
        if not self._begin:
            return
        for row, cells in enumerate(records, first_row):
            is_blank = not any(map(str.strip, cells))
            for column, (last, value) in [*self._open.items()]:
                if row > last:
                    del self._open[column]
                elif not is_blank and column < len(cells) and not cells[column]:
                    cells[column] = value
            for column, last in self._begin.get(row, ()):
                self._open[column] = (last, cells[column] if column < len(cells) else "")


def _merged_down(sheet: CalamineSheet, header: Header) -> dict[int, list[tuple[int, int]]]:
    """By row, columns of cells below the header that are merged downwards, with the last row; amounts add up, so none.

    An area of three buildings, merged over their rows, would else be counted three times.
    """
    start = (sheet.start or (0, 0))[1]
    begin: dict[int, list[tuple[int, int]]] = {}
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        column = left - start
        is_one = top < bottom and top >= header.skip_to and 0 <= column < len(header.columns)
        if is_one and not is_measure(header.columns[column]):
            begin.setdefault(top + 1, []).append((column, bottom + 1))
    return begin


@contextmanager
def _not_damaged(file: str, what: str) -> Iterator[None]:
    """Say what is wrong with a workbook that cannot be read, also where its reader gave up."""
    try:
        yield
    except PasswordError:
        raise refused(
            file, "the workbook is locked with a password", "one without; save it without a password"
        ) from None
    except (CalamineError, OSError, ValueError) as error:
        raise refused(file, f"{what} is damaged ({error})", "a whole workbook") from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise refused(file, f"{what} is damaged", "a whole workbook") from None


def _opened(path: Path, file: str) -> CalamineWorkbook:
    with _not_damaged(file, "the workbook"):
        return CalamineWorkbook.from_path(path)


def _sheet(book: CalamineWorkbook, name: str, file: str) -> CalamineSheet:
    with _not_damaged(file, f"sheet {name}"):
        return book.get_sheet_by_name(name)


def _tables(book: CalamineWorkbook, names: Sequence[str], file: str, limits: Limits) -> list[SheetTable]:
    """Sheets that hold a table, the one that looks most like a register first; one at least."""
    found: list[tuple[float, SheetTable]] = []
    reasons: list[DataError] = []
    for name in names:
        sheet = _sheet(book, name, file)
        try:
            header = _header(sheet, file, limits)
        except DataError as error:
            reasons.append(error)
            continue
        if header is None:
            continue
        known = sum(map(has_header_word, header.columns))
        cells = max(sheet.total_height + 1 - header.skip_to, 0) * len(header.columns)
        score = (cells + 0.5) * (0.5 + min(known, _MOST_WORDS))
        found.append((score, SheetTable(name, header, (*header.notes, *_merge_notes(sheet, header)), sheet)))
    if found:
        return [table for _, table in sorted(found, key=lambda one: -one[0])]
    if len(reasons) == 1:
        raise reasons[0]
    raise refused(
        file, "no sheet holds a table" if not reasons else "no sheet has a header", "a sheet with a header and rows"
    )


def _are_alike(one: Header, other: Header) -> bool:
    """Whether two sheets have most of their columns in common, as parts of one register do."""
    columns, others = ({column.casefold().strip() for column in header.columns} for header in (one, other))
    return len(columns & others) > max(1, len(columns | others) / 2)


def _header(sheet: CalamineSheet, file: str, limits: Limits) -> Header | None:
    start = (sheet.start or (0, 0))[1]
    rows = []
    for number, cells in enumerate(sheet.iter_rows(), 1):
        if any(cell != "" for cell in cells):
            rows.append((number, _as_text([cells])[0]))
        if len(rows) > LOOKED_AT:
            break
    if not rows:
        return None
    merges = sheet.merged_cell_ranges
    reach: dict[int, dict[int, int]] | None = None
    if merges:
        reach = {}
        for (row, left), (_, right) in merges:
            reach.setdefault(row + 1, {})[left - start] = right - start
    return find_header(rows, file, limits, reach)


def _merge_notes(sheet: CalamineSheet, header: Header) -> list[str]:
    names = {header.columns[column] for cells in _merged_down(sheet, header).values() for column, _ in cells}
    if not names:
        return []
    told = ", ".join(name for name in header.columns if name in names)
    return [f"Cells merged downwards were read for each of their rows: {told}; amounts, where merged, for the first."]


def _as_text(rows: Sequence[Sequence[Any]]) -> list[list[str]]:
    return [[cell if type(cell) is str else text_of(cell) for cell in cells] for cells in rows]


def text_of(cell: object) -> str:
    """Write a cell of a spreadsheet as people see it: no noise behind the fifteenth digit, days as ISO.

    Examples
    --------
    >>> text_of(100021234567.0), text_of(0.1 + 0.2), text_of(True), text_of(dt.date(2021, 3, 31))
    ('100021234567', '0.3', 'true', '2021-03-31')
    """
    if isinstance(cell, float):
        is_whole = cell.is_integer() and abs(cell) < _WHOLE_BELOW
        return str(int(cell)) if is_whole else f"{cell:.15g}"
    text = "" if cell is None else str(cell)
    if isinstance(cell, bool):
        text = text.lower()
    elif isinstance(cell, dt.datetime):
        is_day = cell.time() == dt.time()
        text = cell.date().isoformat() if is_day else cell.isoformat(timespec="seconds")
    elif isinstance(cell, (dt.date, dt.time)):
        text = cell.isoformat()
    return text
