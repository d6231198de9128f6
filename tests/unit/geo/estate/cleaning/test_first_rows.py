from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.geo.estate.cleaning.first_rows import FirstRows


@given(st.lists(st.lists(st.integers(-(2**63), 2**63 - 1), unique=True, max_size=9), max_size=9))
def test_rows_are_found_as_a_dictionary_has_them(chunks: list[list[int]]) -> None:
    first, dumb = FirstRows(), dict[int, int]()
    for chunk in chunks:
        hashes = np.array(chunk, dtype=np.int64)
        assert first.find(hashes).tolist() == [dumb.get(value, 0) for value in chunk]
        new = np.array([value not in dumb for value in chunk], dtype=bool)
        rows = np.arange(len(dumb) + 2, len(dumb) + 2 + int(new.sum()))
        first.add(hashes[new], rows)
        dumb.update(zip(hashes[new].tolist(), rows.tolist(), strict=True))
        assert len(first) == len(dumb)
    every = np.array([*dumb, 12345], dtype=np.int64)
    assert first.find(every).tolist() == [dumb.get(value, 0) for value in every.tolist()]


@pytest.mark.parametrize("chunk", [1, 7, 1_000])
def test_few_runs_are_kept_of_many_chunks(chunk: int) -> None:
    first = FirstRows()
    for start in range(0, 1_000, chunk):
        many = np.arange(start, min(start + chunk, 1_000))
        first.add(many * 977, many + 2)
    assert len(first._runs) <= 10
    assert first.find(np.arange(1_000) * 977).tolist() == list(range(2, 1_002))
