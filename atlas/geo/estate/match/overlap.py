"""Outlines that cover much of each other."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import cpu_count
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.geo.estate.match.pairs import NO_PAIRS, Flags, Ints

MIN_IOU: Final = 0.3
"""Intersection over union from which two outlines may be one place."""

MIN_INSIDE: Final = 0.9
"""Share of the smaller outline that lies in the larger, from which it may be part of it."""

_PART: Final = 8_192
_MANY: Final = 40_000
"""Outlines from which compiled loops are quicker, the time that they take to load included."""

_NOISE: Final = 1e-9
_POLYGON, _SEVERAL_POLYGONS = 3, 6

Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Overlaps:
    """Pairs of outlines that overlap enough.

    Parameters
    ----------
    one, other : numpy.ndarray of int
        Positions, the lower first.
    iou : numpy.ndarray of float
        Intersection over union, 0 to 1.
    inside : numpy.ndarray of float
        Share of the smaller one that lies in the larger, 0 to 1.
    ratio : numpy.ndarray of float
        How many times as large the larger is.
    """

    one: Ints
    other: Ints
    iou: Floats
    inside: Floats
    ratio: Floats


@dataclass(frozen=True, eq=False)
class _Rings:
    """Outlines that are a single ring each: all corners, where each begins and ends, and its kind (`_clip`)."""

    xy: Floats
    first: Ints
    end: Ints
    kind: NDArray[np.int8]


def overlaps(shapes: Shapes, group: Ints, wanted: tuple[Flags, Flags]) -> Overlaps:
    """Find the outlines of different groups of which one covers much of the other.

    Parameters
    ----------
    shapes : numpy.ndarray of shapely.Geometry, shape (n,)
        EPSG:27700; None where there is none.
    group : numpy.ndarray of int, shape (n,)
        Outlines of one group are not held against each other.
    wanted : tuple of two numpy.ndarray of bool
        One of each pair is in the first, the other in the second.

    Returns
    -------
    Overlaps
        Intersection over union from `MIN_IOU`, or `MIN_INSIDE` of the smaller in the larger.

    Examples
    --------
    >>> every = np.ones(2, dtype=bool)
    >>> found = overlaps(shapely.box([0, 2], [0, 0], [10, 12], [10, 10]), np.array([0, 1]), (every, every))
    >>> found.iou.round(2).tolist(), found.inside.tolist()
    ([0.67], [0.8])
    """
    count = len(shapes) - np.count_nonzero(shapely.is_missing(shapes))
    if not count:
        return Overlaps(*NO_PAIRS, *(np.empty(0) for _ in range(3)))
    rings = _rings(shapes) if count >= _MANY else None
    shapes = _sound(shapes, None if rings is None else rings.kind > 0)
    bounds, area = shapely.bounds(shapes), shapely.area(shapes)
    one, other = _boxes_that_meet(shapes, group, wanted)
    shared = _box_area(bounds, one, other)
    kept = _enough(shared, area[one], area[other])
    one, other = one[kept], other[kept]
    shared = _intersections(shapes, rings, one, other)
    kept = _enough(shared, area[one], area[other])
    one, other, shared = one[kept], other[kept], shared[kept]
    small, large = np.minimum(area[one], area[other]), np.maximum(area[one], area[other])
    # what lies wholly within is told as whole, however its area was worked out
    shared = np.where(shared >= small * (1.0 - _NOISE), small, shared)
    return Overlaps(one, other, shared / (small + large - shared), shared / small, large / small)


def _rings(shapes: Shapes) -> _Rings:
    """Take the corners of outlines of one ring, those in a collection of one included; others have none."""
    from atlas.geo.estate.match._clip import kinds  # noqa: PLC0415 -- numba takes 0.4 s to import

    kind_of_shape = shapely.get_type_id(shapes)
    alone = (kind_of_shape == _SEVERAL_POLYGONS) & (shapely.get_num_geometries(shapes) == 1)
    if alone.any():
        shapes = shapes.copy()
        shapes[alone] = shapely.get_geometry(shapes[alone], 0)
    is_ring = ((kind_of_shape == _POLYGON) | alone) & (shapely.get_num_interior_rings(shapes) == 0)
    size = np.where(is_ring, shapely.get_num_coordinates(shapes), 0)
    end = np.cumsum(size)
    rings = _Rings(
        np.ascontiguousarray(shapely.get_coordinates(shapes[is_ring])), end - size, end, np.zeros(len(size), np.int8)
    )
    kinds(rings.xy, rings.first, rings.end, rings.kind)
    return rings


def _sound(shapes: Shapes, is_simple: Flags | None) -> Shapes:
    """Outlines that can be cut with each other; those that have no area count as none."""
    asked = np.flatnonzero(~shapely.is_missing(shapes) & ~(False if is_simple is None else is_simple))
    broken = asked[~in_threads(shapely.is_valid, shapes[asked])]
    if len(broken):
        shapes = shapes.copy()
        shapes[broken] = shapely.make_valid(shapes[broken])
    flat = ~(shapely.area(shapes) > 0)
    if flat.any():
        shapes = shapes.copy()
        shapes[flat] = None
    return shapes


def _boxes_that_meet(shapes: Shapes, group: Ints, wanted: tuple[Flags, Flags]) -> tuple[Ints, Ints]:
    seek, sought = (np.flatnonzero(side & ~shapely.is_missing(shapes)) for side in wanted)
    if not len(seek) or not len(sought):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    if len(seek) > len(sought):
        seek, sought = sought, seek
    at, found = shapely.STRtree(shapes[sought]).query(shapes[seek])
    one, other = seek[at], sought[found]
    both = wanted[0] & wanted[1]
    # a pair of which both are on both sides is found twice
    kept = (group[one] != group[other]) & ~(both[one] & both[other] & (one > other))
    one, other = one[kept], other[kept]
    return np.minimum(one, other), np.maximum(one, other)


def _box_area(bounds: Floats, one: Ints, other: Ints) -> Floats:
    west, south = (np.maximum(bounds[one, side], bounds[other, side]) for side in (0, 1))
    east, north = (np.minimum(bounds[one, side], bounds[other, side]) for side in (2, 3))
    return np.asarray(np.maximum(east - west, 0.0) * np.maximum(north - south, 0.0))


def _enough(shared: Floats, one: Floats, other: Floats) -> Flags:
    """Whether so much shared area, or a bound of it, makes a pair."""
    small = np.minimum(one, other)
    shared = np.minimum(shared, small)
    return np.asarray((shared >= MIN_IOU * (one + other - shared) - 1e-9) | (shared >= MIN_INSIDE * small - 1e-9))


def _intersections(shapes: Shapes, rings: _Rings | None, one: Ints, other: Ints) -> Floats:
    """Area that both of each pair cover: of simple rings by compiled loops, of all others by shapely."""
    shared = np.full(len(one), np.nan)
    if rings is not None:
        from atlas.geo.estate.match._clip import shared_areas  # noqa: PLC0415 -- numba takes 0.4 s to import

        def cut(a: Ints, b: Ints) -> Floats:
            areas = np.empty(len(a))
            shared_areas(rings.xy, rings.first, rings.end, rings.kind, a, b, areas)
            return areas

        at = np.flatnonzero((rings.kind[one] > 0) & (rings.kind[other] > 0))
        shared[at] = in_threads(cut, one[at], other[at])
    rest = np.flatnonzero(np.isnan(shared))
    shared[rest] = in_threads(_intersection_area, shapes[one[rest]], shapes[other[rest]])
    return shared


def _intersection_area(one: Shapes, other: Shapes) -> Floats:
    return np.asarray(shapely.area(shapely.intersection(one, other)), dtype=float)


def in_threads(work: Callable[..., NDArray[Any]], *arrays: NDArray[Any]) -> NDArray[Any]:
    """Do some work on arrays in parts, since shapely and compiled loops let go of the interpreter while they work.

    Parameters
    ----------
    work : callable
        Takes parts of the arrays and gives an array as long.
    *arrays : numpy.ndarray
        Of one length.
    """
    n = len(arrays[0])
    if n <= _PART:
        return work(*arrays)
    starts = range(0, n, _PART)
    with ThreadPoolExecutor(cpu_count()) as pool:
        return np.concatenate(list(pool.map(lambda at: work(*(array[at : at + _PART] for array in arrays)), starts)))
