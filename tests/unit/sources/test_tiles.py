"""Vector tiles: every area is in them once at every zoom, and what is no archive is refused."""

from __future__ import annotations

import gzip
from collections import Counter
from pathlib import Path
from typing import Any

import geopandas as gpd
import mapbox_vector_tile
import numpy as np
import pytest
import shapely

from atlas.errors import DataError, UnavailableError
from atlas.sources.tiles import LAYER, Archive, read_tiles, write_tiles

ZOOMS = range(5, 8)
SIDE_M = 20_000


def features(archive: Archive, zoom: int) -> dict[tuple[int, int], list[dict[str, Any]]]:
    """Features of each tile of a zoom, by column and row."""
    return {
        (column, row): mapbox_vector_tile.decode(gzip.decompress(data))[LAYER]["features"]
        for (each, column, row), data in archive.tiles.items()
        if each == zoom
    }


@pytest.fixture(scope="module")
def places() -> gpd.GeoSeries:
    """A chessboard of a hundred areas about the middle of England, one of them a metre wide."""
    boxes = [
        shapely.box(x, y, x + SIDE_M, y + SIDE_M)
        for x in range(400_000, 400_000 + 10 * SIDE_M, SIDE_M)
        for y in range(200_000, 200_000 + 10 * SIDE_M, SIDE_M)
    ]
    boxes[55:56] = [shapely.box(500_000, 300_000, 500_001, 320_000)]
    return gpd.GeoSeries(boxes, crs=27700)


@pytest.fixture(scope="module")
def archive(places: gpd.GeoSeries, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    path = tmp_path_factory.mktemp("tiles") / "tiles.pmtiles"
    write_tiles(places, path, ZOOMS)
    return read_tiles(path)


def test_an_archive_has_the_zooms_asked_for(archive: Archive) -> None:
    assert (archive.least_zoom, archive.greatest_zoom) == (5, 7)
    assert {zoom for zoom, _, _ in archive.tiles} == set(ZOOMS)


@pytest.mark.parametrize("zoom", ZOOMS)
def test_every_area_is_there_at_every_zoom_and_once_in_each_tile(archive: Archive, zoom: int) -> None:
    seen: set[int] = set()
    for inside in features(archive, zoom).values():
        counts = Counter(feature["properties"]["id"] for feature in inside)
        assert set(counts.values()) == {1}
        seen |= set(counts)
    assert seen == set(range(100))


@pytest.mark.parametrize("zoom", ZOOMS)
def test_tiles_cover_the_land_once(archive: Archive, zoom: int, places: gpd.GeoSeries) -> None:
    step = 40_075_016.685_578 / 2**zoom / 4096
    tile = shapely.box(0, 0, 4096, 4096)
    shown = 0.0
    for inside in features(archive, zoom).values():
        shapes = np.array([shapely.geometry.shape(feature["geometry"]) for feature in inside])
        shown += shapely.area(shapely.intersection(shapes, tile)).sum() * step**2
    assert shown == pytest.approx(places.to_crs(3857).area.sum(), rel=2e-3)


def test_there_can_be_tiles_on_the_earth_at_its_zooms_only(archive: Archive) -> None:
    assert archive.has(5, 0, 31)
    assert not any(archive.has(*place) for place in ((4, 0, 0), (8, 0, 0), (5, 32, 0), (5, 0, -1)))


def test_the_same_areas_make_the_same_archive(places: gpd.GeoSeries, tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_tiles(places.head(20), tmp_path / name, [5])
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize(("kept", "more"), [(0, b""), (7, b""), (-50, b""), (0, b"x" * 900)])
def test_what_is_no_whole_archive_is_refused(places: gpd.GeoSeries, tmp_path: Path, kept: int, more: bytes) -> None:
    path = tmp_path / "tiles.pmtiles"
    write_tiles(places.head(20), path, [5])
    path.write_bytes(path.read_bytes()[:kept] + more)
    with pytest.raises(DataError, match=r"tiles\.pmtiles cannot be used"):
        read_tiles(path)


def test_an_archive_that_is_not_here_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="there is no file"):
        read_tiles(tmp_path / "none.pmtiles")
