"""What the browser makes of the topology, run in Node: the same places, names and lines."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from atlas.geo.crs import points_to_bng, points_to_wgs84
from atlas.maps.geometry import bounds, topology
from tests.toy import EAST, toy_areaset

OUTSIDE = (-0.5, 51.0)


@pytest.fixture(scope="module")
def made(checkout: Path) -> dict[str, Any]:
    areas = toy_areaset().areas
    longitudes, latitudes = points_to_wgs84(areas["x_m"], areas["y_m"])
    asked = {
        "topology": json.loads(topology(toy_areaset())),
        "points": [*np.column_stack([longitudes, latitudes]).tolist(), OUTSIDE],
        "groups": [int(lad == EAST) for lad in areas["lad"]],
    }
    script = Path(__file__).with_name("shapes.mjs")
    source = checkout / "web" / "static" / "js" / "atlas-shapes.js"
    done = subprocess.run(
        ["node", str(script), str(source)], input=json.dumps(asked), capture_output=True, text=True, check=True
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def lines(path: str, unit: list[float]) -> shapely.MultiLineString:
    """An SVG path of relative lines in British National Grid, metres."""
    zoom, left, top = unit
    world = 256 * 2**zoom
    found = []
    for piece in filter(None, path.split("M")):
        steps = np.array(re.findall(r"-?\d+", piece), dtype=float).reshape(-1, 2).cumsum(axis=0)
        steps += np.array([left, top])
        longitude = (steps[:, 0] / world - 0.5) * 360
        latitude = np.degrees(2 * np.arctan(np.exp((0.5 - steps[:, 1] / world) * 2 * np.pi)) - np.pi / 2)
        found.append(np.column_stack(points_to_bng(longitude, latitude)))
    return shapely.MultiLineString(found)


def test_lines_told_apart_are_those_between_areas_of_different_boroughs(made: dict[str, Any]) -> None:
    for told, found in zip(made["drawn"], (made["borders"], made["between"]), strict=True):
        assert sorted(told.split("M")) == sorted(found.split("M"))
    assert len(set(made["drawn"])) == 2


def test_names_codes_and_boroughs(made: dict[str, Any]) -> None:
    areas = toy_areaset().areas
    wanted = [
        {"code": code, "name": name, "place": place}
        for code, name, place in zip(areas.index, areas["name"], areas["msoa_name"], strict=True)
    ]
    assert made["names"] == wanted
    assert made["boroughs"] == [int(lad == EAST) for lad in areas["lad"]]


def test_a_point_is_in_its_area(made: dict[str, Any]) -> None:
    assert made["found"] == [*range(len(toy_areaset().areas)), -1]


def test_a_border_is_drawn_once_and_where_it_is(made: dict[str, Any]) -> None:
    halves = toy_areaset().boroughs.geometry
    wanted = shapely.union_all([half.boundary for half in halves])
    drawn = lines(made["borders"], made["unit"])
    assert drawn.length == pytest.approx(wanted.length, rel=0.01)
    assert shapely.hausdorff_distance(drawn, wanted) < 10


def test_fills_are_the_areas_of_a_group(made: dict[str, Any]) -> None:
    areas = toy_areaset().areas
    for group, text in enumerate(made["fills"]):
        parts = lines(text.replace("Z", ""), made["unit"]).geoms
        filled = sum(shapely.Polygon(part).area for part in parts)
        assert len(parts) == 8
        assert filled == pytest.approx(areas.area[(areas["lad"] == EAST) == bool(group)].sum(), rel=0.02)
    assert shapely.Polygon(lines(made["outline"].replace("Z", ""), made["unit"]).geoms[0]).area == pytest.approx(
        1e6, rel=0.05
    )


def test_bounds_are_those_of_the_areas(made: dict[str, Any]) -> None:
    (south, west), (north, east) = bounds(toy_areaset())
    assert made["bounds"][0] == pytest.approx([south, west], abs=1e-3)
    assert made["bounds"][1] == pytest.approx([north, (west + east) / 2], abs=2e-3)
    assert made["nothing"] is None


def test_lists_of_positions_are_steps(made: dict[str, Any]) -> None:
    assert made["positions"] == [0, 1, 0] + [-1] * 13
