"""Rows of a register held against each other."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from atlas.geo.estate.placing.borders import Borders
from atlas.geo.estate.placing.peers import Peers
from atlas.geo.estate.placing.place import Placed, PlacingContext, place
from atlas.sources import embedded
from atlas.sources.postcodes import PostcodeBook

NO_POSTCODES = pd.DataFrame({"lad": [], "easting_m": [], "northing_m": []}, index=pd.Index([], dtype="str"))

Place = tuple[float, float, dict[str, str]]


def doubts(places: list[Place], chunk: int = 1_000, placed_by: str = "coordinates") -> list[tuple[int, str]]:
    peers = Peers()
    for start in range(0, len(places), chunk):
        part = places[start : start + chunk]
        index = range(start + 2, start + 2 + len(part))
        frame = pd.DataFrame({"x_m": [x for x, _, _ in part], "y_m": [y for _, y, _ in part]}, index=index, dtype=float)
        peers.add(frame.assign(placed_by=placed_by), pd.DataFrame([text for *_, text in part], index=index).fillna(""))
    found = peers.doubts()
    return list(zip(found["row"], found["code"], strict=True))


def ward(name: str, x_m: float, y_m: float, size: int = 8) -> list[Place]:
    return [
        (x_m + 120 * each, y_m + 90 * (each % 3), {"ward": name, "street": f"{each} Road {each}"})
        for each in range(size)
    ]


def test_two_places_in_two_streets_at_one_point_are_doubted() -> None:
    rows: list[Place] = [
        (537_000, 175_000, {"street": "6 Mantle Road"}),
        (537_000, 175_000, {"street": "260 Reigate Road"}),
    ]
    assert doubts(rows) == [(2, "same_place"), (3, "same_place")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"street": "1 High Street"}, {"street": "99 High Street"}),
        ({"street": "1 Mantle Road", "postcode": "SE4 2DU"}, {"street": "Endwell Road", "postcode": "SE4 2DU"}),
        ({"name": "Riverdale House"}, {"name": "Riverdale car park", "street": "Molesworth Street"}),
        ({"street": "1 Mantle Road"}, {"name": "Unit 4"}),
        ({"street": "1 Mantle Road"}, {}),
    ],
)
def test_parts_of_one_place_at_one_point_are_no_fault(one: dict[str, str], other: dict[str, str]) -> None:
    assert doubts([(537_000, 175_000, one), (537_000, 175_000, other)]) == []


def test_of_two_rows_at_one_point_only_the_one_away_from_its_ward_is_doubted() -> None:
    rows = [*ward("Brockley", 536_000, 175_000), *ward("Whitefoot", 539_000, 172_000)]
    rows += [(536_100, 175_050, {"ward": "Brockley", "street": "6 Mantle Road"})]
    rows += [(536_100, 175_050, {"ward": "Whitefoot", "street": "260 Reigate Avenue"})]
    assert (19, "same_place") in doubts(rows)
    assert 18 not in dict(doubts(rows))


def test_a_row_far_from_its_ward_among_those_of_another_is_doubted() -> None:
    stray: Place = (539_200, 172_050, {"ward": "Brockley", "street": "9 Other Road"})
    rows = [*ward("Brockley", 536_000, 175_000), *ward("Whitefoot", 539_000, 172_000), stray]
    assert doubts(rows) == [(18, "far_from_peers")]


def test_the_last_house_of_a_wide_ward_is_no_fault() -> None:
    outlier: Place = (533_000, 175_000, {"ward": "Brockley", "street": "9 Other Road"})
    assert doubts([*ward("Brockley", 536_000, 175_000), *ward("Whitefoot", 539_000, 172_000), outlier]) == []


def test_too_few_peers_say_nothing() -> None:
    stray: Place = (539_200, 172_050, {"ward": "Brockley", "street": "9 Other Road"})
    assert doubts([*ward("Brockley", 536_000, 175_000, 2), *ward("Whitefoot", 539_000, 172_000), stray]) == []


def test_a_row_far_from_the_others_of_its_street_in_the_ward_is_doubted() -> None:
    street = [
        (536_000.0 + 50 * each, 175_000.0, {"ward": "Brockley", "street": f"{each} Mantle Road"}) for each in range(5)
    ]
    stray: Place = (538_000, 175_000, {"ward": "Brockley", "street": "77 Mantle Road"})
    assert doubts([*street, stray]) == [(7, "far_from_peers")]


def test_chunks_make_no_difference() -> None:
    stray: Place = (539_200, 172_050, {"ward": "Brockley", "street": "9 Other Road"})
    rows = [*ward("Brockley", 536_000, 175_000), *ward("Whitefoot", 539_000, 172_000), stray, rows_twin()]
    assert doubts(rows, chunk=3) == doubts(rows)


def rows_twin() -> Place:
    return (539_200, 172_050, {"ward": "Whitefoot", "street": "5 Reigate Avenue"})


def test_rows_without_a_place_of_their_own_do_not_count() -> None:
    rows: list[Place] = [
        (537_000, 175_000, {"street": "6 Mantle Road"}),
        (537_000, 175_000, {"street": "260 Reigate Road"}),
    ]
    assert doubts(rows, placed_by="postcode") == []
    assert Peers().doubts().empty


@pytest.fixture(scope="module")
def boroughs() -> gpd.GeoDataFrame:
    return embedded.read_areas().boroughs


def test_lewishams_register_has_exactly_its_three_known_faults(shared: Path, boroughs: gpd.GeoDataFrame) -> None:
    file = shared / "registers" / "lewisham_brownfield_register_2017.csv"
    table = pd.read_csv(file, encoding="cp1252", dtype=str, keep_default_na=False)
    columns = {
        "GeoX": "x",
        "GeoY": "y",
        "CoordinateReferenceSystem": "crs",
        "SiteNameAddress": "street",
        "PA2Ward": "ward",
    }
    fields = table.set_index("SiteReference")[list(columns)].rename(columns=columns)
    west, south, east, north = boroughs.loc["E09000023"].geometry.bounds
    around = (west - 500, south - 500, east + 500, north + 500)
    borders = Borders(boroughs, lambda: PostcodeBook().around_london(around))
    context = PlacingContext(NO_POSTCODES, None, boroughs, "E09000023", borders)
    result, peers = place(fields, None, context), Peers()
    peers.add(result.frame, fields)
    assert found(result, peers) == {
        "EV011": "outside_borough",
        "LC005": "far_from_peers",
        "WF003": "same_place",
    }
    assert "Mantle Road" in peers.doubts().set_index("row").loc["WF003", "why"]


def found(result: Placed, peers: Peers) -> dict[str, str]:
    whole = pd.concat([result.findings, peers.doubts()])
    return dict(sorted(zip(whole["row"], whole["code"], strict=True)))


def test_cheltenhams_shops_at_one_point_are_no_fault(shared: Path, boroughs: gpd.GeoDataFrame) -> None:
    table = pd.read_csv(
        shared / "registers" / "cheltenham_2021.csv", encoding="cp1252", dtype=str, keep_default_na=False
    )
    columns = {"GeoX": "x", "GeoY": "y", "PropertyName": "name", "StreetName": "street", "PostCode": "postcode"}
    fields = table[list(columns)].rename(columns=columns)
    fields["postcode"] = fields["postcode"].str.strip()
    result, peers = place(fields, None, PlacingContext(NO_POSTCODES, None, boroughs)), Peers()
    peers.add(result.frame, fields)
    assert result.frame["placed_by"].value_counts().to_dict() == {"coordinates": 497, "nowhere": 1}
    assert peers.doubts().empty
