"""The topology: every area, in order, with the lines that neighbours share written once."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO
from itertools import accumulate
from pathlib import Path
from typing import Any

import brotli
import geopandas as gpd
import numpy as np
import pytest
import shapely

from atlas.geo.areas import AreaSet
from atlas.maps.geometry import MOST_VERTICES, geometry_id, topology
from atlas.sources.embedded import read_areas
from tests.toy import toy_areaset

STEP_M = 6.0


@pytest.fixture(scope="module")
def london() -> AreaSet:
    return read_areas()


@pytest.fixture(scope="module")
def payload(london: AreaSet) -> bytes:
    return topology(london)


@pytest.fixture(scope="module")
def shapes(payload: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(payload)
    return found


def sides(shapes: dict[str, Any]) -> dict[int, list[int]]:
    """Areas on the sides of every arc."""
    found: dict[int, list[int]] = {}
    for area, shape in enumerate(shapes["objects"]["areas"]["geometries"]):
        for part in [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]:
            for arc in (arc for ring in part for arc in ring):
                found.setdefault(arc if arc >= 0 else ~arc, []).append(area)
    return found


def neighbours(areas: gpd.GeoSeries, at_least_m: float) -> set[tuple[int, int]]:
    geometry = np.asarray(areas)
    one, other = shapely.STRtree(geometry).query(geometry, predicate="intersects")
    one, other = one[one < other], other[one < other]
    shared = shapely.length(shapely.intersection(geometry[one], geometry[other])) >= at_least_m
    return set(zip(one[shared].tolist(), other[shared].tolist(), strict=True))


def test_any_tool_reads_the_areas_where_they_are(payload: bytes, london: AreaSet) -> None:
    read = gpd.read_file(BytesIO(payload), layer="areas").set_crs(4326, allow_override=True).to_crs(27700)
    assert len(read) == len(london.areas)
    apart_m = shapely.hausdorff_distance(np.asarray(read.geometry), np.asarray(london.areas.geometry))
    assert apart_m.max() < STEP_M
    assert np.quantile(read.area.to_numpy() / london.areas.area.to_numpy(), [0.01, 0.99]) == pytest.approx(1, abs=0.03)


def test_neighbours_share_their_lines(shapes: dict[str, Any], london: AreaSet) -> None:
    touching = sides(shapes)
    assert {len(areas) for areas in touching.values()} == {1, 2}
    assert set(touching) == set(range(len(shapes["arcs"])))
    pairs = {tuple(sorted(areas)) for areas in touching.values() if len(areas) == 2}
    assert neighbours(london.areas.geometry, 4 * STEP_M) <= pairs <= neighbours(london.areas.geometry, 0.0)


def test_lines_between_boroughs_and_the_edge_are_told_apart(shapes: dict[str, Any], london: AreaSet) -> None:
    lads = london.areas["lad"].tolist()
    beside = {arc: [lads[area] for area in areas] for arc, areas in sides(shapes).items()}
    told = {name: [arc for [arc] in shapes["objects"][name]["arcs"]] for name in ("boroughs", "edge")}
    assert told["boroughs"] == [arc for arc, of in sorted(beside.items()) if len(set(of)) == 2]
    assert told["edge"] == [arc for arc, of in sorted(beside.items()) if len(of) == 1]
    assert min(map(len, told.values())) > 100


def test_names_and_codes_come_back(shapes: dict[str, Any], london: AreaSet) -> None:
    areas, stems = shapes["atlas"]["areas"], shapes["atlas"]["stems"]
    codes = [f"E{number:08d}" for number in accumulate(areas["code"])]
    assert codes == london.areas.index.tolist()
    names = [stems["name"][stem] + letter for stem, letter in zip(areas["stem"], areas["letter"], strict=True)]
    assert names == london.areas["name"].tolist()
    boroughs = [shapes["atlas"]["boroughs"][stems["borough"][stem]]["code"] for stem in areas["stem"]]
    assert boroughs == london.areas["lad"].tolist()
    assert [stems["place"][stem] for stem in areas["stem"]] == london.areas["msoa_name"].tolist()


def test_four_boards_today_and_five_in_2022(shapes: dict[str, Any]) -> None:
    boroughs, icbs = shapes["atlas"]["boroughs"], shapes["atlas"]["icbs"]
    assert len({borough["icb26"] for borough in boroughs}) == 4
    assert len({borough["icb22"] for borough in boroughs}) == 5
    assert all(icbs[borough["icb26"]]["end"] == "" for borough in boroughs)


def test_the_payload_is_small(payload: bytes) -> None:
    assert len(brotli.compress(payload, quality=9)) < 215_000


def test_the_same_areas_give_the_same_bytes() -> None:
    assert topology(toy_areaset()) == topology(toy_areaset())


def test_the_id_follows_shapes_names_and_order() -> None:
    toy = toy_areaset()
    moved = toy.areas.set_geometry(toy.areas.geometry.translate(10))
    renamed = toy.areas.assign(name=toy.areas["name"] + "b")
    others = [replace(toy, areas=areas) for areas in (moved, renamed, toy.areas.iloc[::-1])]
    others.append(replace(toy, boroughs=toy.boroughs.assign(name=["West", "<b>East</b>"])))
    assert geometry_id(toy) == geometry_id(toy_areaset())
    assert len({geometry_id(areaset) for areaset in (toy, *others)}) == 5
    assert json.loads(topology(toy))["atlas"]["id"] == geometry_id(toy)


def test_detailed_boundaries_are_simplified_and_still_touch(shared: Path, london: AreaSet) -> None:
    official = gpd.read_parquet(shared / "boundaries" / "lsoa21_london_27700.parquet").set_index("lsoa21cd")
    areas = official.rename(columns={"lsoa21nm": "name", "ladcd": "lad"}).assign(
        msoa_name=official["lsoa21nm"].str[:-1]
    )
    shapes = json.loads(topology(replace(london, vintage=2021, areas=areas)))
    assert len(shapes["objects"]["areas"]["geometries"]) == len(areas) == 4994
    assert sum(map(len, shapes["arcs"])) < 1.5 * MOST_VERTICES
    pairs = {tuple(sorted(found)) for found in sides(shapes).values() if len(found) == 2}
    wanted = neighbours(areas.geometry, 100.0)
    assert len(pairs & wanted) > 0.99 * len(wanted)
