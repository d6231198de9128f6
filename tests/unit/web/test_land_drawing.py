"""A drawing's ground: the same corner for London and for a borough, and paths within the metres that are said."""

from __future__ import annotations

import re

import pytest
import shapely

from atlas.settings import Settings
from atlas.vocabulary import Release
from tests.toy import EAST, toy_areaset, toy_atlas
from web import create_app
from web.land_drawing import UNIT_M, Ground, land_path
from web.visit import House, house


@pytest.fixture
def held() -> House:
    with create_app(Settings(), toy_atlas()).app_context():
        return house()


def points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path)]


def test_a_borough_is_drawn_in_londons_units_within_its_own_frame(held: House) -> None:
    london, east = Ground.of(held, Release.ESTIMATE), Ground.of(held, Release.ESTIMATE, EAST)
    assert (london.west, london.north) == (east.west, east.north)
    boroughs = toy_areaset().boroughs
    left, bottom, right, top = boroughs.loc[[EAST]].total_bounds
    x, y, width, height = map(float, east.box.split())
    corners = [east.at(left, top), east.at(right, bottom)]
    assert all(x < across < x + width and y < down < y + height for across, down in corners)
    assert width < float(london.box.split()[2])
    assert east.size < london.size


def test_a_path_has_the_corners_of_its_shape_y_downwards(held: House) -> None:
    ground = Ground.of(held, Release.ESTIMATE)
    shape = shapely.MultiPolygon(
        [
            shapely.Polygon(
                [(0, 0), (400, 0), (400, 400), (0, 400)], holes=[[(100, 100), (200, 100), (200, 200), (100, 200)]]
            ),
            shapely.box(1_000, 1_000, 1_200, 1_300),
        ]
    )
    path = ground.path(shape)
    assert path.count("M") == path.count("Z") == 3
    assert set(points(path)) == {
        ((x - ground.west) / UNIT_M, (ground.north - y) / UNIT_M) for x, y in shapely.get_coordinates(shape).tolist()
    }


def test_neighbours_keep_one_border() -> None:
    areaset = toy_areaset()
    border = shapely.intersection(*areaset.boroughs.geometry.to_list()[:2])
    west, _, _, north = areaset.boroughs.total_bounds
    ends = {((x - west) / UNIT_M, (north - y) / UNIT_M) for x, y in shapely.get_coordinates(border).tolist()}
    rings = [set(points(ring)) for ring in land_path(areaset, 50.0).split("Z") if ring]
    assert sum(ends & ring != set() for ring in rings) >= 2
