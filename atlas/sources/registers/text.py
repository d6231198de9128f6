"""Text tables of any encoding and delimiter, read in blocks: fast where the quoting is plain, with care elsewhere."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from atlas.sources.registers.blocks import Layout, pieces_of
from atlas.sources.registers.header import LOOKED_AT, Header, find_header
from atlas.sources.registers.limits import Limits, refused
from atlas.sources.registers.pieces import Piece
from atlas.sources.registers.survey import AS_CP1252, AS_IT_IS, BLOCK, MIXED, encoding_of, opened

_DELIMITERS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_BEGINNING: Final = 1 << 19
_RECORDS: Final = 200


@dataclass(frozen=True, slots=True)
class TextTable:
    """How a text table is written, and where its data begin.

    Parameters
    ----------
    form : str
        What it is, in words.
    header : Header
        Its header.
    notes : tuple of str
        What was done to read it.
    encoding : str
        As `encoding_of` says.
    mark : int
        Bytes before the text.
    delimiter : str
        What stands between cells.
    data_at : int
        Bytes of the text, in UTF-8, before its data.
    data_row : int
        Number of the first record after them.
    """

    form: str
    header: Header
    notes: tuple[str, ...]
    encoding: str
    mark: int
    delimiter: str
    data_at: int
    data_row: int


@dataclass(frozen=True, slots=True)
class _Record:
    number: int
    cells: list[str]
    end: int


def look_at_text(path: Path, head: bytes, file: str, limits: Limits) -> TextTable:
    """Find out how a text table is written.

    Parameters
    ----------
    path : Path
        The file, unpacked.
    head : bytes
        Its beginning.
    file : str
        Its name, for faults.
    limits : Limits
        How many columns it may have.

    Returns
    -------
    TextTable

    Raises
    ------
    DataError
        If it has no header, or is no text.
    """
    encoding, mark = encoding_of(path, head)
    text, is_whole = _beginning(path, encoding, mark, file)
    notes = []
    start = 0
    delimiter = _stated(text)
    if delimiter:
        start = len(text.splitlines(keepends=True)[0])
        notes.append("The first line only says what separates columns, and was passed over.")
    else:
        delimiter = _delimiter(text)
    records = _records(text, delimiter, start, file)
    if not is_whole and len(records) > 1:
        records.pop()
    filled = [(record.number, record.cells) for record in records if any(map(str.strip, record.cells))]
    if not filled:
        raise refused(file, "the file has no rows", "a header and rows")
    header = find_header(filled[:LOOKED_AT], file, limits)
    last = next(record for record in records if record.number == header.skip_to)
    name = "Mixed UTF-8 and cp1252" if encoding == MIXED else encoding
    if encoding == MIXED:
        notes.append("Most of the file is UTF-8 and some of it is cp1252; each was read as what it is.")
    notes += _without_blank_lines(records, header)
    form = f"{'TSV' if delimiter == chr(9) else 'CSV'}, {name}, separated by {_DELIMITERS.get(delimiter, delimiter)}"
    data_at = len(text[: last.end].encode())
    return TextTable(form, header, (*notes, *header.notes), encoding, mark, delimiter, data_at, last.number + 1)


def pieces_of_text(path: Path, table: TextTable, file: str, limits: Limits) -> Iterator[Piece]:
    """Read the rows of a text table from the first to the last.

    Raises
    ------
    DataError
        If a quotation mark is never closed, or there are NUL characters.
    """
    layout = Layout(file, table.delimiter, table.header.columns, limits)
    blocks = utf8_blocks(path, table.encoding, table.mark, file)
    yield from pieces_of(_after(blocks, table.data_at), table.data_row, layout)


def _after(blocks: Iterator[bytes], skipped: int) -> Iterator[bytes]:
    for block in blocks:
        if skipped < len(block):
            yield block[skipped:]
        skipped = max(skipped - len(block), 0)


def utf8_blocks(path: Path, encoding: str, mark: int, file: str) -> Iterator[bytes]:
    """The text in blocks of UTF-8, without its mark."""
    decoder: codecs.IncrementalDecoder | None = None
    if encoding == MIXED:
        decoder = codecs.getincrementaldecoder("utf-8")(AS_CP1252)
    elif encoding != "utf-8":
        decoder = codecs.getincrementaldecoder(encoding)("strict" if encoding.startswith("utf") else AS_IT_IS)
    with opened(path) as source:
        source.seek(mark)
        for block in itertools.chain(iter(lambda: source.read(8 * BLOCK), b""), [b""]):
            plain = block
            if decoder is not None:
                try:
                    plain = decoder.decode(block, final=not block).encode()
                except UnicodeError:
                    raise refused(
                        file, f"text that is not {encoding} throughout", "text of one encoding; save it as UTF-8"
                    ) from None
            if b"\0" in plain:
                raise refused(file, "NUL characters in the text", "text; save it anew as CSV UTF-8")
            if plain:
                yield plain


def _beginning(path: Path, encoding: str, mark: int, file: str) -> tuple[str, bool]:
    """The beginning of the text, and whether that is all of it."""
    found = b""
    for block in utf8_blocks(path, encoding, mark, file):
        found += block
        if len(found) > _BEGINNING:
            break
    is_whole = len(found) <= _BEGINNING
    return found[:_BEGINNING].decode("utf-8", "ignore" if not is_whole else "strict"), is_whole


def _stated(text: str) -> str:
    """The delimiter that a first line such as ``sep=;`` states; empty if there is none."""
    first = text[:20].partition("\n")[0].rstrip("\r")
    found = first.strip('" ').lower()
    return found[4] if found.startswith("sep=") and len(found) == 5 else ""


def _delimiter(text: str) -> str:
    """The delimiter that cuts the most records into the same number of cells, more than one."""
    best, most = ",", 0.0
    for delimiter in _DELIMITERS:
        try:
            counts = [len(cells) for cells in itertools.islice(_reader(text, delimiter), _RECORDS) if cells]
        except csv.Error:
            continue
        several = Counter(count for count in counts if count > 1)
        if not several:
            continue
        width, times = several.most_common(1)[0]
        score = times / len(counts) * min(width, 20) ** 0.5
        if score > most:
            best, most = delimiter, score
    return best


def _reader(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _records(text: str, delimiter: str, start: int, file: str) -> list[_Record]:
    lines = io.StringIO(text, newline="")
    lines.seek(start)
    first = 2 if start else 1
    found: list[_Record] = []
    filled = 0
    try:
        for number, cells in enumerate(csv.reader(lines, delimiter=delimiter), first):
            found.append(_Record(number, cells, lines.tell()))
            filled += any(map(str.strip, cells))
            if filled > LOOKED_AT:
                break
    except csv.Error as error:
        raise refused(file, f"badly quoted ({error})", "cells of ordinary length", row=len(found) + first) from None
    return found


def _without_blank_lines(records: list[_Record], header: Header) -> list[str]:
    blank = [
        record.number
        for record in records
        if not any(map(str.strip, record.cells)) and header.last_row < record.number <= header.skip_to + 1
    ]
    return [f"Row {row} under the header is blank and was passed over." for row in blank]
