"""The areas that a result speaks of: one census year's LSOAs with their boroughs and ICBs around them."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd


@dataclass(frozen=True, slots=True)
class AreaSet:
    """London's small areas of one census year, and what lies around them.

    Parameters
    ----------
    vintage : int
        Census year of the LSOA codes: 2011 or 2021.
    areas : geopandas.GeoDataFrame
        London's LSOAs, indexed by code (index name ``lsoa``), EPSG:27700: `name`, `lad`, `lad_name`, `msoa`,
        `msoa_name`, `population` (people), `x_m`, `y_m` (a point inside the area), `geometry`.
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
