from __future__ import annotations

import pandas as pd
import pytest

from atlas.errors import NotFoundError
from atlas.geo.estate.match import CONFLICT_COLUMNS, conflicts

ROWS = pd.DataFrame(
    {
        "partner": ["institution:a", "institution:b"],
        "register": ["land", "estate"],
        "as_of": ["2021-04-01", "2023-06-30"],
    },
    index=["asset:land-1", "asset:estate-2"],
)


def is_conflict(**values: list[object]) -> bool:
    (name,) = [name for name in values if name not in {"y_m", "placed_by"}]
    found = conflicts(ROWS.assign(**values), list(ROWS.index))
    field = "position" if name == "x_m" else name
    return bool(found.loc[found["field"] == field, "is_conflict"].any())


def test_values_stand_side_by_side_with_their_register_partner_and_date() -> None:
    found = conflicts(ROWS.assign(name=["Town Hall", "Civic Suite"]), ["asset:estate-2", "asset:land-1"])
    assert tuple(found.columns) == CONFLICT_COLUMNS
    assert found.iloc[:2].to_numpy().tolist() == [
        ["name", "Name", "", "asset:estate-2", "institution:b", "estate", "2023-06-30", "Civic Suite", False, True],
        ["name", "Name", "", "asset:land-1", "institution:a", "land", "2021-04-01", "Town Hall", False, True],
    ]


@pytest.mark.parametrize(
    "values",
    [
        {"name": ["Town Hall", "TOWN  HALL"]},
        {"name": ["Children's Centre", "Childrens Ctr"]},
        {"name": ["Town Hall", ""]},
        {"street": ["27 High Street", "High St"]},
        {"use": ["unknown", "office"]},
        {"tenure": ["freehold", "leasehold"]},
        {"organisation": ["Council", "Trust"]},
        {"occupier": ["Council", "Trust"]},
        {"land_ha": [1.0, 1.009]},
        {"land_ha": [0.01, 0.0149]},
        {"land_ha": [float("nan"), 2.0]},
        {"floor_m2": [100.0, 149.0]},
        {"x_m": [0.0, 90.0], "y_m": [0.0, 0.0]},
        {"x_m": [0.0, 900.0], "y_m": [0.0, 0.0], "placed_by": ["postcode", "coordinates"]},
    ],
)
def test_values_that_agree_or_are_not_said_or_are_interests_do_not_conflict(values: dict[str, list[object]]) -> None:
    assert not is_conflict(**values)


@pytest.mark.parametrize(
    "values",
    [
        {"name": ["Town Hall", "Civic Suite"]},
        {"street": ["27 High Street", "27 Low Street"]},
        {"use": ["library", "office"]},
        {"uprn": ["7", "8"]},
        {"land_ha": [1.0, 1.02]},
        {"land_ha": [0.01, 0.016]},
        {"floor_m2": [100.0, 151.0]},
        {"x_m": [0.0, 110.0], "y_m": [0.0, 0.0]},
    ],
)
def test_values_that_differ_conflict(values: dict[str, list[object]]) -> None:
    assert is_conflict(**values)


def test_a_field_of_which_nobody_says_anything_is_left_out() -> None:
    assert "status" not in set(conflicts(ROWS.assign(status=["unknown", ""]), list(ROWS.index))["field"])


def test_an_asset_that_is_not_there_is_named() -> None:
    with pytest.raises(NotFoundError, match="asset:land-9"):
        conflicts(ROWS, ["asset:land-1", "asset:land-9"])
