"""Text tables as they come: compressed or not, with a byte-order mark, in the wrong encoding, cut short, empty."""

from __future__ import annotations

import csv
import gzip
import io
import math
import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from atlas.errors import Faults, UnavailableError

UTF8: Final = ("utf-8",)
"""What official files and our own tables are written in."""

_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_WORKBOOK: Final = b"PK\x03\x04"
_MOST_SHOWN: Final = 20
_NUMBER: Final = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?([eE][+-]?\d+)?")


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file's header and rows, as text.

    Parameters
    ----------
    file : str
        The file's name.
    header : tuple of str
        Its columns, outer spaces removed.
    rows : tuple of tuple of str
        Its rows, each as long as the header; blank lines are left out.
    numbers : tuple of int
        The row of each as a spreadsheet counts it: the header is row 1.
    """

    file: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]

    def records(self) -> list[dict[str, str]]:
        """Return each row as a dictionary by column."""
        return [dict(zip(self.header, row, strict=True)) for row in self.rows]


def read_bytes(path: Path, faults: Faults) -> bytes | None:
    """Read a file whole, unpacking gzip whatever its name.

    Parameters
    ----------
    path : Path
        File to read.
    faults : Faults
        Collects an empty or a truncated file.

    Returns
    -------
    bytes or None
        None where a fault was added.

    Raises
    ------
    UnavailableError
        If there is no such file, or it cannot be opened.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnavailableError(f"cannot open {path}: {error.strerror or error}") from None
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            faults.add(path.name, f"the compressed file is cut short or damaged ({error})", "a whole gzip file")
            return None
    if not data.strip():
        faults.add(path.name, "the file is empty", "a header and rows")
        return None
    return data


def decode(data: bytes, file: str, faults: Faults, encodings: tuple[str, ...] = UTF8) -> str | None:
    r"""Decode bytes by their byte-order mark, else by the first of `encodings` that fits.

    Parameters
    ----------
    data : bytes
        What the file holds.
    file : str
        The file's name, for faults.
    faults : Faults
        Collects text that no encoding fits, by row.
    encodings : tuple of str
        Tried in order.

    Returns
    -------
    str or None
        The text without its mark; None where a fault was added.

    Examples
    --------
    >>> decode(b"\xef\xbb\xbfcode", "a.csv", Faults())
    'code'
    >>> faults = Faults()
    >>> decode(b"name\nCaf\xe9\n", "a.csv", faults)
    >>> print(faults.found[0])
    a.csv, row 2: not UTF-8, found b'Caf\xe9', expected UTF-8 text
    >>> decode(b"Caf\xe9", "a.csv", Faults(), ("utf-8", "cp1252"))
    'Café'
    """
    if data.startswith(_WORKBOOK):
        faults.add(file, "a workbook or a zip archive", "a CSV file: save it as CSV UTF-8, with commas")
        return None
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            data, encodings = data[len(mark) :], (encoding,)
            break
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            place = error.start
        else:
            if "\0" not in text:
                return text
            place = data.find(b"\0")
    names = " or ".join(name.upper() for name in encodings)
    start, end = data.rfind(b"\n", 0, place) + 1, data.find(b"\n", place)
    found = data[start : end if end >= 0 else len(data)].rstrip(b"\r")
    row = data.count(b"\n", 0, place) + 1
    near = found[max(0, place - start - 20) : place - start + 20]
    faults.add(file, f"not {names}", f"{names} text", row=row, value=near)
    return None


def read_text(path: Path, faults: Faults, encodings: tuple[str, ...] = UTF8) -> str | None:
    """Read a text file whole: `read_bytes`, then `decode`; None where a fault was added.

    Raises
    ------
    UnavailableError
        If there is no such file, or it cannot be opened.
    """
    data = read_bytes(path, faults)
    return None if data is None else decode(data, path.name, faults, encodings)


def split_header(text: str) -> tuple[list[str], str]:
    r"""Return a CSV text's header, outer spaces removed, and all that follows it.

    Examples
    --------
    >>> split_header('code,"Education, Skills"\nE01000001,3\n')
    (['code', 'Education, Skills'], 'E01000001,3\n')
    """
    lines = io.StringIO(text, newline="")
    header = next(csv.reader(lines), [])
    return [name.strip() for name in header], text[lines.tell() :]


def read_table(path: Path, faults: Faults, encodings: tuple[str, ...] = UTF8) -> Table | None:
    """Read a CSV file whole, as text.

    Parameters
    ----------
    path : Path
        CSV file, compressed or not, in UTF-8 or with a byte-order mark.
    faults : Faults
        Collects all that is wrong with the file: empty, cut short, not UTF-8, a column named twice or not at all,
        rows longer or shorter than the header, columns not separated by commas. Empty cells to the right of all
        columns and rows of empty cells, which spreadsheets leave behind, are passed over.
    encodings : tuple of str
        Tried in order.

    Returns
    -------
    Table or None
        None where the file cannot be read at all; rows that do not fit the header are left out, with a fault each.

    Raises
    ------
    UnavailableError
        If there is no such file, or it cannot be opened.
    """
    text = read_text(path, faults, encodings)
    return None if text is None else parse_table(text, path.name, faults)


def parse_table(text: str, file: str, faults: Faults) -> Table | None:
    r"""Parse CSV text, collecting faults as `read_table` does.

    Examples
    --------
    >>> faults = Faults()
    >>> parse_table("code,name\nE1,Barnet\nE2\n", "lads.csv", faults).records()
    [{'code': 'E1', 'name': 'Barnet'}]
    >>> print(faults.found[0])
    lads.csv, row 3: 1 values, found 'E2', expected 2, as in the header
    """
    header: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    ragged: list[tuple[int, list[str]]] = []
    number, error = 0, None
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), 1):
            if number == 1:
                header = trim_header(row)
                check_header(header or tuple(row), file, faults)
                if not is_comma_separated(row, file, faults):
                    return None
            elif not any(map(str.strip, row)):
                continue
            elif len(row) < len(header) or any(map(str.strip, row[len(header) :])):
                ragged.append((number, row))
            else:
                rows.append(tuple(row[: len(header)]))
                numbers.append(number)
    except csv.Error as found:
        error = found
    _report_ragged(ragged, len(header), file, faults)
    if error is not None:
        faults.add(file, f"cut short or badly quoted ({error})", "a whole CSV file", row=number + 1)
    if not header:
        return None
    if not rows:
        faults.add(file, "the file has no rows", "at least one row under the header")
    return Table(file, header, tuple(rows), tuple(numbers))


def _report_ragged(ragged: list[tuple[int, list[str]]], width: int, file: str, faults: Faults) -> None:
    """Add a fault for each row that does not fit the header; past the twentieth, one that counts the rest."""
    expected = f"{width}, as in the header"
    for number, row in ragged[:_MOST_SHOWN]:
        faults.add(file, f"{len(row)} values", expected, row=number, value=",".join(row)[:60])
    if len(ragged) > _MOST_SHOWN:
        faults.add(file, f"too many or too few values in {len(ragged) - _MOST_SHOWN:,} more rows", expected)


def trim_header(cells: list[str]) -> tuple[str, ...]:
    """Return a header's names without outer spaces, and without the empty ones at its end.

    Examples
    --------
    >>> trim_header(["code", " name ", "", ""])
    ('code', 'name')
    """
    names = [name.strip() for name in cells]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def is_comma_separated(cells: list[str], file: str, faults: Faults) -> bool:
    """Tell whether a header read with commas was written so, and collect it where it was not.

    Examples
    --------
    >>> faults = Faults()
    >>> is_comma_separated(["code;name"], "lads.csv", faults)
    False
    >>> print(faults.found[0])
    lads.csv, row 1: columns separated by semicolons, found 'code;name', expected commas: save it as CSV UTF-8
    """
    written = ",".join(cells)
    for mark, name in ((";", "semicolons"), ("\t", "tabs")):
        if written.count(mark) >= len(cells):
            problem = f"columns separated by {name}"
            faults.add(file, problem, "commas: save it as CSV UTF-8", row=1, value=written[:60])
            return False
    return True


def check_header(header: tuple[str, ...], file: str, faults: Faults) -> None:
    """Collect columns that are named twice, or not at all."""
    for place, name in enumerate(header, 1):
        if not name:
            faults.add(file, f"column {place} has no name", "a name for every column", row=1)
        elif name in header[: place - 1]:
            faults.add(file, "the column is there twice", "each column once", row=1, column=name)


def to_number(text: str) -> float | None:
    """Read a number as official files write it; None where it is none.

    Examples
    --------
    >>> to_number("1,234"), to_number(" -0.5 "), to_number("1e3")
    (1234.0, -0.5, 1000.0)
    >>> to_number("12,34"), to_number(""), to_number("n/a"), to_number("inf")
    (None, None, None, None)
    """
    stripped = text.strip()
    if not _NUMBER.fullmatch(stripped) or not any(letter.isdigit() for letter in stripped):
        return None
    try:
        number = float(stripped.replace(",", ""))
    except ValueError:
        return None
    return number if math.isfinite(number) else None
