from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from shapely import box

from atlas.errors import Faults, QueryError
from atlas.geo.areas import check_areas, dissolve, inside_points, surroundings_within
from atlas.geo.crs import BNG, WGS84

HORSESHOE = shapely.from_wkt("POLYGON ((0 0, 9 0, 9 9, 8 9, 8 1, 1 1, 1 9, 0 9, 0 0))")
BOW_TIE = shapely.from_wkt("POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))")
RING = box(0, 0, 9, 9).difference(box(1, 1, 8, 8))


def areas(*shapes: shapely.Geometry | None, **columns: list[object]) -> gpd.GeoDataFrame:
    codes = [f"E0100000{number}" for number in range(1, len(shapes) + 1)]
    return gpd.GeoDataFrame(columns, geometry=list(shapes), index=pd.Index(codes, name="lsoa"), crs=BNG)


def problems(frame: gpd.GeoDataFrame) -> list[tuple[str, int | None, str | None, object]]:
    faults = Faults()
    check_areas(frame, "areas.parquet", faults)
    assert {fault.file for fault in faults} <= {"areas.parquet"}
    return [(fault.severity, fault.row, fault.column, fault.value) for fault in faults]


def test_the_centroid_is_taken_where_it_lies_inside() -> None:
    points = inside_points(areas(box(0, 0, 2, 4)).geometry)
    assert points.loc["E01000001"].to_dict() == {"x_m": 1.0, "y_m": 2.0}


@pytest.mark.parametrize(
    "shape", [HORSESHOE, RING, shapely.MultiPolygon([box(0, 0, 1, 1), box(8, 8, 9, 9)]), box(0, 0, 1, 1)]
)
def test_the_point_lies_inside_whatever_the_shape(shape: shapely.Geometry) -> None:
    points = inside_points(areas(shape).geometry)
    assert shape.contains(shapely.Point(points.loc["E01000001"]))


def test_points_keep_the_index_and_the_argument() -> None:
    frame = areas(HORSESHOE, box(0, 0, 1, 1))
    before = frame.copy()
    assert inside_points(frame.geometry).index.equals(frame.index)
    assert frame.equals(before)


def test_areas_dissolve_into_larger_ones() -> None:
    frame = areas(box(0, 0, 1, 1), box(1, 0, 2, 1), box(2, 0, 3, 1), lad=["B", "A", "A"])
    larger = dissolve(frame, "lad")
    assert larger.index.tolist() == ["A", "B"]
    assert larger.crs == BNG
    assert larger.geometry["A"].equals(box(1, 0, 3, 1))
    assert larger.geometry["B"].equals(box(0, 0, 1, 1))


def test_overlapping_neighbours_dissolve_too() -> None:
    frame = areas(box(0, 0, 2, 1), box(1, 0, 3, 1), lad=["A", "A"])
    assert dissolve(frame, "lad").geometry["A"].equals(box(0, 0, 3, 1))


def test_there_must_be_a_column_to_dissolve_by() -> None:
    with pytest.raises(QueryError, match=r"'msoa'.*only lad, geometry"):
        dissolve(areas(box(0, 0, 1, 1), lad=["A"]), "msoa")


@pytest.mark.parametrize(("distance_m", "expected"), [(0, []), (9, ["E01000001"]), (90, ["E01000001", "E01000002"])])
def test_surroundings_are_those_whose_point_is_within_reach(distance_m: float, expected: list[str]) -> None:
    outside = areas(box(18, 0, 20, 2), box(98, 0, 100, 2), population=[1500, 1600], lad=["X", "Y"])
    near = surroundings_within(outside, box(0, 0, 10, 10), distance_m)
    assert near.index.tolist() == expected
    assert near.columns.tolist() == ["population", "x_m", "y_m", "lad"]


def test_the_distance_must_not_be_negative() -> None:
    with pytest.raises(QueryError, match="0 m or more, not -1"):
        surroundings_within(areas(box(0, 0, 1, 1), population=[1], lad=["X"]), box(0, 0, 1, 1), -1)


def test_sound_areas_have_no_faults() -> None:
    assert problems(areas(box(0, 0, 1, 1), HORSESHOE, population=[1200, 1500])) == []


def test_areas_need_no_population() -> None:
    assert problems(areas(box(0, 0, 1, 1))) == []


def test_a_code_that_occurs_twice_is_named() -> None:
    frame = areas(box(0, 0, 1, 1), box(1, 0, 2, 1))
    frame.index = pd.Index(["E01000001", "E01000001"], name="lsoa")
    assert problems(frame) == [("error", 3, "lsoa", "E01000001")]


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        (None, None),
        (shapely.Polygon(), None),
        (BOW_TIE, "Self-intersection[1 1]"),
        (shapely.LineString([(0, 0), (1, 1)]), "LineString"),
        (shapely.Point(0, 0), "Point"),
    ],
)
def test_an_unusable_geometry_is_named(shape: shapely.Geometry | None, value: object) -> None:
    assert problems(areas(box(0, 0, 1, 1), shape)) == [("error", 3, "geometry", value)]


def test_an_area_where_nobody_lives_is_a_warning() -> None:
    assert problems(areas(box(0, 0, 1, 1), population=[0])) == [("warning", 2, "population", 0)]


@pytest.mark.parametrize(("population", "value"), [(None, None), (-5, -5), ("many", "many")])
def test_a_population_must_be_a_number_of_people(population: object, value: object) -> None:
    assert problems(areas(box(0, 0, 1, 1), population=[population])) == [("error", 2, "population", value)]


def test_a_value_is_shown_as_it_stands_in_the_file() -> None:
    faults = Faults()
    check_areas(areas(box(0, 0, 1, 1), population=[-5]), "areas.parquet", faults)
    assert "found -5," in str(faults.found[0])


@pytest.mark.parametrize(("crs", "value"), [(WGS84, "EPSG:4326"), (None, "none")])
def test_another_coordinate_system_is_named(crs: str | None, value: str) -> None:
    frame = gpd.GeoDataFrame(geometry=[box(0, 51, 1, 52)], index=["E01000001"], crs=crs)
    assert problems(frame) == [("error", None, "geometry", value)]


def test_a_table_without_areas_is_an_error() -> None:
    assert problems(areas()) == [("error", None, None, None)]


def test_every_fault_is_found_in_one_go() -> None:
    frame = areas(box(0, 0, 1, 1), BOW_TIE, None, population=[0, 10, -1])
    assert [row for _, row, _, _ in problems(frame)] == [3, 4, 2, 4]
