"""Outlines that came with a register: which there are, a point inside each, and bytes to keep them by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.geo.crs import points_to_bng
from atlas.geo.estate.noted import Notes
from atlas.geo.estate.placing.britain import in_britain
from atlas.geo.estate.placing.whereabouts import Flags, Floats, Positions

_POLYGONS: Final = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
_COLLECTION: Final = shapely.GeometryType.GEOMETRYCOLLECTION
_POINTS: Final = (shapely.GeometryType.POINT, shapely.GeometryType.MULTIPOINT)


@dataclass(frozen=True, eq=False)
class Outlines:
    """What came with each row; each array of shape (n,).

    Parameters
    ----------
    x_m, y_m : numpy.ndarray of float
        A point inside, metres, EPSG:27700; NaN where there is nothing to be used.
    wkb : numpy.ndarray of object
        Bytes of a polygon; None for anything else.
    is_point : numpy.ndarray of bool
        Whether all there is are points: `x_m` and `y_m` are then coordinates, to be read as such.
    is_given : numpy.ndarray of bool
        Whether the row had any geometry.
    """

    x_m: Floats
    y_m: Floats
    wkb: NDArray[np.object_]
    is_point: Flags
    is_given: Flags


def read_outlines(geometry: gpd.GeoSeries | None, size: int, notes: Notes) -> Outlines:
    """Take the geometries of a register, mended where they cross themselves or are in degrees after all.

    Parameters
    ----------
    geometry : geopandas.GeoSeries, optional
        EPSG:27700 as the file states it; None where a row has none.
    size : int
        How many rows there are.
    notes : Notes
        Takes the findings.

    Returns
    -------
    Outlines
    """
    x_m, y_m = np.full(size, np.nan), np.full(size, np.nan)
    wkb = np.full(size, None, dtype=object)
    is_point, is_given = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    if geometry is None:
        return Outlines(x_m, y_m, wkb, is_point, is_given)
    shapes = np.array(geometry.to_numpy(), dtype=object)
    is_given = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    is_point = is_given & np.isin(shapely.get_type_id(shapes), _POINTS)
    points = np.flatnonzero(is_point)
    x_m[points], y_m[points] = (get(shapely.centroid(shapes[points])) for get in (shapely.get_x, shapely.get_y))
    areal = np.flatnonzero(is_given & ~is_point)
    shapes[areal], is_used = _in_britain(_mended(shapes[areal], areal, notes), areal, notes)
    used = areal[is_used]
    inside = shapely.point_on_surface(shapes[used])
    x_m[used], y_m[used] = shapely.get_x(inside), shapely.get_y(inside)
    polygons = used[np.isin(shapely.get_type_id(shapes[used]), _POLYGONS)]
    wkb[polygons] = shapely.to_wkb(shapely.force_2d(shapes[polygons]))
    return Outlines(x_m, y_m, wkb, is_point, is_given)


def _mended(shapes: NDArray[np.object_], rows: Positions, notes: Notes) -> NDArray[np.object_]:
    """Shapes with outlines that cross themselves made good, and collections brought down to their polygons."""
    crossed = np.flatnonzero(~shapely.is_valid(shapes) & np.isfinite(shapely.bounds(shapes)).all(axis=1))
    shapes = shapes.copy()
    shapes[crossed] = shapely.make_valid(shapes[crossed])
    notes.repair(rows[crossed], "geometry", "mended_outline", "", "", "its outline crossed itself")
    for at in np.flatnonzero(shapely.get_type_id(shapes) == _COLLECTION).tolist():
        parts = shapely.get_parts(shapes[at])
        areal = parts[shapely.area(parts) > 0]
        shapes[at] = shapely.union_all(areal) if len(areal) else shapes[at]
    return shapes


def _in_britain(shapes: NDArray[np.object_], rows: Positions, notes: Notes) -> tuple[NDArray[np.object_], Flags]:
    """Shapes in metres, and which of them lie in Great Britain."""
    is_used = _lies(shapes)
    ways: tuple[tuple[str, Callable[[NDArray[np.float64]], NDArray[np.float64]], str], ...] = (
        ("mislabelled", _from_degrees, "longitude and latitude, labelled British National Grid: converted"),
        ("swapped", _from_swapped_degrees, "latitude and longitude, in this order: converted"),
        ("swapped", _turned, "northing and easting, in this order: turned round"),
    )
    for code, way, why in ways:
        at = np.flatnonzero(~is_used & np.isfinite(shapely.bounds(shapes)).all(axis=1))
        if not len(at):
            break
        turned = shapely.transform(shapes[at], way)
        lies = _lies(turned)
        shapes[at[lies]] = turned[lies]
        is_used[at[lies]] = True
        notes.repair(rows[at[lies]], "geometry", code, "", "", why)
    notes.doubt(rows[~is_used], "geometry", "outside_britain", "", "its outline lies outside Great Britain: not used")
    return shapes, is_used


def _lies(shapes: NDArray[np.object_]) -> Flags:
    west, south, east, north = shapely.bounds(shapes).T
    return in_britain((west + east) / 2, (south + north) / 2)


def _from_degrees(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    is_degrees = (np.abs(xy[:, 0]) < 10) & (np.abs(xy[:, 1]) < 62)
    return np.column_stack(points_to_bng(*np.where(is_degrees[:, None], xy, np.nan).T))


def _from_swapped_degrees(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    return _from_degrees(xy[:, ::-1])


def _turned(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    return xy[:, ::-1]
