"""Records of a text table, block by block.

A block whose quotation marks all open at the beginning of a cell and close at its end means the same to every reader,
so that it may be cut between records and given to the fastest. Anything else is read by Python's `csv`, the reference.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from atlas.sources.registers.limits import Limits, refused
from atlas.sources.registers.pieces import TEXT, Piece, piece_of_columns, piece_of_records

_QUOTE: Final = 34
_NEWLINES: Final = (10, 13)
_LONGEST_RECORD: Final = 1 << 25
_AT_ONCE: Final = 20_000
# an outline in words is longer than the module's own limit, which is for the whole process
csv.field_size_limit(max(csv.field_size_limit(), 1 << 22))
_END: Final = "\ue000the end\ue000"


@dataclass(frozen=True, slots=True)
class Layout:
    """How a text table is written.

    Parameters
    ----------
    file : str
        Its name, for faults.
    delimiter : str
        What stands between cells: one ASCII character.
    columns : tuple of str
        Names of its columns.
    limits : Limits
        How long a cell may be.
    """

    file: str
    delimiter: str
    columns: tuple[str, ...]
    limits: Limits


def pieces_of(blocks: Iterator[bytes], first_row: int, layout: Layout) -> Iterator[Piece]:
    """Read records from blocks of UTF-8 that may end anywhere.

    Parameters
    ----------
    blocks : iterator of bytes
        The text, from the first record on.
    first_row : int
        Number of the first record.
    layout : Layout
        How it is written.

    Yields
    ------
    Piece
        The next rows.

    Raises
    ------
    DataError
        If a quotation mark is never closed, or a cell is far too long.
    """
    row, rest = first_row, b""
    fast = _Fast(layout)
    for block in blocks:
        data = rest + block
        end = _last_record_end(data, layout.delimiter)
        if end is None or (end == 0 and len(data) > _LONGEST_RECORD):
            yield from _with_care(data, blocks, row, layout)
            return
        rest = data[end:]
        if end:
            piece, count = fast.read(data[:end], row)
            row += count
            yield piece
    if rest:
        if _is_plain(rest, layout.delimiter) and rest.count(b'"') % 2 == 0:
            yield fast.read(rest, row)[0]
        else:
            yield from _with_care(rest, iter(()), row, layout)


def _last_record_end(data: bytes, delimiter: str) -> int | None:
    """Where the last whole record of a block ends; None where its quotation marks are not plain."""
    if b'"' not in data:
        return data.rfind(b"\n") + 1
    letters = np.frombuffer(data, dtype=np.uint8)
    quotes = np.flatnonzero(letters == _QUOTE)
    newlines = np.flatnonzero(letters == _NEWLINES[0])
    outside = newlines[np.searchsorted(quotes, newlines) % 2 == 0]
    if not len(outside):
        return 0
    end = int(outside[-1]) + 1
    return end if _alternate(letters[:end], quotes[quotes < end], delimiter) else None


def _is_plain(data: bytes, delimiter: str) -> bool:
    letters = np.frombuffer(data, dtype=np.uint8)
    return _alternate(letters, np.flatnonzero(letters == _QUOTE), delimiter)


def _alternate(letters: NDArray[np.uint8], quotes: NDArray[np.int64], delimiter: str) -> bool:
    """Whether every odd quotation mark opens a cell and every even one closes it, or both are a doubled one."""
    opening, closing = quotes[::2], quotes[1::2]
    edges = np.zeros(256, dtype=bool)
    edges[[*_NEWLINES, ord(delimiter)]] = True
    before = edges[letters[opening - 1]]
    before[opening == 0] = True
    doubled = np.zeros(len(opening), dtype=bool)
    doubled[1:] = opening[1:] == closing[: len(opening) - 1] + 1
    last = len(letters) - 1
    after = edges[letters[np.minimum(closing + 1, last)]] | (closing == last)
    followed = np.zeros(len(closing), dtype=bool)
    followed[: len(opening) - 1] = doubled[1:][: len(closing)]
    return bool((before | doubled).all() and (after | followed).all())


class _Fast:
    """Reads blocks of whole records whose quotation marks are plain."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._width = len(layout.columns)

    def read(self, data: bytes, row: int) -> tuple[Piece, int]:
        """The rows of a block, and how many records it has, blank ones too."""
        layout = self._layout
        if data.count(b"\r") == data.count(b"\r\n"):
            try:
                table = self._parsed(data)
            except pa.ArrowInvalid:
                pass
            else:
                rows = np.arange(row, row + table.num_rows)
                arrays = [column.combine_chunks() for column in table.columns]
                return piece_of_columns(rows, arrays, layout.columns), table.num_rows
        records = list(_csv(data, layout, row))
        if records:
            self._width = max(len(records[-1]), 1)
        return piece_of_records(row, records, layout.columns), len(records)

    def _parsed(self, data: bytes) -> pa.Table:
        names = [str(place) for place in range(self._width)]
        return pacsv.read_csv(
            pa.BufferReader(data),
            pacsv.ReadOptions(use_threads=False, block_size=len(data) + 1, column_names=names),
            pacsv.ParseOptions(delimiter=self._layout.delimiter, newlines_in_values=True, ignore_empty_lines=False),
            pacsv.ConvertOptions(check_utf8=False, column_types=dict.fromkeys(names, TEXT), strings_can_be_null=False),
        )


def _csv(data: bytes, layout: Layout, row: int) -> Iterator[list[str]]:
    text = io.StringIO(data.decode(), newline="")
    try:
        for cells in csv.reader(text, delimiter=layout.delimiter):
            row += 1
            yield cells
    except csv.Error:
        _refuse_long(layout, row)


def _refuse_long(layout: Layout, row: int) -> None:
    raise refused(
        layout.file,
        "a quotation mark that is never closed, or a cell that is far too long",
        f"at most {layout.limits.cell_length:,} characters in a cell",
        row=row,
    )


def _with_care(data: bytes, blocks: Iterator[bytes], row: int, layout: Layout) -> Iterator[Piece]:
    """All that is left, as Python's `csv` reads it."""
    reader = csv.reader(_lines(data, blocks), delimiter=layout.delimiter)
    last: list[list[str]] = []
    while True:
        batch, is_whole = _some(reader)
        if not is_whole:
            _refuse_long(layout, row + len(last) + len(batch))
        if not batch:
            break
        # the last record is kept back: it may be the one that marks the end
        records, last = [*last, *batch[:-1]], batch[-1:]
        yield piece_of_records(row, records, layout.columns)
        row += len(records)
    if last != [[_END]]:
        raise refused(layout.file, "a quotation mark that is never closed", "a whole CSV file", row=row)


def _some(reader: Iterator[list[str]]) -> tuple[list[list[str]], bool]:
    """The next records, and whether they could be read."""
    batch: list[list[str]] = []
    try:
        batch.extend(itertools.islice(reader, _AT_ONCE))
    except csv.Error:
        return batch, False
    return batch, True


def _lines(data: bytes, blocks: Iterator[bytes]) -> Iterator[str]:
    """Lines of the rest, and a last one that shows whether the file ended within quotation marks."""
    rest = data
    for block in blocks:
        end = rest.rfind(b"\n") + 1
        yield from io.StringIO(rest[:end].decode(), newline="")
        rest = rest[end:] + block
    yield from io.StringIO(rest.decode(), newline="")
    yield _END
