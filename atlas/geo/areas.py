"""The areas that a result speaks of: one census year's LSOAs with their boroughs and ICBs around them."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.errors import Faults, QueryError
from atlas.geo.crs import BNG


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class AreaSet:
    """London's small areas of one census year, and what lies around them.

    Parameters
    ----------
    vintage : int
        Census year of the LSOA codes: 2011 or 2021.
    areas : geopandas.GeoDataFrame
        London's LSOAs, indexed by code (index name ``lsoa``), EPSG:27700: `name`, `lad`, `lad_name`, `msoa`,
        `msoa_name`, `population` (people), `x_m`, `y_m` (a point inside the area), `geometry`; and `ward`, `ward_name`
        where a lookup has them.
    surroundings : pandas.DataFrame
        LSOAs outside London within one catchment of it, indexed by code: `population`, `x_m`, `y_m`, `lad`.
    boroughs : geopandas.GeoDataFrame
        Indexed by GSS code (index name ``lad``), EPSG:27700: `name`, `icb22`, `icb26` (GSS codes), `geometry`.
    icbs : geopandas.GeoDataFrame
        Integrated care boards, indexed by GSS code (index name ``icb``), EPSG:27700: `name`, `start`, `end`
        (ISO days, `end` empty where it stands today), `geometry`.
    """

    vintage: int
    areas: gpd.GeoDataFrame
    surroundings: pd.DataFrame
    boroughs: gpd.GeoDataFrame
    icbs: gpd.GeoDataFrame

    def borough_names(self) -> dict[str, str]:
        """Names of the boroughs by GSS code."""
        return {str(code): str(name) for code, name in self.boroughs["name"].items()}


def inside_points(geometry: gpd.GeoSeries) -> pd.DataFrame:
    """A point inside each area: its centroid where that lies inside, else a point that does.

    Parameters
    ----------
    geometry : geopandas.GeoSeries, shape (n,)
        Valid polygons, EPSG:27700.

    Returns
    -------
    pandas.DataFrame, shape (n, 2)
        `x_m`, `y_m`: easting and northing in metres, on the index of `geometry`.

    Examples
    --------
    >>> horseshoe = shapely.from_wkt("POLYGON ((0 0, 9 0, 9 9, 8 9, 8 1, 1 1, 1 9, 0 9, 0 0))")
    >>> horseshoe.contains(horseshoe.centroid)
    False
    >>> points = inside_points(gpd.GeoSeries([horseshoe], index=["E01000001"], crs=BNG))
    >>> horseshoe.contains(shapely.Point(points.loc["E01000001"]))
    True
    """
    shapes = np.asarray(geometry)
    centroids = shapely.centroid(shapes)
    outside = ~shapely.contains_properly(shapes, centroids)
    centroids[outside] = shapely.point_on_surface(shapes[outside])
    return pd.DataFrame({"x_m": shapely.get_x(centroids), "y_m": shapely.get_y(centroids)}, index=geometry.index)


def dissolve(areas: gpd.GeoDataFrame, by: str) -> gpd.GeoDataFrame:
    """Larger areas made of smaller ones.

    Parameters
    ----------
    areas : geopandas.GeoDataFrame, shape (n, …)
        Valid polygons.
    by : str
        The column that names the larger area of each.

    Returns
    -------
    geopandas.GeoDataFrame, shape (k, 1)
        `geometry`, indexed by the values of `by`, sorted, in the coordinate system of `areas`.

    Raises
    ------
    QueryError
        If there is no column `by`.

    Examples
    --------
    >>> halves = gpd.GeoDataFrame({"lad": ["A", "A"]}, geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])
    >>> dissolve(halves, "lad").area.to_dict()
    {'A': 2.0}
    """
    if by not in areas.columns:
        raise QueryError(f"there is no column {by!r} to dissolve by, only {', '.join(map(str, areas.columns))}")
    # the fast union is wrong, without a word, where neighbours overlap or their borders differ
    fits = shapely.coverage_is_valid(np.asarray(areas.geometry))
    return areas[[by, areas.geometry.name]].dissolve(by, method="coverage" if fits else "unary")


def surroundings_within(areas_outside: gpd.GeoDataFrame, london: BaseGeometry, distance_m: float) -> pd.DataFrame:
    """The areas outside London from which people reach into it, or to which Londoners go.

    Parameters
    ----------
    areas_outside : geopandas.GeoDataFrame, shape (n, …)
        LSOAs outside London, EPSG:27700, indexed by code, with `population` (people) and `lad` (GSS code).
    london : shapely.Geometry
        London's outline, EPSG:27700.
    distance_m : float
        How far from the outline a point inside the area may lie, metres.

    Returns
    -------
    pandas.DataFrame, shape (k, 4)
        `population`, `x_m`, `y_m`, `lad` of the areas within reach, in the order given.

    Raises
    ------
    QueryError
        If the distance is negative.

    Examples
    --------
    >>> outside = gpd.GeoDataFrame(
    ...     {"population": [1500, 1600], "lad": ["E07000103", "E07000096"]},
    ...     geometry=[shapely.box(12, 0, 14, 2), shapely.box(90, 0, 92, 2)],
    ...     index=["near", "far"],
    ... )
    >>> surroundings_within(outside, shapely.box(0, 0, 10, 10), 5)
          population   x_m  y_m        lad
    near        1500  13.0  1.0  E07000103
    """
    if distance_m < 0:
        raise QueryError(f"the distance must be 0 m or more, not {distance_m}")
    points = inside_points(areas_outside.geometry)
    shapely.prepare(london)
    within = np.asarray(shapely.dwithin(london, shapely.points(points.to_numpy()), distance_m))
    columns = pd.DataFrame(areas_outside[["population", "lad"]]).join(points)
    return columns.loc[within, ["population", "x_m", "y_m", "lad"]]


def check_areas(frame: gpd.GeoDataFrame, file: str, faults: Faults) -> None:
    """Look for what no calculation over areas survives, and record all of it.

    Errors: another coordinate system than EPSG:27700, no rows, a code that occurs twice, a geometry that is missing,
    not valid or without area, a population that is missing or negative. A population of zero is a warning.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        Areas indexed by code, in the order of the file; `population` is looked at where there is one.
    file : str
        The file's name, for the messages.
    faults : Faults
        Where the faults are recorded; rows are counted as a spreadsheet does, from 2.

    Examples
    --------
    >>> frame = gpd.GeoDataFrame({"population": [0]}, geometry=[shapely.box(0, 0, 1, 1)], index=["E01000001"], crs=BNG)
    >>> faults = Faults()
    >>> check_areas(frame.rename_axis("lsoa"), "areas.parquet", faults)
    >>> print(*faults)
    areas.parquet, row 2, column population: nobody lives in E01000001, found 0, expected a number of people above 0
    """
    if frame.crs is None or frame.crs != BNG:
        found = "none" if frame.crs is None else frame.crs.to_string()
        faults.add(file, "wrong coordinate system", f"{BNG} (British National Grid)", column="geometry", value=found)
    if frame.empty:
        faults.add(file, "there are no areas", "at least one row")
    header = str(frame.index.name or "code")
    for row in np.flatnonzero(frame.index.duplicated()).tolist():
        faults.add(file, "code occurs twice", "each code once", row=row + 2, column=header, value=frame.index[row])
    _check_geometry(frame.geometry, file, faults)
    if "population" in frame.columns:
        _check_population(frame["population"], file, faults)


def _check_geometry(geometry: gpd.GeoSeries, file: str, faults: Faults) -> None:
    shapes = np.asarray(geometry)
    missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    invalid = ~missing & ~shapely.is_valid(shapes)
    flat = ~missing & ~invalid & ~(shapely.area(shapes) > 0)
    for row in np.flatnonzero(missing | invalid | flat).tolist():
        found: str | None
        if missing[row]:
            problem, expected, found = "has no geometry", "a polygon", None
        elif invalid[row]:
            problem, expected, found = "is not valid", "a valid polygon", shapely.is_valid_reason(shapes[row])
        else:
            problem, expected, found = "has no area", "a polygon larger than 0 m²", shapes[row].geom_type
        faults.add(file, f"{geometry.index[row]} {problem}", expected, row=row + 2, column="geometry", value=found)


def _check_population(population: pd.Series[float], file: str, faults: Faults) -> None:
    people = pd.to_numeric(population, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    for row in np.flatnonzero(~(people > 0)).tolist():
        area, value, place = population.index[row], population.astype(object).iloc[row], row + 2
        if people[row] == 0:
            problem, expected = f"nobody lives in {area}", "a number of people above 0"
            faults.add(file, problem, expected, row=place, column="population", value=0, severity="warning")
        else:
            problem, found = f"{area} has no number of people", None if pd.isna(value) else value
            faults.add(file, problem, "0 or more", row=place, column="population", value=found)
