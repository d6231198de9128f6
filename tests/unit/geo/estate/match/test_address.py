from __future__ import annotations

import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.geo.estate.match import address
from atlas.geo.estate.match.address import _read, _read_word, _tokens, read_addresses

TEXT = st.text(st.sampled_from("abZ019-&' ,./\u2019\u2013\u00e9\u00df\N{COMBINING ACUTE ACCENT}"), max_size=14)


def plain_words(text: str) -> list[str]:
    """The same by plain Python, for what `TEXT` draws."""
    text = text.replace("\u2019", "").replace("\N{COMBINING ACUTE ACCENT}", "").replace("\u2013", "-")
    return re.findall(r"[a-z0-9&-]+", text.replace("'", "").replace("\u00e9", "e").lower())


@pytest.mark.parametrize("chunk", [1, 25_000])
@given(cells=st.lists(st.tuples(TEXT, TEXT, TEXT), max_size=6))
def test_words_of_rows_are_those_of_plain_python(cells: list[tuple[str, str, str]], chunk: int) -> None:
    frame = pd.DataFrame(cells, columns=["name", "number", "street"], dtype="str")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(address, "_CHUNK", chunk)
        code, row, distinct = _tokens(frame)
    found: list[list[str]] = [[] for _ in cells]
    for at, token in zip(row.tolist(), code.tolist(), strict=True):
        if distinct[token]:
            found[at].append(distinct[token])
    assert found == [plain_words(", ".join(row_cells)) for row_cells in cells]


@given(st.text(st.sampled_from("abcdehnoprstuw"), min_size=1, max_size=6))
def test_a_word_that_is_in_no_list_is_read_as_the_lists_would(token: str) -> None:
    assert _read(token) == _read_word(token)


def test_numbers_of_rows_with_one_several_and_too_many() -> None:
    streets = ["7 High Street", "9, 7A and 3 High Street", "2, 4, 6, 8 High Street", "High Street"]
    told = read_addresses(pd.DataFrame({"name": "", "number": "", "street": streets}, dtype="str"))
    assert told.low.tolist() == [[7, -1, -1], [3, 7, 9], [2, -1, -1], [-1, -1, -1]]
    assert told.high.tolist() == [[7, -1, -1], [3, 7, 9], [8, -1, -1], [-1, -1, -1]]
    assert told.letter.tolist() == [[0, 0, 0], [0, 1, 0], [0, 0, 0], [0, 0, 0]]
    assert [side.tolist() for side in told.span] == [[7, 3, 2, 0], [7, 9, 8, 1_000_000]]
    assert told.words_in[told.text].tolist() == [1, 1, 1, 1]
