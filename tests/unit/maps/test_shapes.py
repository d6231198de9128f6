"""What the browser makes of the topology, run in Node: the same places, names and lines."""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from atlas.geo.areas import AreaSet
from atlas.geo.crs import points_to_bng, points_to_wgs84
from atlas.maps.geometry import bounds, topology
from atlas.sources.embedded import read_areas
from tests.toy import EAST, toy_areaset

OUTSIDE = (-0.5, 51.0)


SCRIPTS = ("atlas-topology.js", "atlas-shapes.js")


def ask(checkout: Path, areaset: AreaSet, points: list[list[float]], groups: list[int]) -> dict[str, Any]:
    """What the browser makes of the topology of some areas, each in a group; -1 is none."""
    done = run(checkout, {"topology": topology(areaset).decode(), "points": points, "groups": groups})
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def run(checkout: Path, asked: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    scripts = [checkout / "web" / "static" / "js" / name for name in SCRIPTS]
    command = ["node", Path(__file__).with_name("shapes.mjs"), *scripts]
    return subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def made(checkout: Path) -> dict[str, Any]:
    areas = toy_areaset().areas
    longitudes, latitudes = points_to_wgs84(areas["x_m"], areas["y_m"])
    points = [*np.column_stack([longitudes, latitudes]).tolist(), OUTSIDE]
    return ask(checkout, toy_areaset(), points, [int(lad == EAST) for lad in areas["lad"]])


def lines(path: str, unit: list[float]) -> shapely.MultiLineString:
    """An SVG path of lines in British National Grid, metres."""
    zoom, left, top = unit
    world = 256 * 2**zoom
    found = []
    for piece in filter(None, path.split("M")):
        steps = np.array(re.findall(r"-?\d+", piece), dtype=float).reshape(-1, 2)
        steps += np.array([left, top])
        longitude = (steps[:, 0] / world - 0.5) * 360
        latitude = np.degrees(2 * np.arctan(np.exp((0.5 - steps[:, 1] / world) * 2 * np.pi)) - np.pi / 2)
        found.append(np.column_stack(points_to_bng(longitude, latitude)))
    return shapely.MultiLineString(found)


def test_lines_told_apart_are_those_between_areas_of_different_boroughs(made: dict[str, Any]) -> None:
    for told, found in zip(made["drawn"], (made["borders"], made["between"]), strict=True):
        one, other = lines(told, made["unit"]), lines(found, made["unit"])
        assert shapely.union_all(one).equals(shapely.union_all(other))
        assert one.length == pytest.approx(other.length)
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


def rings(path: str, unit: list[float]) -> list[shapely.LinearRing]:
    return [shapely.LinearRing(ring.coords) for ring in lines(path.replace("Z", ""), unit).geoms]


def filled(path: str, unit: list[float]) -> float:
    """What a path fills, square metres: around a hole it runs the other way."""
    return abs(sum(shapely.Polygon(ring).area * (1 if ring.is_ccw else -1) for ring in rings(path, unit)))


def test_a_fill_goes_once_around_the_areas_of_a_group(made: dict[str, Any]) -> None:
    halves = toy_areaset().boroughs.geometry
    for half, text in zip(halves, made["fills"], strict=True):
        (ring,) = rings(text, made["unit"])
        assert shapely.hausdorff_distance(ring, half.boundary) < 10
    assert filled(made["outline"], made["unit"]) == pytest.approx(1e6, rel=0.05)


def test_fills_and_borders_of_london_are_those_of_its_areas(checkout: Path) -> None:
    london = read_areas()
    groups = np.random.default_rng(1729).integers(-1, 3, len(london.areas)).tolist()
    found = ask(checkout, london, [], groups)
    shapes = json.loads(topology(london))
    kept = np.array(groups)
    for group, text in enumerate(found["fills"]):
        wanted = london.areas.area[kept == group].sum()
        assert filled(text, found["unit"]) == pytest.approx(wanted, rel=0.005)
        assert text.count("M") < (kept == group).sum()
    beside: dict[int, set[int]] = defaultdict(set)
    sides: Counter[int] = Counter()
    for group, shape in zip(groups, shapes["objects"]["areas"]["geometries"], strict=True):
        for arc in re.findall(r"-?\d+", json.dumps(shape["arcs"])):
            beside[max(int(arc), ~int(arc))].add(group)
            sides[max(int(arc), ~int(arc))] += 1
    drawn = [arc for arc, of in beside.items() if (of | ({-1} if sides[arc] == 1 else set())) != {max(of)}]
    assert found["borders"].count("L") == sum(len(shapes["arcs"][arc]) - 1 for arc in drawn)


def test_an_area_within_another_has_its_line_once(checkout: Path) -> None:
    toy = toy_areaset()
    areas = toy.areas.copy()
    outer = areas.geometry.iloc[0]
    island = outer.centroid.buffer(200)
    areas.geometry = [outer.difference(island), island, *areas.geometry.iloc[2:]]
    one, two = (ask(checkout, replace(toy, areas=areas), [], groups) for groups in ([0] * 16, [1, 0] + [1] * 14))
    assert one["borders"].count("M") == one["fills"][0].count("M") == 1
    (ring,) = [ring for ring in rings(two["borders"], two["unit"]) if ring.length < 2_000]
    assert ring.length == pytest.approx(island.length, rel=0.02)
    assert filled(two["fills"][0], two["unit"]) == pytest.approx(island.area, rel=0.03)


def test_areas_that_lie_on_one_another_are_filled_each(checkout: Path) -> None:
    toy = toy_areaset()
    areas = toy.areas.copy()
    areas.geometry = [areas.geometry.iloc[0], areas.geometry.iloc[0], *areas.geometry.iloc[2:]]
    found = ask(checkout, replace(toy, areas=areas), [], [0] * 2 + [1] * 14)
    first, second = rings(found["fills"][0], found["unit"])
    assert first.length == pytest.approx(second.length) == pytest.approx(4_000, rel=0.01)


def test_shapes_in_another_order_or_cut_short_are_an_error(checkout: Path) -> None:
    whole = topology(toy_areaset()).decode()
    payload = json.loads(whole)
    other = {name: payload[name] for name in ("type", "transform", "atlas", "objects", "arcs")}
    for text, words in ((json.dumps(other), "another order"), (whole[:600], "cut short")):
        done = run(checkout, {"topology": text, "points": [], "groups": [0] * 16})
        assert done.returncode != 0
        assert words in done.stderr


def test_bounds_are_those_of_the_areas(made: dict[str, Any]) -> None:
    (south, west), (north, east) = bounds(toy_areaset())
    assert made["bounds"][0] == pytest.approx([south, west], abs=1e-3)
    assert made["bounds"][1] == pytest.approx([north, (west + east) / 2], abs=2e-3)
    assert made["nothing"] is None


def test_lists_of_positions_are_steps(made: dict[str, Any]) -> None:
    assert made["positions"] == [0, 1, 0] + [-1] * 13
