from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from shapely import Point

from atlas.errors import QueryError
from atlas.geo.crs import BNG, WGS84, points_to_bng, points_to_wgs84, to_bng, to_wgs84

# Ordnance Survey, "A guide to coordinate systems in Great Britain": Caister water tower
CAISTER_BNG = (651409.9, 313177.3)
CAISTER_WGS84 = (1.716074, 52.657977)


def test_points_go_to_the_grid() -> None:
    x_m, y_m = points_to_bng([CAISTER_WGS84[0]], [CAISTER_WGS84[1]])
    assert (x_m[0], y_m[0]) == pytest.approx(CAISTER_BNG, abs=5)


def test_points_go_there_and_back() -> None:
    x_m, y_m = np.array([503000.0, 562000.0]), np.array([155000.0, 201000.0])
    there = points_to_wgs84(x_m, y_m)
    back = points_to_bng(*there)
    assert back[0] == pytest.approx(x_m, abs=0.01)
    assert back[1] == pytest.approx(y_m, abs=0.01)
    assert x_m.tolist() == [503000.0, 562000.0]


def test_no_points_are_no_points() -> None:
    x_m, y_m = points_to_bng([], [])
    assert x_m.size == y_m.size == 0


def test_a_point_off_the_globe_has_no_place_on_the_grid() -> None:
    x_m, _ = points_to_bng([0.0], [123.0])
    assert not np.isfinite(x_m[0])


def test_frames_and_arrays_agree() -> None:
    frame = gpd.GeoDataFrame({"name": ["Caister"]}, geometry=[Point(CAISTER_BNG)], index=["a"], crs=BNG)
    moved = to_wgs84(frame)
    longitude, latitude = points_to_wgs84([CAISTER_BNG[0]], [CAISTER_BNG[1]])
    assert (moved.geometry.x["a"], moved.geometry.y["a"]) == pytest.approx((longitude[0], latitude[0]))
    assert moved.crs == WGS84
    assert frame.crs == BNG


def test_what_is_on_the_grid_already_stays_where_it_is() -> None:
    series = gpd.GeoSeries([Point(CAISTER_BNG)], crs=BNG)
    assert to_bng(series).iloc[0].equals(series.iloc[0])


@pytest.mark.parametrize("move", [to_bng, to_wgs84])
def test_geometries_without_a_coordinate_system_are_refused(move: object) -> None:
    assert callable(move)
    with pytest.raises(QueryError, match="no coordinate system"):
        move(gpd.GeoSeries([Point(0, 0)]))
