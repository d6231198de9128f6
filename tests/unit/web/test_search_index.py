"""The index of names: what is misspelt is found, what is called so comes first."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from web.search_index import TextIndex, make_index, score

NAMES = [
    "lewisham",
    "lambeth",
    "hammersmith and fulham",
    "royal london hospital",
    "royal free hospital",
    "knowledge quarter",
    "kq",
    "local london anchor network",
    "café street",
]


@pytest.fixture(scope="module")
def index() -> TextIndex:
    return make_index(NAMES)


def first(index: TextIndex, typed: str) -> str:
    hits = index.search(typed, 3)
    return index.keys[hits[0].key] if hits else ""


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("lewsham", "lewisham"),
        ("lewihsam", "lewisham"),
        ("hamersmith", "hammersmith and fulham"),
        ("royal lodnon hospital", "royal london hospital"),
        ("knowlege", "knowledge quarter"),
        ("kq", "kq"),
        ("royal f", "royal free hospital"),
        ("anchor network", "local london anchor network"),
        ("cafe street", "café street"),
    ],
)
def test_what_is_misspelt_or_begun_is_found(index: TextIndex, typed: str, wanted: str) -> None:
    assert first(index, typed) == wanted


def test_nothing_like_it_is_nothing(index: TextIndex) -> None:
    assert index.search("zzzz", 5) == []
    assert index.search("", 5) == []
    assert make_index([]).search("lewisham", 5) == []


def test_no_more_than_asked_and_the_nearest_first(index: TextIndex) -> None:
    hits = index.search("royal hospital", 2)
    assert len(hits) == 2
    assert hits[0].score >= hits[1].score
    assert {index.keys[hit.key] for hit in hits} == {"royal london hospital", "royal free hospital"}


def test_a_name_among_very_many_alike_is_still_found() -> None:
    keys = [f"lewisham {number:03d}" for number in range(2_000)] + ["lewisham"]
    assert first(make_index(keys), "lewisham") == "lewisham"


@given(st.lists(st.text(alphabet="abcdefg é1", min_size=1, max_size=12).map(str.strip).filter(bool), max_size=30))
def test_every_key_finds_itself(keys: list[str]) -> None:
    unique = list(dict.fromkeys(keys))
    index = make_index(unique)
    for key in unique:
        assert index.keys[index.search(key, 1)[0].key] == key


@given(st.text(max_size=40), st.text(max_size=40))
@example("lewisham lewisham lewisham", "lewisham")
@example("lewisham " * 11, "lewisham homes")
def test_likeness_is_between_0_and_100(typed: str, key: str) -> None:
    assert 0 <= score(typed, key) <= 100
