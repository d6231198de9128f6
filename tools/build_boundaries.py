"""Build data/boundaries from the packages."""

from __future__ import annotations

import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from atlas.geo.areas import dissolve, surroundings_within
from atlas.parameters import MAX_CATCHMENT_M
from tools.formats import csv_bytes, geoparquet_bytes
from tools.inputs import areas_of, read_census, read_icbs_of_lsoas, read_lsoas, read_postcodes

LONDON = "E12000007"
ICBS_BEGAN = "2022-07-01"
MERGED_ON = "2026-04-01"
MERGER = {"E54000027": "E54000071", "E54000028": "E54000071"}
MERGED_NAME = "NHS West and North London Integrated Care Board"
LAST_DAY_BEFORE_MERGER = "2026-03-31"
ODS_CODES = {
    "E54000027": "QRV",
    "E54000028": "QMJ",
    "E54000029": "QMF",
    "E54000030": "QKK",
    "E54000031": "QWE",
    "E54000071": "Z9B2Z",
}
NAMES_SINCE_2011 = {"E06000060": "Buckinghamshire"}
"""Names of the districts that took another's place under a new name."""


def build(packages: Path) -> dict[str, bytes]:
    """Every file of data/boundaries that is built, by its path under data/.

    Parameters
    ----------
    packages : Path
        Folder of the wheels.
    """
    census = read_census(packages)
    everywhere = read_lsoas(packages).join(census, how="inner")
    areas = london_areas(everywhere)
    boroughs = boroughs_of(areas, read_icbs_of_lsoas(packages)["icb"])
    icbs = icbs_of(boroughs, read_icbs_of_lsoas(packages))
    near = surroundings_of(everywhere, boroughs)
    columns = ["name", "lad", "msoa", "population", "hectares", "geometry"]
    return {
        "boundaries/lsoa11_london.parquet": geoparquet_bytes(areas[columns]),
        "boundaries/lsoa11_surroundings.csv": csv_bytes(near),
        "boundaries/districts.csv": csv_bytes(districts_of(packages, everywhere.loc[near.index])),
        "boundaries/boroughs.csv": csv_bytes(pd.DataFrame(boroughs.drop(columns="geometry"))),
        "boundaries/boroughs.parquet": geoparquet_bytes(boroughs),
        "boundaries/icbs.parquet": geoparquet_bytes(icbs),
    }


def london_areas(everywhere: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """London's LSOAs, once their geometries are found sound."""
    areas = everywhere[everywhere["region"] == LONDON]
    shapes = np.asarray(areas.geometry)
    unsound = areas.index[~shapely.is_valid(shapes) | ~(shapely.area(shapes) > 0)]
    if len(unsound):
        sys.exit(f"rounding to whole metres spoilt the geometry of {', '.join(unsound)}")
    if not shapely.coverage_is_valid(shapes):
        sys.exit("rounding to whole metres left neighbouring LSOAs with different borders")
    return areas


def boroughs_of(areas: gpd.GeoDataFrame, icb_of_lsoa: pd.Series) -> gpd.GeoDataFrame:
    """Boroughs with their integrated care boards of 2022 and since April 2026."""
    boroughs = dissolve(areas, "lad").rename_axis("code")
    members = areas[["lad", "lad_name"]].assign(icb22=icb_of_lsoa).drop_duplicates().set_index("lad")
    if members["icb22"].isna().any() or not members.index.is_unique:
        sys.exit("a borough lies in no integrated care board, or in more than one")
    boroughs.insert(0, "name", members["lad_name"])
    boroughs.insert(1, "icb22", members["icb22"])
    boroughs.insert(2, "icb26", boroughs["icb22"].replace(MERGER))
    return boroughs


def icbs_of(boroughs: gpd.GeoDataFrame, icbs_of_lsoas: pd.DataFrame) -> gpd.GeoDataFrame:
    """Integrated care boards that serve or served London, each with its first and last day."""
    shapes = pd.concat([dissolve(boroughs, "icb22"), dissolve(boroughs, "icb26")]).rename_axis("code")
    icbs = shapes[~shapes.index.duplicated()].sort_index()
    names = icbs_of_lsoas.drop_duplicates().set_index("icb")["name"].to_dict() | {MERGER["E54000027"]: MERGED_NAME}
    icbs.insert(0, "name", icbs.index.map(names))
    icbs.insert(1, "ods", icbs.index.map(ODS_CODES))
    icbs.insert(2, "start", [MERGED_ON if code in MERGER.values() else ICBS_BEGAN for code in icbs.index])
    icbs.insert(3, "end", [LAST_DAY_BEFORE_MERGER if code in MERGER else "" for code in icbs.index])
    return icbs


def surroundings_of(everywhere: gpd.GeoDataFrame, boroughs: gpd.GeoDataFrame) -> pd.DataFrame:
    """LSOAs outside London within the widest catchment of its outline, as points."""
    outline = boroughs.union_all(method="coverage")
    west, south, east, north = outline.buffer(MAX_CATCHMENT_M).bounds
    outside = everywhere[everywhere["region"] != LONDON].cx[west:east, south:north]
    near = surroundings_within(outside, outline, MAX_CATCHMENT_M)
    near.insert(0, "name", outside["name"])
    near[["x_m", "y_m"]] = near[["x_m", "y_m"]].round().astype(int)
    return near[["name", "lad", "population", "x_m", "y_m"]]


def districts_of(packages: Path, near: gpd.GeoDataFrame) -> pd.DataFrame:
    """Districts of 2011 around London, with the code of today where it differs: that of most of their postcodes."""
    postcodes = read_postcodes(packages, near.total_bounds.tolist())
    today = postcodes["lad"].groupby(areas_of(postcodes, near).map(near["lad"])).agg(lambda codes: codes.mode()[0])
    names = near.groupby("lad")["lad_name"].first().rename_axis("code")
    districts = names.rename("name").to_frame().join(today.rename("today"))
    changed = districts["today"] != districts.index
    districts["superseded_by"] = districts["today"].where(changed, "")
    successor = districts["superseded_by"].map(NAMES_SINCE_2011).fillna(districts["name"])
    districts["superseded_by_name"] = successor.where(changed, "")
    return districts.drop(columns="today")
