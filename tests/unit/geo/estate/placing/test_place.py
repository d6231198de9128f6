"""Where rows of a register are placed, what is mended on the way and what is left in doubt."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from atlas.geo.crs import BNG, points_to_wgs84
from atlas.geo.estate.model import FINDING_COLUMNS
from atlas.geo.estate.placing.borders import Borders
from atlas.geo.estate.placing.place import Placed, PlacingContext, place

LEWISHAM, GREENWICH = "E09000023", "E09000011"
BOROUGHS = gpd.GeoDataFrame(
    {"name": ["Lewisham", "Greenwich"]},
    index=[LEWISHAM, GREENWICH],
    geometry=[shapely.box(530_000, 170_000, 540_000, 180_000), shapely.box(540_000, 170_000, 550_000, 180_000)],
    crs=BNG,
)
POSTCODES = pd.DataFrame(
    {"lad": [LEWISHAM, GREENWICH], "easting_m": [537_700.0, 545_000.0], "northing_m": [175_800.0, 175_000.0]},
    index=["SE13 6AA", "SE9 1AA"],
)
UPRNS = pd.DataFrame({"easting_m": [537_710.0], "northing_m": [175_810.0]}, index=["100023"])
CONTEXT = PlacingContext(POSTCODES, UPRNS, BOROUGHS)
AT_HOME = PlacingContext(POSTCODES, UPRNS, BOROUGHS, LEWISHAM)

Row = dict[str, str]


def placed(rows: Sequence[Row], context: PlacingContext = CONTEXT, geometry: Sequence[object] | None = None) -> Placed:
    fields = pd.DataFrame(list(rows), index=range(2, len(rows) + 2), dtype="str").fillna("")
    shapes = None if geometry is None else gpd.GeoSeries(list(geometry), index=fields.index, crs=BNG)
    return place(fields, shapes, context)


def codes(found: Placed, row: int = 2) -> list[str]:
    return [str(code) for code in found.findings.loc[found.findings["row"] == row, "code"]]


def first(found: Placed) -> tuple[float, float, str]:
    row = found.frame.iloc[0]
    return float(row["x_m"]), float(row["y_m"]), str(row["placed_by"])


def degrees(x_m: float, y_m: float) -> tuple[str, str]:
    longitude, latitude = points_to_wgs84([x_m], [y_m])
    return f"{longitude[0]:.7f}", f"{latitude[0]:.7f}"


LON, LAT = degrees(537_700, 175_800)


@pytest.mark.parametrize(
    ("row", "repairs"),
    [
        ({"x": "537700", "y": "175800"}, []),
        ({"x": "537700", "y": "175800", "crs": "OSGB36"}, []),
        ({"x": LON, "y": LAT, "crs": "ETRS89"}, []),
        ({"x": LON, "y": LAT}, []),
        ({"x": LON, "y": LAT, "crs": "OSGB36"}, ["mislabelled"]),
        ({"x": "537700", "y": "175800", "crs": "WGS84"}, ["mislabelled"]),
        ({"x": LAT, "y": LON, "crs": "WGS84"}, ["swapped"]),
        ({"x": LAT, "y": LON, "crs": "OSGB36"}, ["swapped", "mislabelled"]),
        ({"x": "175800", "y": "537700"}, ["swapped"]),
        ({"x": "537.7", "y": "175.8"}, ["kilometres"]),
        ({"x": "53770000", "y": "17580000"}, ["centimetres"]),
        ({"x": "537,700", "y": "175,800"}, ["separators"]),
        ({"x": "537700, 175800"}, ["both_in_one"]),
        ({"x": f"{LAT}, {LON}"}, ["both_in_one", "swapped"]),
        ({"x": "TQ 37700 75800"}, ["grid_reference"]),
        ({"grid_reference": "TQ 37700 75800"}, []),
        ({"x": "0", "y": "0", "grid_reference": "TQ3770075800"}, ["placeholder"]),
    ],
)
def test_coordinates_are_told_by_their_values_and_each_repair_is_recorded(row: Row, repairs: list[str]) -> None:
    found = placed([row])
    x_m, y_m, _ = first(found)
    assert codes(found) == repairs
    assert (x_m, y_m) == (pytest.approx(537_700, abs=2), pytest.approx(175_800, abs=2))
    assert found.frame["lad"].tolist() == [LEWISHAM]


def test_web_mercator_is_converted() -> None:
    point = gpd.GeoSeries.from_xy([537_700], [175_800], crs=BNG).to_crs(3857)
    row = {"x": f"{point.x.iloc[0]:.2f}", "y": f"{point.y.iloc[0]:.2f}"}
    found = placed([row, row | {"crs": "EPSG:3857"}])
    assert first(found)[:2] == (pytest.approx(537_700, abs=2), pytest.approx(175_800, abs=2))
    assert (codes(found, 2), codes(found, 3)) == (["web_mercator"], [])


def test_a_repair_says_from_what_to_what_and_why() -> None:
    finding = placed([{"x": "175800", "y": "537700"}]).findings.iloc[0]
    assert list(finding.index) == list(FINDING_COLUMNS)
    assert finding.to_dict() == {
        "row": 2,
        "column": "",
        "field": "x, y",
        "kind": "repair",
        "code": "swapped",
        "before": "175800, 537700",
        "after": "537700, 175800",
        "why": "easting and northing in each other's place",
    }


def test_the_postcode_decides_which_of_two_orders_is_meant() -> None:
    postcodes = pd.DataFrame({"lad": [""], "easting_m": [412_600.0], "northing_m": [389_500.0]}, index=["M1 1AA"])
    context = PlacingContext(postcodes, None, BOROUGHS)
    found = placed([{"x": "389547", "y": "412564", "postcode": "M1 1AA"}, {"x": "389547", "y": "412564"}], context)
    assert found.frame["x_m"].tolist() == [412_564.0, 389_547.0]
    assert (codes(found, 2), codes(found, 3)) == (["swapped"], [])


def test_most_other_rows_decide_which_of_two_orders_is_meant() -> None:
    others = [{"x": str(389_000 + 100 * each), "y": "412000"} for each in range(9)]
    found = placed([{"x": "412564", "y": "389547"}, *others])
    assert first(found)[:2] == (389_547.0, 412_564.0)
    assert set(found.findings["row"]) == {2}


def test_an_order_that_puts_a_row_far_from_all_others_is_not_taken() -> None:
    others = [{"x": str(537_000 + each), "y": "175000"} for each in range(9)]
    found = placed([{"x": "53000", "y": "180000"}, *others])
    assert first(found)[2] == "nowhere"
    assert codes(found) == ["uncertain", "no_place"]


@pytest.mark.parametrize("evidence", [{"postcode": "SE13 6AA"}, {"borough": "London Borough of Lewisham"}])
def test_a_lost_minus_is_put_back_where_postcode_or_borough_say_so(evidence: Row) -> None:
    row = {"x": LON.removeprefix("-"), "y": LAT} | evidence
    found = placed([row, row | {"x": row["y"], "y": row["x"]}])
    assert found.frame["x_m"].to_numpy() == pytest.approx(537_700, abs=2)
    assert codes(found, 2) == ["sign_lost"]
    assert sorted(codes(found, 3)) == ["sign_lost", "swapped"]


def test_a_minus_that_only_the_partners_borough_misses_is_a_doubt() -> None:
    found = placed([{"x": LON.removeprefix("-"), "y": LAT}], AT_HOME)
    assert first(found)[0] > 540_000
    assert codes(found) == ["sign_doubtful", "outside_borough"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"x": "0", "y": "0"}, "placeholder"),
        ({"x": "1", "y": "1"}, "placeholder"),
        ({"x": "537700", "y": ""}, "half_a_pair"),
        ({"x": "", "y": "175800"}, "half_a_pair"),
        ({"x": "537700", "y": "?"}, "half_a_pair"),
        ({"x": "see plan", "y": ""}, "unreadable"),
        ({"grid_reference": "behind the church"}, "unreadable"),
        ({"x": "390190", "y": "41554"}, "outside_britain"),
        ({"x": "2.35", "y": "48.85"}, "outside_britain"),
        ({"x": "3978704", "y": "-2000"}, "geocentric"),
    ],
)
def test_coordinates_that_cannot_be_used_are_a_doubt_and_the_postcode_is_used(row: Row, code: str) -> None:
    postcode = {"postcode": "SE13 6AA"} if code != "geocentric" else {}
    found = placed([row | postcode])
    assert codes(found) == [code, "placed_by_postcode" if postcode else "no_place"]
    assert first(found)[2] == ("postcode" if postcode else "nowhere")


def test_geocentric_numbers_are_used_where_the_borough_bears_them_out() -> None:
    found = placed([{"x": "3980500", "y": "-1400", "borough": "Lewisham"}])
    assert codes(found) == ["geocentric"]
    assert first(found)[0] == pytest.approx(538_000, abs=500)


def test_what_has_no_coordinates_is_placed_by_uprn_then_by_postcode_then_nowhere() -> None:
    found = placed(
        [
            {"uprn": "100023", "postcode": "SE13 6AA"},
            {"uprn": "9", "postcode": "SE13 6AA"},
            {"uprn": "9"},
            {"name": "Depot"},
        ]
    )
    assert found.frame["placed_by"].tolist() == ["uprn", "postcode", "nowhere", "nowhere"]
    assert found.findings["code"].tolist() == ["placed_by_uprn", "placed_by_postcode", "no_place", "no_place"]
    assert found.findings["kind"].tolist() == ["repair", "repair", "doubt", "doubt"]
    assert found.findings["after"].tolist()[:2] == ["537710, 175810", "537700, 175800"]
    assert found.findings["why"].tolist()[2:] == [
        "no coordinates; UPRN 9 is in no look-up that is loaded; no postcode",
        "no coordinates; no UPRN; no postcode",
    ]


def test_a_place_far_from_its_postcode_is_kept_and_doubted() -> None:
    found = placed([{"x": "537700", "y": "178800", "postcode": "SE13 6AA"}])
    assert first(found) == (537_700.0, 178_800.0, "coordinates")
    assert found.findings[["field", "code", "why"]].to_numpy().tolist() == [
        ["x, y, postcode", "far_from_postcode", "3,000 m from SE13 6AA"]
    ]


def test_a_place_far_from_its_uprn_is_doubted() -> None:
    assert codes(placed([{"x": "531000", "y": "175800", "uprn": "100023"}])) == ["far_from_uprn"]


def test_a_grid_reference_that_is_elsewhere_is_doubted() -> None:
    assert codes(placed([{"x": "537700", "y": "175800", "grid_reference": "TQ 30 75"}])) == ["far_from_grid_reference"]


def test_a_place_outside_the_borough_that_it_states_is_doubted() -> None:
    found = placed(
        [{"x": "540500", "y": "175000", "borough": "Lewisham"}, {"x": "540040", "y": "175000", "borough": "Lewisham"}]
    )
    assert found.findings[["row", "field", "code", "why"]].to_numpy().tolist() == [
        [2, "x, y, borough", "outside_borough", "lies in Greenwich, 500 m outside Lewisham"]
    ]
    assert found.frame["lad"].tolist() == [GREENWICH, GREENWICH]


def test_a_place_outside_the_partners_own_borough_is_doubted_only_where_no_borough_is_stated() -> None:
    there = {"x": "545000", "y": "175000"}
    assert codes(placed([there], AT_HOME)) == ["outside_borough"]
    assert codes(placed([there | {"borough": "Greenwich"}], AT_HOME)) == []
    assert codes(placed([there], CONTEXT)) == []


@pytest.mark.parametrize("side", [535_000.0, 545_000.0])
def test_near_a_border_the_postcodes_around_decide(side: float) -> None:
    lad = LEWISHAM if side < 540_000 else GREENWICH
    around = pd.DataFrame({"lad": [lad] * 9, "easting_m": 539_990.0, "northing_m": 175_000.0 + np.arange(9)})
    borders = Borders(BOROUGHS, lambda: around)
    found = placed([{"x": "539970", "y": "175000"}], PlacingContext(POSTCODES, None, BOROUGHS, LEWISHAM, borders))
    assert found.frame["lad"].tolist() == [lad]
    assert codes(found) == ([] if lad == LEWISHAM else ["outside_borough"])


@pytest.mark.parametrize(
    "name", ["Lewisham", "LEWISHAM", "LB Lewisham", "London Borough of Lewisham", "Lewisham Council", LEWISHAM]
)
def test_boroughs_are_known_by_the_names_that_registers_give_them(name: str) -> None:
    assert codes(placed([{"x": "545000", "y": "175000", "borough": name}])) == ["outside_borough"]


def test_an_outline_is_kept_and_placed_by_a_point_inside() -> None:
    ring = shapely.Polygon([(537_000, 175_000), (537_400, 175_000), (537_400, 175_400), (537_390, 175_010)])
    found = placed([{"x": "537200", "y": "175100", "postcode": "SE13 6AA"}], geometry=[ring])
    x_m, y_m, placed_by = first(found)
    assert placed_by == "shape"
    assert ring.contains(shapely.Point(x_m, y_m))
    assert shapely.from_wkb(found.frame["wkb"].iloc[0]).equals(ring)
    assert codes(found) == []


def test_an_outline_far_from_coordinates_or_postcode_is_doubted() -> None:
    ring = shapely.box(531_000, 171_000, 531_100, 171_100)
    found = placed([{"x": "537700", "y": "175800", "postcode": "SE13 6AA"}], geometry=[ring])
    assert codes(found) == ["far_from_outline", "far_from_postcode"]
    assert found.findings["field"].tolist() == ["x, y, geometry", "geometry, postcode"]


def test_points_are_coordinates_and_no_outlines() -> None:
    found = placed(
        [{}, {}, {}], geometry=[shapely.Point(537_700, 175_800), None, shapely.Point(float(LON), float(LAT))]
    )
    assert found.frame["placed_by"].tolist() == ["coordinates", "nowhere", "coordinates"]
    assert found.frame["wkb"].isna().all()
    assert codes(found, 4) == ["degrees"]
    assert found.frame["x_m"].iloc[2] == pytest.approx(537_700, abs=2)


@pytest.mark.parametrize(("turn", "code"), [(False, "mislabelled"), (True, "swapped")])
def test_an_outline_in_degrees_labelled_british_national_grid_is_converted(turn: bool, code: str) -> None:  # noqa: FBT001
    ring = gpd.GeoSeries([shapely.box(537_000, 175_000, 537_400, 175_400)], crs=BNG).to_crs(4326).iloc[0]
    ring = shapely.transform(ring, lambda xy: xy[:, ::-1]) if turn else ring
    found = placed([{}], geometry=[ring])
    assert codes(found) == [code]
    assert shapely.from_wkb(found.frame["wkb"].iloc[0]).area == pytest.approx(160_000, rel=0.01)


def test_an_outline_that_crosses_itself_is_mended_and_one_at_sea_not_used() -> None:
    bow = shapely.Polygon([(537_000, 175_000), (537_400, 175_400), (537_400, 175_000), (537_000, 175_400)])
    found = placed([{}, {"postcode": "SE13 6AA"}], geometry=[bow, shapely.box(700_000, 50_000, 700_100, 50_100)])
    assert codes(found, 2) == ["mended_outline"]
    assert shapely.from_wkb(found.frame["wkb"].iloc[0]).is_valid
    assert codes(found, 3) == ["outside_britain", "placed_by_postcode"]
    assert found.frame["wkb"].iloc[1] is None


def test_an_empty_register_and_empty_look_ups_are_no_trouble() -> None:
    nothing = pd.DataFrame({"lad": [], "easting_m": [], "northing_m": []}, index=pd.Index([], dtype="str"))
    context = PlacingContext(nothing, None, BOROUGHS.iloc[:0])
    assert len(placed([], context).frame) == 0
    found = placed([{"x": "537700", "y": "175800", "postcode": "SE13 6AA", "borough": "Lewisham"}], context)
    assert found.frame[["placed_by", "lad"]].to_numpy().tolist() == [["coordinates", ""]]


def test_findings_come_in_the_order_of_the_rows() -> None:
    found = placed([{"x": "175800", "y": "537700"}, {}, {"x": "0", "y": "0"}, {"x": LAT, "y": LON, "crs": "OSGB36"}])
    assert found.findings["row"].is_monotonic_increasing
    assert found.findings["row"].tolist() == [2, 3, 4, 4, 5, 5]
