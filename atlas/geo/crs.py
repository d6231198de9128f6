"""The coordinate systems: British National Grid inside, longitude and latitude at the edges, the Irish Grid read."""

from __future__ import annotations

from functools import cache
from typing import Final, TypeVar

import geopandas as gpd
import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import Transformer

from atlas.errors import QueryError

BNG: Final = "EPSG:27700"
"""British National Grid: eastings and northings in metres. All measuring is done in it."""

WGS84: Final = "EPSG:4326"
"""Longitude and latitude in degrees: for web maps, GeoJSON and what users bring."""

IRISH_GRID: Final = "EPSG:29902"
"""Metres in which publishers of the United Kingdom give places of Northern Ireland."""

Geo = TypeVar("Geo", gpd.GeoDataFrame, gpd.GeoSeries)


def to_bng(places: Geo) -> Geo:
    """Places in British National Grid.

    Parameters
    ----------
    places : geopandas.GeoDataFrame or geopandas.GeoSeries
        Geometries in any coordinate system, which must be set.

    Returns
    -------
    geopandas.GeoDataFrame or geopandas.GeoSeries
        The same rows in EPSG:27700, metres; within 2 m in London, or 0.1 m where PROJ finds the OSTN15 grid.

    Raises
    ------
    QueryError
        If `places` has no coordinate system.

    Examples
    --------
    >>> trafalgar_square = gpd.GeoSeries.from_xy([-0.128], [51.5075], crs=WGS84)
    >>> to_bng(trafalgar_square).x.round(-2).tolist()
    [530000.0]
    """
    return _to(places, BNG)


def to_wgs84(places: Geo) -> Geo:
    """Places in longitude and latitude.

    Parameters
    ----------
    places : geopandas.GeoDataFrame or geopandas.GeoSeries
        Geometries in any coordinate system, which must be set.

    Returns
    -------
    geopandas.GeoDataFrame or geopandas.GeoSeries
        The same rows in EPSG:4326, degrees, longitude first; as accurate as `to_bng`.

    Raises
    ------
    QueryError
        If `places` has no coordinate system.

    Examples
    --------
    >>> trafalgar_square = gpd.GeoSeries.from_xy([530030], [180380], crs=BNG)
    >>> to_wgs84(trafalgar_square).y.round(3).tolist()
    [51.507]
    """
    return _to(places, WGS84)


def points_to_bng(longitude: ArrayLike, latitude: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Eastings and northings of points.

    Parameters
    ----------
    longitude, latitude : array_like of float, shape (n,)
        Degrees, EPSG:4326.

    Returns
    -------
    x_m, y_m : numpy.ndarray of float, shape (n,)
        Metres, EPSG:27700; infinite or NaN where the point has no place on the grid.

    Examples
    --------
    >>> x_m, y_m = points_to_bng([-0.128], [51.5075])
    >>> x_m.round(-2).tolist(), y_m.round(-2).tolist()
    ([530000.0], [180400.0])
    """
    return _transform(WGS84, BNG, longitude, latitude)


def irish_to_bng(x_m: ArrayLike, y_m: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Eastings and northings of points of the Irish Grid.

    Parameters
    ----------
    x_m, y_m : array_like of float, shape (n,)
        Eastings and northings in metres, EPSG:29902.

    Returns
    -------
    x_m, y_m : numpy.ndarray of float, shape (n,)
        Metres, EPSG:27700; within 5 m.

    Examples
    --------
    >>> belfast_city_hall = irish_to_bng([333832], [374014])
    >>> [metres.round(-3).tolist() for metres in belfast_city_hall]
    [[146000.0], [529000.0]]
    """
    return _transform(IRISH_GRID, BNG, x_m, y_m)


def points_to_wgs84(x_m: ArrayLike, y_m: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitudes and latitudes of points.

    Parameters
    ----------
    x_m, y_m : array_like of float, shape (n,)
        Eastings and northings in metres, EPSG:27700.

    Returns
    -------
    longitude, latitude : numpy.ndarray of float, shape (n,)
        Degrees, EPSG:4326.

    Examples
    --------
    >>> longitude, latitude = points_to_wgs84([530030], [180380])
    >>> longitude.round(3).tolist(), latitude.round(3).tolist()
    ([-0.128], [51.507])
    """
    return _transform(BNG, WGS84, x_m, y_m)


def _to(places: Geo, crs: str) -> Geo:
    if places.crs is None:
        raise QueryError(f"these geometries have no coordinate system, so they cannot be put in {crs}: set one first")
    return places.to_crs(crs)


@cache
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def _transform(source: str, target: str, x: ArrayLike, y: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return _transformer(source, target).transform(np.asarray(x, dtype=float), np.asarray(y, dtype=float))
