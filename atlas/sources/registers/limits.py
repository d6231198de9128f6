"""How large a register may be, and how it is said that one is too large."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from atlas.errors import DataError, Fault

MEGABYTE: Final = 1_000_000
_GIGABYTE: Final = 1_000 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is read of one file; the defaults are those of the command line.

    Parameters
    ----------
    bytes : int
        Size of the file as it comes.
    unpacked_bytes : int
        Size of all that an archive, a workbook or a compressed file unpacks to.
    ratio : int
        How many times larger than packed a part of an archive may be; parts below 10 MB may be more.
    members : int
        Files in an archive.
    columns : int
        Columns of the table.
    rows : int
        Rows under the header.
    cell_length : int
        Characters in one cell: what a spreadsheet holds.
    cells : int
        Cells of one sheet, filled or not, from its first to its last.
    sheets : int
        Sheets of a workbook, or layers of a geodata file.

    Examples
    --------
    >>> Limits().bytes > Limits.of_web().bytes
    True
    """

    bytes: int = 2 * _GIGABYTE
    unpacked_bytes: int = 4 * _GIGABYTE
    ratio: int = 200
    members: int = 1_000
    columns: int = 2_000
    rows: int = 2_000_000
    cell_length: int = 32_767
    cells: int = 60_000_000
    sheets: int = 200

    @classmethod
    def of_web(cls) -> Limits:
        """What is taken from the web, where anybody may send anything: 200 MB, and 1 GB unpacked."""
        return cls(bytes=200 * MEGABYTE, unpacked_bytes=_GIGABYTE, cells=25_000_000)


def in_words(size_bytes: int) -> str:
    """A size in the unit that suits it.

    Examples
    --------
    >>> in_words(2_000_000_000), in_words(200_000_000), in_words(1_500)
    ('2 GB', '200 MB', '1,500 bytes')
    """
    if size_bytes >= _GIGABYTE:
        return f"{size_bytes / _GIGABYTE:.3g} GB"
    if size_bytes >= MEGABYTE:
        return f"{size_bytes / MEGABYTE:.3g} MB"
    return f"{size_bytes:,} bytes"


def refused(
    file: str, problem: str, expected: str, *, row: int | None = None, column: str | None = None, value: object = None
) -> DataError:
    """The error that refuses a file for one fault."""
    fault = Fault(file, problem, expected, row=row, column=column, value=value)
    return DataError(f"cannot read {file} as a register", [fault])
