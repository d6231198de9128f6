from __future__ import annotations

import gc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.graph.tie_columns import FIELDS, TieColumns, collector_at_rest, joined
from atlas.records import Tie
from tests.toy import toy_partnerships

TIES = toy_partnerships().ties


def test_ties_come_back_as_they_went_in() -> None:
    columns = TieColumns.of_ties(TIES)
    assert tuple(columns) == TIES
    assert columns[-1] == TIES[-1]
    assert columns[1:3] == TIES[1:3]
    assert list(columns.numbered[:2]) == [(2, TIES[0]), (3, TIES[1])]
    assert set(columns.columns) == set(FIELDS) == set(Tie.model_fields)
    assert TieColumns.of(columns.numbered) is columns
    assert TieColumns.of_ties(columns) is columns


def test_no_ties() -> None:
    columns = TieColumns.of_ties(())
    assert list(columns) == []
    assert columns.ends()[0] == ()
    assert columns.columns["start"].where(bool).tolist() == []
    assert len(columns.with_those(TieColumns.of_ties(TIES))) == len(TIES)


def test_another_order_and_others() -> None:
    columns = TieColumns.of_ties(TIES)
    turned = columns.reordered(np.arange(len(TIES))[::-1])
    assert tuple(turned) == TIES[::-1]
    assert tuple(turned.with_those(columns)) == TIES[::-1] + TIES


def test_ends_are_numbered_in_order_of_ids() -> None:
    names, subjects, objects = TieColumns.of_ties(TIES).ends()
    assert list(names) == sorted(names)
    assert [(names[a], names[b]) for a, b in zip(subjects, objects, strict=True)] == [
        (tie.subject, tie.object) for tie in TIES
    ]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 4)), max_size=30))
@pytest.mark.parametrize("size", [5, 2**40])
def test_combinations_are_equal_where_all_parts_are(size: int, codes: list[tuple[int, ...]]) -> None:
    array = np.array(codes, dtype=np.int64).reshape(-1, 3)
    key = joined(*((array[:, k], size) for k in range(3)))
    for i, one in enumerate(codes):
        for j, other in enumerate(codes):
            assert (key[i] == key[j]) == (one == other)


def test_the_collector_goes_on_as_before() -> None:
    assert gc.isenabled()
    with collector_at_rest():
        assert not gc.isenabled()
        with collector_at_rest():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
