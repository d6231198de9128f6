"""Where sites stand, and whether that is where their postcode says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from atlas.errors import Faults
from atlas.geo.crs import BNG
from atlas.records import Partnerships, Site
from atlas.vocabulary import PositionBasis

FAR_FROM_POSTCODE_M: Final = 1_000.0
"""A unit postcode in and around London is rarely wider than this."""

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
