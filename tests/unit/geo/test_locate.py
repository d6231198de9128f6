from __future__ import annotations

import pandas as pd
import pytest

from atlas.geo.locate import SITE_COLUMNS, check_positions, check_sites, site_frame
from atlas.records import Site
from atlas.vocabulary import PositionBasis
from tests.toy import EAST, WEST, X0, Y0, toy_areaset, toy_partnerships

POSTCODES = pd.DataFrame(
    {"lad": [WEST], "easting_m": [X0 + 100.0], "northing_m": [Y0 + 100.0]}, index=pd.Index(["E1 1BJ"], name="postcode")
)
BOROUGHS = toy_areaset().boroughs.index


def site(**fields: object) -> Site:
    return toy_partnerships().sites[0].model_copy(update=fields)


def test_sites_carry_their_institution_and_stand_where_stated() -> None:
    frame = site_frame(toy_partnerships(), pd.DataFrame(), BOROUGHS)
    assert tuple(frame.columns) == (*SITE_COLUMNS, "geometry")
    row = frame.loc["site:council"]
    assert (row["institution_name"], row["sector"], row["in_london"]) == ("West Council", "council", True)
    assert (row.geometry.x, row.geometry.y) == (row["x_m"], row["y_m"]) == (X0 + 1_500, Y0 + 500)


def test_a_site_without_coordinates_takes_its_postcodes() -> None:
    moved = toy_partnerships().model_copy(update={"sites": (site(easting_m=None, northing_m=None),)})
    frame = site_frame(moved, POSTCODES, BOROUGHS)
    assert list(frame["x_m"]) == [X0 + 100.0]


def test_a_site_of_no_anchor_is_no_supply() -> None:
    toy = toy_partnerships()
    others = tuple(i.model_copy(update={"is_anchor": False}) for i in toy.institutions)
    assert site_frame(toy.model_copy(update={"institutions": others}), pd.DataFrame(), BOROUGHS).empty


@pytest.mark.parametrize(
    ("fields", "column"),
    [
        ({"postcode": "E1 9ZZ"}, "postcode"),
        ({"borough": EAST}, "borough"),
        ({"easting_m": X0 + 5_000}, "easting_m"),
        ({"position": PositionBasis.POSTCODE, "easting_m": X0 + 110, "northing_m": Y0 + 100}, "easting_m"),
    ],
)
def test_a_site_off_its_postcode_is_named(fields: dict[str, object], column: str) -> None:
    near = {"easting_m": X0 + 100, "northing_m": Y0 + 100}
    faults = check_sites([(7, site(**{**near, **fields}))], POSTCODES, {WEST: "West"})
    assert [(fault.file, fault.row, fault.column) for fault in faults] == [("sites.csv", 7, column)]


def test_a_site_on_its_postcode_is_well() -> None:
    fields = {"easting_m": X0 + 100, "northing_m": Y0 + 100, "position": PositionBasis.POSTCODE}
    assert list(check_sites([(2, site(**fields))], POSTCODES, {})) == []


@pytest.mark.parametrize(
    ("fields", "column"),
    [
        ({"easting_m": Y0, "northing_m": X0}, "easting_m"),
        ({"easting_m": X0 + 6_000}, "easting_m"),
        ({"borough": "E07000001", "easting_m": Y0, "northing_m": X0}, "easting_m"),
        ({"easting_m": None, "northing_m": None, "postcode": "E1 9ZZ"}, "postcode"),
    ],
)
def test_a_site_that_stands_elsewhere_is_named(fields: dict[str, object], column: str) -> None:
    faults = check_positions([(7, site(**fields))], POSTCODES, toy_areaset().boroughs)
    assert [(fault.file, fault.row, fault.column) for fault in faults] == [("sites.csv", 7, column)]


def test_sites_in_and_around_london_are_well() -> None:
    around = site(borough="E07000001", easting_m=X0 - 3_000)
    unplaced = site(easting_m=None, northing_m=None)
    rows = [(2, site()), (3, around), (4, unplaced)]
    assert list(check_positions(rows, POSTCODES, toy_areaset().boroughs)) == []
