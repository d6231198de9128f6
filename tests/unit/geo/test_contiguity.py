from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, Polygon, box

from atlas.errors import QueryError
from atlas.geo.contiguity import _ODD, components, queen

SQUARES = gpd.GeoSeries([box(0, 0, 1, 1), box(1, 0, 2, 1), box(1, 1, 2, 2), box(0, 1, 1, 2), box(9, 9, 10, 10)])


def pairs(links: Any) -> set[tuple[int, int]]:
    return {(int(i), int(j)) for i, j in zip(*links.nonzero(), strict=True)}


def test_corners_touch_and_an_island_touches_none() -> None:
    links = queen(SQUARES)
    assert pairs(links) == {(i, j) for i in range(4) for j in range(4) if i != j}
    assert links.dtype == bool


def test_parts_and_holes_touch_too() -> None:
    ring = Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [[(3, 3), (6, 3), (6, 6), (3, 6)]])
    parts = MultiPolygon([box(3, 3, 6, 6), box(20, 0, 21, 1)])
    assert pairs(queen(gpd.GeoSeries([ring, parts, box(21, 0, 22, 1)]))) == {(0, 1), (1, 0), (1, 2), (2, 1)}


def test_unequal_vertices_that_share_a_key_are_no_border() -> None:
    vertices = np.array([[1.0, 2.0**68], [2.0**12, 1.0]])
    bits = vertices.view(np.uint64)
    assert len(set(bits[:, 0] * _ODD[0] + bits[:, 1] * _ODD[1])) == 1
    shapes = gpd.GeoSeries([Polygon([vertices[0], (3, 5), (7, 11)]), Polygon([vertices[1], (9000, 2), (9000, 3)])])
    assert pairs(queen(shapes)) == set()


def test_zero_has_no_sign() -> None:
    shapes = gpd.GeoSeries([Polygon([(-0.0, 0.0), (1, 0), (1, 1)]), Polygon([(0.0, -0.0), (-1, 0), (-1, -1)])])
    assert pairs(queen(shapes)) == {(0, 1), (1, 0)}


def test_missing_and_empty_shapes_have_no_neighbours() -> None:
    links = queen(gpd.GeoSeries([None, Polygon(), box(0, 0, 1, 1), box(1, 0, 2, 1)]))
    assert pairs(links) == {(2, 3), (3, 2)}
    assert queen(gpd.GeoSeries([])).shape == (0, 0)


def test_borders_without_common_vertices_need_a_tolerance() -> None:
    shapes = gpd.GeoSeries([box(0, 0, 10, 10), box(10, 2, 20, 8), box(20.5, 0, 30, 10)])
    assert pairs(queen(shapes)) == set()
    assert pairs(queen(shapes, tolerance_m=0)) == {(0, 1), (1, 0)}
    assert pairs(queen(shapes, tolerance_m=1)) == {(0, 1), (1, 0), (1, 2), (2, 1)}
    with pytest.raises(QueryError, match="tolerance must be zero or more"):
        queen(shapes, tolerance_m=-1)


def test_pieces_are_numbered_as_met_and_paths_through_others_do_not_count() -> None:
    row = queen(gpd.GeoSeries([box(k, 0, k + 1, 1) for k in range(6)]))
    assert components(row, np.array([0, 1, 1, 0, 1, 0], dtype=bool)).tolist() == [0, 1, 1, 0, 2, 0]
    assert components(row, np.zeros(6, dtype=bool)).tolist() == [0] * 6


@pytest.mark.parametrize("file", ["lsoa11_london_27700", "lsoa21_london_27700", "lsoa11_england_generalised_4326"])
def test_same_links_as_libpysal(shared: Path, file: str) -> None:
    shapes = gpd.read_parquet(shared / "boundaries" / f"{file}.parquet").geometry
    # libpysal knows no collections: keep the polygons of the one that there is
    mixed = shapes.geom_type == "GeometryCollection"
    shapes[mixed] = [MultiPolygon([p for p in shape.geoms if p.geom_type == "Polygon"]) for shape in shapes[mixed]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from libpysal.weights import Queen  # noqa: PLC0415  # it warns when imported

        theirs = Queen.from_iterable(shapes, silence_warnings=True).sparse
    ours = queen(shapes)
    assert (ours != theirs.astype(bool)).nnz == 0
    assert ours.nnz > 5 * len(shapes)


def test_london_by_tolerance_has_the_links_by_vertices(shared: Path) -> None:
    shapes = gpd.read_parquet(shared / "boundaries" / "lsoa11_london_27700.parquet").geometry
    by_vertex, by_distance = pairs(queen(shapes)), pairs(queen(shapes, tolerance_m=0))
    assert by_vertex <= by_distance
    assert len(by_distance) - len(by_vertex) < 0.01 * len(by_vertex)
    assert shapely.is_valid(shapes.array).all()
