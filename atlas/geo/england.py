"""England as a whole: shapes for each zoom of a web map, and its districts in numbers."""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from atlas.errors import QueryError
from atlas.geo.areas import dissolve, inside_points
from atlas.geo.deprivation import Deprivation, deciles_of
from atlas.vocabulary import NeedDomain

WEB_MERCATOR: Final = "EPSG:3857"
"""The projection of web maps: metres that are stretched, by 1.65 at 53 degrees north. Nothing is measured in it."""

EQUATOR_M: Final = 40_075_016.685_578
STEPS: Final = 4096
"""Steps of a tile's grid, each way."""

PIXELS: Final = 256
"""Pixels of a tile on the screen, each way."""

TOLERANCE_PX: Final = 0.5
"""What a line may lose, in pixels: square root of the area of the triangle that a vertex adds."""

SPOT_STEPS: Final = 2
"""Half the side of the square that stands for an area too small for a zoom."""

MOST_DEPRIVED: Final = 1
"""The decile of the most deprived tenth."""


def step_m(zoom: int) -> float:
    """Return the step of a tile's grid at a zoom, in metres of the web's projection.

    Examples
    --------
    >>> round(step_m(6), 1)
    152.9
    """
    return float(EQUATOR_M / 2**zoom / STEPS)


def for_zoom(shapes: NDArray[Any], zoom: int) -> NDArray[Any]:
    """Make shapes as plain as a zoom can show: shared lines stay shared, and no area is lost.

    Parameters
    ----------
    shapes : numpy.ndarray of shapely.Geometry, shape (n,)
        Polygons that cover the land once, `WEB_MERCATOR`.
    zoom : int
        Of a web map: each is twice as near as the one before.

    Returns
    -------
    numpy.ndarray of shapely.Geometry, shape (n,)
        In the same order. An area too small for the grid of the tiles is a square at its place, so that it has a
        colour at every zoom.

    Examples
    --------
    >>> small, large = for_zoom(np.array([shapely.box(0, 0, 90, 90), shapely.box(90, 0, 90_000, 90_000)]), 6)
    >>> round(small.area / step_m(6) ** 2), round(large.area / step_m(6) ** 2) > 300_000
    (16, True)
    """
    step = step_m(zoom)
    simpler = np.array(shapely.coverage_simplify(shapes, TOLERANCE_PX * STEPS / PIXELS * step), dtype=object)
    west, south, east, north = shapely.bounds(simpler).T
    side = 2 * SPOT_STEPS * step
    # a shape without bounds has NaN for them, which is not at least anything
    is_seen = (np.minimum(east - west, north - south) >= side) & (shapely.area(simpler) >= 0.75 * side**2)
    middles = shapely.get_coordinates(shapely.point_on_surface(shapes[~is_seen]))
    x, y = (np.round(middles / step) * step).T
    half = side / 2
    simpler[~is_seen] = shapely.box(x - half, y - half, x + half, y + half)
    return simpler


AGREED: Final = 0.9
"""Share of a district's areas that must lie in one board: published outlines of boards cut through whole boroughs."""


def district_shapes(areas: gpd.GeoDataFrame, lads: pd.Series[str], boards: gpd.GeoSeries | None) -> gpd.GeoDataFrame:
    """Districts made of their small areas, each in the integrated care board that holds nearly all of them.

    Parameters
    ----------
    areas : geopandas.GeoDataFrame, shape (n, …)
        LSOAs by code, EPSG:27700.
    lads : pandas.Series
        GSS code of the district of each, by the code of the LSOA.
    boards : geopandas.GeoSeries, optional
        Integrated care boards by code, EPSG:27700.

    Returns
    -------
    geopandas.GeoDataFrame, shape (k, 4)
        `geometry`, `x_m`, `y_m` (the middle of the largest circle inside), `icb` (code; "" where fewer than `AGREED` of
        its areas lie in one), by GSS code (index name ``lad``).

    Examples
    --------
    >>> boxes = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]
    >>> areas = gpd.GeoDataFrame(geometry=boxes, index=["a", "b"], crs=27700)
    >>> district_shapes(areas, pd.Series({"a": "L", "b": "L"}), None).drop(columns="geometry").to_dict("index")
    {'L': {'x_m': 1.0, 'y_m': 0.5, 'icb': ''}}
    """
    districts = dissolve(areas[["geometry"]].assign(lad=lads.reindex(areas.index)), "lad")
    shapes = np.asarray(districts.geometry)
    middles = shapely.get_point(shapely.maximum_inscribed_circle(shapes, 500.0), 0)
    found = districts.assign(x_m=shapely.get_x(middles), y_m=shapely.get_y(middles), icb="")
    if boards is not None:
        found["icb"] = _boards_of(areas, lads, boards).reindex(found.index).fillna("")
    return gpd.GeoDataFrame(found.rename_axis("lad"))


def _boards_of(areas: gpd.GeoDataFrame, lads: pd.Series[str], boards: gpd.GeoSeries) -> pd.Series[str]:
    points = inside_points(areas.geometry)
    tree = shapely.STRtree(np.asarray(boards))
    # official outlines of boards are coarse: an islet may lie outside them all
    nearest = tree.nearest(shapely.points(points.to_numpy()))
    pairs = pd.DataFrame({"lad": lads.reindex(areas.index).to_numpy(), "icb": boards.index.to_numpy()[nearest]})
    counts = pairs.value_counts(["lad", "icb"]).rename("areas").reset_index()
    most = counts.sort_values(["areas", "icb"], ascending=[False, True]).drop_duplicates("lad").set_index("lad")
    whole = counts.groupby("lad")["areas"].sum().reindex(most.index)
    return most["icb"][most["areas"] >= AGREED * whole]


def percentiles(ranks: pd.Series[int]) -> pd.Series[float]:
    """Place each area among all of England's: 100 is the most deprived.

    Parameters
    ----------
    ranks : pandas.Series
        Rank 1 is most deprived; every area of England is there.

    Examples
    --------
    >>> percentiles(pd.Series([1, 2])).tolist()
    [75.0, 25.0]
    """
    return 100 * (len(ranks) - ranks + 0.5) / len(ranks)


def district_table(need: Deprivation, domain: NeedDomain) -> pd.DataFrame:
    """Describe every district by one measure of need.

    Parameters
    ----------
    need : Deprivation
        A release with all of England's areas.
    domain : NeedDomain
        Which measure.

    Returns
    -------
    pandas.DataFrame
        By GSS code (index name ``lad``), the most deprived first: `name`; `areas`, `people` (excluding prisoners);
        `percentile` (mean over its people; 100 is the most deprived); `worst_areas`, `worst_people` (areas, and
        people, in England's most deprived tenth of areas), `worst_share` (of its people); `rank` by `percentile`
        (1 is most deprived).

    Raises
    ------
    QueryError
        If the release has no ranks of such a measure.
    """
    if domain not in need.ranked_domains():
        raise QueryError(f"{need.release} has no ranks of {domain}, only of {', '.join(need.ranked_domains())}")
    people = need.populations["total"].astype(float)
    # some files give ranks alone: the tenths follow from them
    deciles = need.deciles if domain in need.deciles else deciles_of(need.ranks[[domain.value]], len(need.ranks))
    is_worst = deciles[domain.value] == MOST_DEPRIVED
    rows = pd.DataFrame(
        {
            "lad": need.names["lad"],
            "areas": 1,
            "people": people,
            "weighted": percentiles(need.ranks[domain.value]) * people,
            "worst_areas": is_worst.astype(int),
            "worst_people": people.where(is_worst, 0.0),
        }
    )
    sums = rows.groupby("lad").sum()
    total = sums["people"].where(sums["people"] > 0, 1.0)
    table = pd.DataFrame(
        {
            "name": need.names.groupby("lad")["lad_name"].first(),
            **{name: sums[name].astype(int) for name in ("areas", "people", "worst_areas", "worst_people")},
            "percentile": sums["weighted"] / total,
            "worst_share": sums["worst_people"] / total,
        }
    )
    table["rank"] = table["percentile"].rank(ascending=False, method="min").astype(int)
    return table.sort_values(["rank", "name"]).rename_axis("lad")
