from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely

from atlas.geo.estate.match.reach import within_reach

PLACE = {"uprn": "", "postcode": "SE6 4RU", "x_m": 537_000.0, "y_m": 175_000.0, "wkb": None}


def reached(new: dict[str, object], old: dict[str, object]) -> bool:
    return bool(within_reach(pd.DataFrame([PLACE | new, PLACE | old]), np.array([True, False]))[1])


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
    assert not within_reach(pd.DataFrame([PLACE, PLACE]), np.zeros(2, dtype=bool)).any()
