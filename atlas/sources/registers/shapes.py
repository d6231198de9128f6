"""Geometries as files hold them, brought to the British National Grid: points and outlines, each whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely.geometry.base import BaseGeometry

from atlas.geo.crs import BNG, WGS84

_MERCATOR: Final = "EPSG:3857"
_MOST: Final = 0.5
_SURE: Final = 70
_DEGREES: Final = (-9.5, 49.0, 3.0, 61.5)
_METRES: Final = (0.0, 0.0, 700_000.0, 1_300_000.0)
_MERCATOR_METRES: Final = (-1_100_000.0, 6_200_000.0, 350_000.0, 8_800_000.0)
_POINT, _POLYGON, _POINTS, _POLYGONS, _MIXTURE = 0, 3, 4, 6, 7
_CROSSES_ITSELF: Final = "its outline crossed itself and was made valid"
_NO_OUTLINE: Final = "its geometry is a line and neither a point nor an outline"
_UNREADABLE: Final = "its geometry cannot be read"
_NOWHERE: Final = "its geometry is in no place that can be told"


@dataclass(frozen=True, slots=True)
class System:
    """How coordinates are to be taken.

    Parameters
    ----------
    crs : str or None
        Coordinate system, as pyproj takes it; None where it cannot be told.
    is_swapped : bool
        Whether latitude comes first.
    note : str
        How it was told; empty where the file states it and its values agree.
    """

    crs: str | None
    is_swapped: bool = False
    note: str = ""


def system_of(stated: str | None, wkb: pa.ChunkedArray, *, is_default: bool) -> System:
    """Tell the coordinate system by what a file states, and by its values where they speak against it.

    Parameters
    ----------
    stated : str or None
        As GDAL gives it.
    wkb : pyarrow.ChunkedArray of bytes
        Some geometries.
    is_default : bool
        Whether longitude and latitude are what GDAL says where nothing is stated.

    Returns
    -------
    System
    """
    x, y = _middles(wkb)
    in_degrees, in_swapped = _share(x, y, _DEGREES), _share(y, x, _DEGREES)
    in_metres, in_mercator = _share(x, y, _METRES) - in_degrees, _share(x, y, _MERCATOR_METRES)
    code = _code(stated)
    unsure = code is None or code in {WGS84, BNG}
    is_silent = stated is None or (is_default and code == WGS84)
    says = "The file does not state" if stated is None else f"The file states {code}, but its values are not; it has"
    if not unsure:
        return System(stated)
    for share, crs, is_swapped, words in (
        (in_degrees, WGS84, False, "longitude and latitude"),
        (in_swapped, WGS84, True, "latitude before longitude"),
        (in_metres, BNG, False, "metres of the British National Grid"),
        (in_mercator, _MERCATOR, False, "metres of Web Mercator"),
    ):
        if share <= _MOST:
            continue
        if code == crs and not is_swapped:
            return System(crs)
        if stated is None or is_silent:
            return System(crs, is_swapped, f"By their values the coordinates are {words}; the file says nothing else.")
        return System(crs, is_swapped, f"{says} {words}.")
    if stated is not None:
        return System(stated)
    return System(None, note="The file states no coordinate system, and its values fit none: no row has a place.")


def _code(stated: str | None) -> str | None:
    if stated is None:
        return None
    try:
        number = CRS.from_user_input(stated).to_epsg(min_confidence=_SURE)
    except CRSError:
        return None
    return f"EPSG:{number}" if number is not None else stated


def _middles(wkb: pa.ChunkedArray) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    bounds = shapely.bounds(_shapes(wkb))
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    return (bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2


def _share(x: NDArray[np.float64], y: NDArray[np.float64], box: tuple[float, float, float, float]) -> float:
    west, south, east, north = box
    return float(np.mean((x >= west) & (x <= east) & (y >= south) & (y <= north))) if len(x) else 0.0


def _shapes(wkb: pa.ChunkedArray) -> NDArray[np.object_]:
    return np.asarray(shapely.from_wkb(np.array(wkb.to_pylist(), dtype=object), on_invalid="ignore"), dtype=object)


def tidied(wkb: pa.ChunkedArray, system: System) -> tuple[NDArray[np.object_], dict[int, str]]:
    """Points and outlines in EPSG:27700, and what is odd about others.

    Parameters
    ----------
    wkb : pyarrow.ChunkedArray of bytes
        Geometries.
    system : System
        How their coordinates are to be taken.

    Returns
    -------
    geometry : numpy.ndarray of object, shape (n,)
        Points, polygons and multipolygons, valid and flat; None for the rest.
    odd : dict of int to str
        By position, what was wrong or mended.
    """
    shapes = shapely.force_2d(_shapes(wkb))
    is_given = np.array([bytes_ is not None for bytes_ in wkb.to_pylist()], dtype=bool)
    odd: dict[int, str] = {}
    _note(odd, is_given & shapely.is_missing(shapes), _UNREADABLE)
    shapes[shapely.is_empty(shapes)] = None
    if system.crs is None:
        _note(odd, ~shapely.is_missing(shapes), _NOWHERE)
        shapes[:] = None
    kinds = shapely.get_type_id(shapes)
    for at in np.flatnonzero(~np.isin(kinds, (-1, _POINT, _POLYGON, _POLYGONS))):
        shapes[at], words = _plain(shapes[at])
        if words:
            odd[int(at)] = words
    if system.is_swapped:
        shapes = shapely.transform(shapes, lambda pairs: pairs[:, ::-1])
    if system.crs not in {None, BNG}:
        shapes = gpd.GeoSeries(shapes, crs=system.crs).to_crs(BNG).to_numpy(object)
    is_lost = ~shapely.is_missing(shapes) & ~np.isfinite(shapely.bounds(shapes)).all(axis=1)
    _note(odd, is_lost, _NOWHERE)
    shapes[is_lost] = None
    for at in np.flatnonzero(~shapely.is_valid(shapes) & ~shapely.is_missing(shapes)):
        shapes[at] = _outlines(shapely.make_valid(shapes[at]))
        odd[int(at)] = _CROSSES_ITSELF if shapes[at] is not None else "its outline encloses nothing"
    return shapes, odd


def _note(odd: dict[int, str], flags: NDArray[np.bool_], words: str) -> None:
    odd.update(dict.fromkeys(np.flatnonzero(flags).tolist(), words))


def _plain(shape: BaseGeometry) -> tuple[BaseGeometry | None, str]:
    """A point or an outline for any other geometry, and what was done."""
    kind = shapely.get_type_id(shape)
    if kind == _POINTS:
        points = shapely.get_parts(shape)
        if len(points) == 1:
            return points[0], ""
        return shape.centroid, f"its geometry is {len(points)} points, and their middle was taken"
    if kind == _MIXTURE:
        outlines = _outlines(shape)
        if outlines is not None:
            return outlines, "its geometry is a mixture, and its outlines were taken"
    return None, _NO_OUTLINE


def _outlines(shape: BaseGeometry) -> BaseGeometry | None:
    """The parts of a geometry that enclose something, as one."""
    parts = [part for part in shapely.get_parts(shape, return_index=False) if part.area > 0]
    flat = [piece for part in parts for piece in shapely.get_parts(part)]
    flat = [piece for piece in flat if shapely.get_type_id(piece) == _POLYGON]
    if not flat:
        return None
    return flat[0] if len(flat) == 1 else shapely.union_all(flat)
