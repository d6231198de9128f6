"""An England of a hundred squares in four districts of two boards, need rising to the east."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from atlas.geo.deprivation import Deprivation, deciles_of
from atlas.geo.england import district_shapes
from atlas.sources.england import England
from atlas.sources.tiles import read_tiles, write_tiles
from atlas.vocabulary import NeedDomain, Release
from tests.toy import HOSTILE

SIDE_M = 20_000
COUNT = 100
KEY = "0123456789abcdef"
LADS = ("E06000001", "E06000002", "E07000001", "E07000002")
NAMES = ("North West", "South West", HOSTILE, "South East")
LEAST, GREATEST = 5, 7


def toy_need() -> Deprivation:
    """Rank 1 is in the east; by crime, in the west."""
    codes = pd.Index([f"E0100{number:04d}" for number in range(COUNT)], name="lsoa")
    column, row = np.divmod(np.arange(COUNT), 10)
    lad = 2 * (column >= 5) + (row < 5)
    ranks = pd.DataFrame({"overall": COUNT - np.arange(COUNT), "crime": 1 + np.arange(COUNT)}, index=codes)
    names = [NAMES[place] for place in lad]
    return Deprivation(
        release=Release.IOD2025,
        vintage=2021,
        is_estimate=False,
        scores=(COUNT - ranks).astype(float),
        ranks=ranks,
        deciles=deciles_of(ranks, COUNT),
        populations=pd.DataFrame({"total": 1_000 + np.arange(COUNT)}, index=codes),
        names=pd.DataFrame(
            {
                "name": [f"{name} {number:03d}A" for number, name in enumerate(names)],
                "lad": [LADS[place] for place in lad],
                "lad_name": names,
            },
            index=codes,
        ),
    )


def toy_areas() -> gpd.GeoDataFrame:
    """The squares, by code, EPSG:27700."""
    column, row = np.divmod(np.arange(COUNT), 10)
    x, y = 400_000 + column * SIDE_M, 200_000 + row * SIDE_M
    return gpd.GeoDataFrame(geometry=shapely.box(x, y, x + SIDE_M, y + SIDE_M), index=toy_need().names.index, crs=27700)


@cache
def toy_england() -> England:
    """As `read_england` would give it."""
    need, areas = toy_need(), toy_areas()
    west = shapely.box(400_000, 200_000, 500_000, 400_000)
    boards = gpd.GeoSeries([west, shapely.box(500_000, 200_000, 600_000, 400_000)], index=["E1", "E2"], crs=27700)
    districts = district_shapes(areas, need.names["lad"], boards)
    districts.insert(0, "name", list(NAMES))
    districts["icb_name"] = districts["icb"].map({"E1": "West Board", "E2": "East Board"})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tiles.pmtiles"
        write_tiles(areas.geometry, path, range(LEAST, GREATEST + 1))
        archive = read_tiles(path)
    assert NeedDomain.CRIME in need.domains()
    return England(KEY, need, districts, archive, 2022)
