"""The fast way through a text table gives what Python's `csv` gives, wherever its blocks end."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.errors import DataError
from atlas.sources.registers.blocks import Layout, pieces_of
from atlas.sources.registers.limits import Limits
from atlas.sources.registers.pieces import rechunked

COLUMNS = ("A", "B", "C")
CELLS = st.text(alphabet='ab"é, \n\r;', max_size=5)
RECORDS = st.lists(st.lists(CELLS, min_size=0, max_size=5), max_size=12)


def cut(data: bytes, size: int) -> Iterator[bytes]:
    for at in range(0, len(data), size):
        yield data[at : at + size]


def read(data: bytes, size: int) -> tuple[dict[int, list[str]], dict[int, str]]:
    layout = Layout("register.csv", ",", COLUMNS, Limits())
    found: dict[int, list[str]] = {}
    ragged: dict[int, str] = {}
    for chunk in rechunked(pieces_of(cut(data, size), 1, layout), 5, "register.csv", Limits()):
        found |= dict(zip(chunk.cells.index.tolist(), chunk.cells.to_numpy().tolist(), strict=True))
        ragged |= chunk.ragged
    return found, ragged


def expected(text: str) -> tuple[dict[int, list[str]], set[int]]:
    found, odd = {}, set()
    for row, cells in enumerate(csv.reader(io.StringIO(text, newline="")), 1):
        if any(map(str.strip, cells)):
            found[row] = [*cells, "", "", ""][:3]
            if len(cells) < 3 or any(map(str.strip, cells[3:])):
                odd.add(row)
    return found, odd


def is_open(text: str) -> bool:
    """Whether the text ends within quotation marks: what is put behind it is then no record of its own."""
    lines = [*io.StringIO(text, newline=""), "end"]
    return list(csv.reader(lines))[-1] != ["end"]


@settings(max_examples=300)
@given(records=RECORDS, size=st.integers(1, 60), quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
def test_what_csv_writes_is_read_back_whatever_the_blocks(records: list[list[str]], size: int, quoting: int) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=quoting).writerows(records)  # type: ignore[arg-type]  # its stub wants the literal
    rows, odd = expected(out.getvalue())
    found, ragged = read(out.getvalue().encode(), size)
    assert found == rows
    assert set(ragged) == odd


@settings(max_examples=500)
@given(text=st.text(alphabet='ab",\n\r', max_size=60), size=st.integers(1, 70))
def test_any_text_is_read_as_csv_reads_it_or_refused_for_an_open_quotation_mark(text: str, size: int) -> None:
    if is_open(text):
        with pytest.raises(DataError, match="never closed"):
            read(text.encode(), size)
        return
    found, ragged = read(text.encode(), size)
    rows, odd = expected(text)
    assert found == rows
    assert set(ragged) == odd
