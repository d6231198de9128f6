from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely

from atlas.geo.estate.match.reach import Links

PLACE = {"uprn": "", "postcode": "SE6 4RU", "x_m": 537_000.0, "y_m": 175_000.0, "wkb": None}


def links(*rows: dict[str, object]) -> Links:
    return Links.of(pd.DataFrame([PLACE | row for row in rows]))


def reached(new: dict[str, object], old: dict[str, object]) -> bool:
    return bool(links(new, old).reached(np.array([True, False]))[1])


def box(west: float, east: float) -> bytes:
    return bytes(shapely.to_wkb(shapely.box(west, 0, east, 10)))


@pytest.mark.parametrize(
    ("new", "old"),
    [
        ({}, {"postcode": "SE6 4AB"}),
        ({"uprn": "7"}, {"uprn": "7", "postcode": "E1 9TH"}),
        ({"postcode": ""}, {"postcode": "E1 9TH", "x_m": 537_149.0}),
        ({"postcode": "E1 9TH"}, {"postcode": "", "x_m": 536_901.0}),
        ({"wkb": box(0, 10)}, {"wkb": box(5, 15), "postcode": "E1 9TH"}),
        ({"wkb": shapely.to_wkb(shapely.Polygon())}, {"wkb": shapely.to_wkb(shapely.Polygon()), "postcode": "E1 9TH"}),
    ],
)
def test_what_could_be_paired_is_reached(new: dict[str, object], old: dict[str, object]) -> None:
    assert reached(new, old)


@pytest.mark.parametrize(
    ("new", "old"),
    [
        ({}, {"postcode": "SE6 5AB"}),
        ({}, {"postcode": "E1 9TH", "x_m": 537_001.0}),
        ({"uprn": "7"}, {"uprn": "8", "postcode": "E1 9TH"}),
        ({"postcode": ""}, {"postcode": "E1 9TH", "x_m": 537_900.0}),
        ({"postcode": ""}, {"postcode": "", "x_m": np.nan}),
        ({"wkb": box(0, 10)}, {"wkb": box(11, 15), "postcode": "E1 9TH"}),
    ],
)
def test_what_could_not_be_paired_is_left_aside(new: dict[str, object], old: dict[str, object]) -> None:
    assert not reached(new, old)


def test_nothing_is_reached_where_nothing_is_new() -> None:
    assert not links({}, {}).reached(np.zeros(2, dtype=bool)).any()


def test_parts_joined_are_the_whole() -> None:
    rows = [{}, {"wkb": box(0, 10)}, {"postcode": "", "x_m": np.nan}, {"uprn": "7"}, {"wkb": box(5, 15)}]
    whole, parted = links(*rows), Links.joined([links(*rows[:2]), links(*rows[2:4]), links(*rows[4:])])
    for name in ("uprn", "sector", "cell", "has_place", "has_postcode", "outlined", "box"):
        np.testing.assert_array_equal(getattr(parted, name), getattr(whole, name))
    assert not len(Links.joined([]).uprn)


def test_new_rows_are_divided_among_neighbours() -> None:
    east, west = {"postcode": "E1 9TH", "x_m": 545_000.0}, {"postcode": "TW1 3AA", "x_m": 515_000.0}
    is_new = np.array([True, True, True, False, True])
    parts = [np.flatnonzero(part).tolist() for part in links(east, west, east, west, west).parts(is_new, 2)]
    assert parts == [[1, 4], [0, 2]]
    assert [part.tolist() for part in links(east).parts(np.array([True]), 2)] == [[True]]
