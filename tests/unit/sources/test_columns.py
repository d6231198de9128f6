from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.errors import Faults
from atlas.sources.columns import is_strict_csv, read_columns
from atlas.sources.textfiles import parse_table


def rows_of(text: str) -> list[tuple[int, tuple[str, ...]]] | None:
    columns = read_columns(text)
    if columns is None:
        return None
    cells = zip(*([texts[code] for code in codes] for texts, codes in columns.values()), strict=True)
    return [(number, row) for number, row in enumerate(cells, 2) if any(map(str.strip, row))]


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2\n3,4\n",
        "a,b\n1,2",
        "a,b\r\n1,2\r\n\r\n3,4\r\n",
        'a,b\n"1, ""2""",é\n\n"two\nlines",\n,\n',
        ' a , b\n" x", y \n',
    ],
)
def test_plain_files_are_read_as_row_by_row(text: str) -> None:
    faults = Faults()
    table = parse_table(text, "a.csv", faults)
    assert table is not None
    assert list(faults) == []
    assert rows_of(text) == list(zip(table.numbers, table.rows, strict=True))


@pytest.mark.parametrize(
    "text",
    ["a,b\n1\n", "a,b\n1,2,3\n", 'a,b\n"1"x,2\n', 'a,b\n1,"2\n', "a,a\n1,2\n", "a,\n1,2\n", "a;b\n1;2\n", "a\r1\r"],
)
def test_what_is_unusual_is_left_to_be_read_row_by_row(text: str) -> None:
    assert read_columns(text) is None


@given(st.text(alphabet='a, "\r\n', max_size=24))
def test_columns_are_what_the_rows_are_or_nothing(body: str) -> None:
    text = f"x,y\n{body}"
    found = rows_of(text)
    if found is not None:
        faults = Faults()
        table = parse_table(text, "a.csv", faults)
        assert table is not None
        assert [fault.problem for fault in faults if fault.problem != "the file has no rows"] == []
        assert found == list(zip(table.numbers, table.rows, strict=True))


def test_an_odd_number_of_quotes_is_not_strict() -> None:
    assert not is_strict_csv(b'a\n"')
    assert is_strict_csv(b"")
