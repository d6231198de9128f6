"""The order of the table of the single map."""

from __future__ import annotations

import numpy as np
import pytest

from atlas.geo.estate.model import Estate
from tests.land import land
from web.estate_order import SORTS, ordered, ranks

LAND = land(
    {"id": "a", "name": "10 Dean Street", "use": "office", "land_ha": 2.0, "tenure": "unknown"},
    {"id": "b", "name": "9 Dean Street", "use": "unknown", "tenure": "freehold"},
    {"id": "c", "name": "Élan House", "use": "library", "land_ha": 0.5, "tenure": "leasehold", "postcode": "E1 1BJ"},
    {"id": "d", "name": "elan house", "use": "office", "land_ha": 1.0, "of": "hospital"},
)


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("name", [1, 0, 2, 2]),
        ("owner", [0, 0, 0, 1]),
        ("use", [1, -1, 0, 1]),
        ("tenure", [-1, 0, 1, -1]),
        ("postcode", [-1, -1, 0, -1]),
        ("land", [2, -1, 0, 1]),
        ("floor", [-1, -1, -1, -1]),
    ],
)
def test_assets_are_ranked_as_people_read_and_what_is_unsaid_has_no_rank(column: str, expected: list[int]) -> None:
    assert ranks(LAND, column).tolist() == expected


@pytest.mark.parametrize("column", SORTS)
def test_an_estate_of_nothing_has_an_order(column: str) -> None:
    assert ranks(Estate.empty(), column).tolist() == []


@pytest.mark.parametrize("is_falling", [False, True])
def test_unknown_ones_come_last_and_equal_ones_stay_as_they_were(*, is_falling: bool) -> None:
    positions = np.array([0, 2, 3, 4])
    order = ordered(positions, np.array([5, 9, -1, 7, 5]), np.array([4, 3, 2, 1, 0]), is_falling=is_falling)
    assert order.tolist() == ([3, 4, 0, 2] if is_falling else [4, 0, 3, 2])
