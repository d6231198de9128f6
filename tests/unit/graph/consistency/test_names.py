from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.fuzz import ratio

from atlas.graph.consistency.names import ALIKE, LETTERS, alike, differ_in_spelling, words_of


def pairs(names: list[str]) -> set[tuple[int, int]]:
    return {(pair.one, pair.other) for pair in alike(names)}


def by_trying_every_pair(names: list[str]) -> set[tuple[int, int]]:
    found = set()
    words = [words_of(name) for name in names]
    for one, other in combinations(range(len(names)), 2):
        a, b = words[one], words[other]
        share = a == b or {word[:LETTERS] for word in a} & {word[:LETTERS] for word in b}
        if share and ratio(" ".join(a), " ".join(b)) >= ALIKE and differ_in_spelling(a, b):
            found.add((one, other))
    return found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Guy's and St Thomas' NHS Foundation Trust", "Guys & St. Thomas NHS Foundation Trust"),
        ("University of Westminster", "The University of Westminster"),
        ("Goldsmiths, University of London", "Goldsmith, University of London"),
        ("Café Society", "CAFE SOCIETY LTD"),
        ("London South Bank University", "South Bank University London"),
    ],
)
def test_names_of_one_body(one: str, other: str) -> None:
    assert pairs([one, other]) == {(0, 1)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Barnet Council", "Brent Council"),
        ("Dartford Borough Council", "Watford Borough Council"),
        ("East London NHS Foundation Trust", "North East London NHS Foundation Trust"),
        ("Northampton University", "Southampton University"),
        ("Kickstart gateway phase 2", "Kickstart gateway phase 3"),
        ("Lambeth Council", "Lambeth College"),
        ("Guy's and St Thomas' NHS Foundation Trust", "Guy's & St Thomas' Foundation"),
    ],
)
def test_names_of_two_bodies(one: str, other: str) -> None:
    assert pairs([one, other]) == set()


def test_the_likeness_is_told_in_per_cent() -> None:
    (pair,) = alike(["Westminster Abbey", "Westminster Abbeys"])
    assert pair.percent == int(ratio("abbey westminster", "abbeys westminster"))
    assert alike(["The Abbey", "Abbey, the"])[0].percent == 100


def test_a_name_of_small_words_only_is_a_name() -> None:
    assert words_of("The For") == ("for", "the")
    assert pairs(["The For", "Of And", ""]) == set()


NAMES = st.lists(
    st.lists(
        st.sampled_from(
            ["barts", "bart", "health", "healthy", "trust", "trusts", "north", "2", "3", "university", "of"]
        ),
        min_size=1,
        max_size=5,
    ).map(" ".join),
    max_size=25,
)


@given(NAMES)
def test_blocks_lose_no_pair_that_trying_every_pair_finds(names: list[str]) -> None:
    assert pairs(names) == by_trying_every_pair(names)


@given(NAMES, st.randoms())
def test_order_does_not_matter(names: list[str], random: object) -> None:
    shuffled = list(names)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one = sorted([*sorted((names[p.one], names[p.other])), p.percent] for p in alike(names))
    other = sorted([*sorted((shuffled[p.one], shuffled[p.other])), p.percent] for p in alike(shuffled))
    assert one == other
