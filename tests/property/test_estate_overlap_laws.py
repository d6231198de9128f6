"""Laws of the compiled loops of outlines: they find what shapely finds, and ask where they are not sure."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from atlas.geo.estate.match import overlap
from atlas.geo.estate.match._clip import ASK, CONVEX, kinds, shared_areas

EAST, NORTH = 537_000.0, 175_000.0
"""Outlines stand where numbers are large, which is where digits get lost."""

corner = st.tuples(st.integers(0, 60), st.integers(0, 60))
rings = st.lists(corner, min_size=3, max_size=9)


def star(corners: list[tuple[int, int]], turn: float) -> NDArray[np.float64]:
    """A closed ring about the middle of its corners, which is simple unless two lie in one direction."""
    xy = np.array(corners, dtype=float)
    middle = xy.mean(axis=0)
    around = xy[np.argsort(np.arctan2(*(xy - middle).T), kind="stable")] - middle
    turned = around @ np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    moved = turned + middle + (EAST, NORTH)
    return np.ascontiguousarray(np.concatenate([moved, moved[:1]]))


def told(*outlines: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    size = np.array([len(ring) for ring in outlines], dtype=np.int64)
    return np.concatenate(outlines), np.cumsum(size) - size, np.cumsum(size)


def kinds_of(*outlines: NDArray[np.float64]) -> NDArray[np.int8]:
    kind = np.zeros(len(outlines), dtype=np.int8)
    kinds(*told(*outlines), kind)
    return kind


@given(rings, rings, st.floats(0.0, 6.3), st.sampled_from([1, -1]))
def test_shared_area_is_that_of_shapely(
    one: list[tuple[int, int]], other: list[tuple[int, int]], turn: float, way: int
) -> None:
    outlines = [np.ascontiguousarray(star(one, 0.0)[::way]), star(other, turn)]
    kind = kinds_of(*outlines)
    assume((kind != ASK).all())
    shared = np.empty(2)
    shared_areas(*told(*outlines), kind, np.array([0, 1]), np.array([1, 0]), shared)
    shapes = shapely.polygons(outlines[0]), shapely.polygons(outlines[1])
    expected = shapely.area(shapely.intersection(*shapes))
    # a thousandth of a square centimetre is noise at these coordinates
    assert shared == pytest.approx(np.full(2, expected), rel=1e-6, abs=1e-7)


@given(st.lists(corner, min_size=3, max_size=9), st.floats(0.0, 6.3))
def test_a_ring_that_is_called_simple_is_valid_and_one_that_is_called_convex_is_its_own_hull(
    corners: list[tuple[int, int]], turn: float
) -> None:
    xy = np.array([*corners, corners[0]], dtype=float) @ np.array(
        [[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]
    )
    (kind,) = kinds_of(np.ascontiguousarray(xy))
    assume(kind != ASK)
    shape = shapely.polygons(xy)
    assert shapely.is_valid(shape)
    assert (kind == CONVEX) == bool(shapely.convex_hull(shape).area <= shape.area * (1 + 1e-9))


@pytest.mark.parametrize(
    "ring",
    [
        [(0, 0), (10, 10), (10, 0), (0, 10), (0, 0)],
        [(0, 0), (10, 0), (10, 0), (10, 10), (0, 0)],
        [(0, 0), (10, 0), (0, 0), (0, 10), (0, 0)],
        [(0, 0), (10, 0), (0, 0)],
        [(0, 0), (10, 0), (np.nan, 10), (0, 0)],
        [(np.cos(t), np.sin(t)) for t in np.linspace(0, 2 * np.pi, 60)],
    ],
)
def test_shapely_is_asked_about_a_ring_that_touches_itself_or_is_odd_or_long(ring: list[tuple[float, float]]) -> None:
    assert kinds_of(np.array(ring, dtype=float)).tolist() == [ASK]


def test_many_outlines_are_paired_as_few_are(monkeypatch: pytest.MonkeyPatch) -> None:
    l_shape = shapely.Polygon([(0, 0), (20, 0), (20, 8), (8, 8), (8, 20), (0, 20)])
    holed = shapely.Polygon([(1, 1), (15, 1), (15, 15), (1, 15)], [[(4, 4), (6, 4), (6, 6), (4, 6)]])
    shapes = np.array(
        [
            l_shape,
            shapely.box(1, 1, 18, 15),
            holed,
            shapely.MultiPolygon([shapely.box(0, 0, 9, 19)]),
            shapely.MultiPolygon([shapely.box(0, 0, 9, 9), shapely.box(10, 0, 20, 9)]),
            shapely.Polygon([(0, 0), (15, 15), (15, 0), (0, 15)]),
            shapely.affinity.rotate(l_shape, 20, origin=(10, 10)),
            shapely.Point(5, 5),
            None,
        ],
        dtype=object,
    )
    group, every = np.arange(len(shapes)), np.ones(len(shapes), dtype=bool)
    few = overlap.overlaps(shapes, group, (every, every))
    monkeypatch.setattr(overlap, "_MANY", 0)
    many = overlap.overlaps(shapes, group, (every, every))
    assert len(few.one) > 5
    for name in ("one", "other"):
        assert getattr(many, name).tolist() == getattr(few, name).tolist()
    for name in ("iou", "inside", "ratio"):
        np.testing.assert_allclose(getattr(many, name), getattr(few, name), rtol=1e-9)
