"""Where sites stand, and whether that is where their postcode says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import Point, box

from atlas.errors import Faults
from atlas.geo.crs import BNG
from atlas.records import Partnerships, Site
from atlas.vocabulary import PositionBasis

FAR_FROM_POSTCODE_M: Final = 1_000.0
"""A unit postcode in and around London is rarely wider than this."""

FAR_FROM_LONDON_M: Final = 50_000.0
"""No site of use lies farther beyond London than this."""

SITE_COLUMNS: Final = (
    "name",
    "institution",
    "institution_name",
    "sector",
    "kind",
    "postcode",
    "lad",
    "status",
    "x_m",
    "y_m",
    "capacity",
    "in_london",
)


def site_frame(partnerships: Partnerships, postcodes: pd.DataFrame, boroughs: pd.Index) -> gpd.GeoDataFrame:
    """Lay the sites of anchor institutions out as points.

    Parameters
    ----------
    partnerships : Partnerships
        Checked tables.
    postcodes : pandas.DataFrame
        Indexed by postcode: `easting_m`, `northing_m`; needed for sites without coordinates of their own.
    boroughs : pandas.Index
        GSS codes of London's boroughs.

    Returns
    -------
    geopandas.GeoDataFrame
        Indexed by node id (index name ``site``), sorted, EPSG:27700; the columns of `SITE_COLUMNS`. `capacity` is 1.
        Sites whose position is unknown are left out; `check_sites` names them.
    """
    institutions = {record.id: record for record in partnerships.institutions}
    rows = []
    for site in sorted(partnerships.sites, key=lambda site: site.id):
        owner = institutions.get(site.institution)
        position = _position(site, postcodes)
        if owner is None or not owner.is_anchor or position is None:
            continue
        rows.append(
            (
                site.id,
                site.name,
                owner.id,
                owner.name,
                owner.sector.value,
                site.kind.value,
                site.postcode,
                site.borough,
                site.status.value,
                *position,
                1.0,
                site.borough in boroughs,
            )
        )
    frame = pd.DataFrame(rows, columns=["site", *SITE_COLUMNS]).set_index("site")
    return gpd.GeoDataFrame(frame, geometry=gpd.points_from_xy(frame["x_m"], frame["y_m"]), crs=BNG)


def _position(site: Site, postcodes: pd.DataFrame) -> tuple[float, float] | None:
    if site.easting_m is not None and site.northing_m is not None:
        return float(site.easting_m), float(site.northing_m)
    if site.postcode in postcodes.index:
        return _number(postcodes, site.postcode, "easting_m"), _number(postcodes, site.postcode, "northing_m")
    return None


def _number(postcodes: pd.DataFrame, postcode: str, column: str) -> float:
    return float(np.asarray(postcodes.loc[postcode, column]))


def check_positions(rows: Iterable[tuple[int, Site]], postcodes: pd.DataFrame, boroughs: gpd.GeoDataFrame) -> Faults:
    """Find sites that have no position, or stand where their borough is not; needs no postcode of the others.

    Parameters
    ----------
    rows : iterable of (int, Site)
        Spreadsheet row and record.
    postcodes : pandas.DataFrame
        Indexed by postcode: `easting_m`, `northing_m`; those of sites without coordinates.
    boroughs : geopandas.GeoDataFrame
        London's boroughs by GSS code, EPSG:27700.
    """
    faults = Faults()
    west, south, east, north = boroughs.total_bounds
    around = box(
        west - FAR_FROM_LONDON_M, south - FAR_FROM_LONDON_M, east + FAR_FROM_LONDON_M, north + FAR_FROM_LONDON_M
    )
    for row, site in rows:
        position = _position(site, postcodes)
        if position is None:
            expected = "a live postcode, or coordinates"
            faults.add("sites.csv", "no such postcode", expected, row=row, column="postcode", value=site.postcode)
            continue
        in_london = site.borough in boroughs.index
        shape = boroughs.geometry.loc[site.borough] if in_london else around
        away_m = shape.distance(Point(position))
        if away_m > FAR_FROM_POSTCODE_M:
            place = f"in {boroughs['name'].loc[site.borough]} ({site.borough})" if in_london else "in or around London"
            expected = f"a position {place}, which is {away_m:,.0f} m away"
            value = f"{position[0]:.0f}; {position[1]:.0f}"
            faults.add("sites.csv", "stands elsewhere", expected, row=row, column="easting_m", value=value)
    return faults


def check_sites(rows: Iterable[tuple[int, Site]], postcodes: pd.DataFrame, names: dict[str, str]) -> Faults:
    """Find sites whose postcode does not exist, lies in another borough, or lies far from their coordinates.

    Parameters
    ----------
    rows : iterable of (int, Site)
        Spreadsheet row and record.
    postcodes : pandas.DataFrame
        Indexed by postcode: `lad`, `easting_m`, `northing_m`.
    names : dict of str to str
        Names of boroughs and districts by GSS code, for the messages.
    """
    faults = Faults()
    for row, site in rows:
        if site.postcode not in postcodes.index:
            faults.add(
                "sites.csv", "no such postcode", "a live postcode", row=row, column="postcode", value=site.postcode
            )
            continue
        lad = str(postcodes.loc[site.postcode, "lad"])
        if lad != site.borough:
            lies = f"{names.get(lad, 'a district')} ({lad}), where {site.postcode} lies"
            faults.add("sites.csv", "postcode in another borough", lies, row=row, column="borough", value=site.borough)
        if site.easting_m is None or site.northing_m is None:
            continue
        east_m, north_m = (_number(postcodes, site.postcode, column) for column in ("easting_m", "northing_m"))
        away_m = float(np.hypot(site.easting_m - east_m, site.northing_m - north_m))
        if away_m > FAR_FROM_POSTCODE_M or (site.position is PositionBasis.POSTCODE and away_m > 1.0):
            at = f"{east_m:.0f}; {north_m:.0f}, where {site.postcode} is ({away_m:,.0f} m away)"
            value = f"{site.easting_m}; {site.northing_m}"
            faults.add("sites.csv", "coordinates off their postcode", at, row=row, column="easting_m", value=value)
    return faults
