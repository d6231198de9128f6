from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from shapely import box

from atlas.geo.crs import BNG
from tools.build_boundaries import LONDON, boroughs_of, icbs_of, london_areas

WEST, CENTRAL, EAST, MERGED = "E54000027", "E54000028", "E54000029", "E54000071"


def lsoas(*shapes: shapely.Geometry) -> gpd.GeoDataFrame:
    codes = [f"E0{number}" for number in range(1, len(shapes) + 1)]
    lads = [f"E0900000{number}" for number in range(1, len(shapes) + 1)]
    columns = {"region": LONDON, "lad": lads, "lad_name": lads}
    return gpd.GeoDataFrame(columns, geometry=list(shapes), index=pd.Index(codes, name="code"), crs=BNG)


def test_areas_outside_london_are_left_out() -> None:
    everywhere = lsoas(box(0, 0, 1, 1), box(1, 0, 2, 1))
    everywhere.loc["E02", "region"] = "E12000008"
    assert london_areas(everywhere).index.tolist() == ["E01"]


def test_a_spoilt_geometry_stops_the_build() -> None:
    bow_tie = shapely.from_wkt("POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))")
    with pytest.raises(SystemExit, match="spoilt the geometry of E02"):
        london_areas(lsoas(box(5, 0, 6, 1), bow_tie))


def test_neighbours_with_different_borders_stop_the_build() -> None:
    with pytest.raises(SystemExit, match="different borders"):
        london_areas(lsoas(box(0, 0, 2, 1), box(1, 0, 3, 1)))


def test_two_icbs_end_where_the_merged_one_starts() -> None:
    areas = lsoas(box(0, 0, 1, 1), box(1, 0, 2, 1), box(2, 0, 3, 1))
    of_lsoas = pd.DataFrame({"icb": [WEST, CENTRAL, EAST], "name": ["West", "Central", "East"]}, index=areas.index)
    boroughs = boroughs_of(areas, of_lsoas["icb"])
    assert boroughs["icb26"].tolist() == [MERGED, MERGED, EAST]
    icbs = icbs_of(boroughs, of_lsoas)
    assert icbs.index.tolist() == [WEST, CENTRAL, EAST, MERGED]
    assert icbs["start"].tolist() == ["2022-07-01", "2022-07-01", "2022-07-01", "2026-04-01"]
    assert icbs["end"].tolist() == ["2026-03-31", "2026-03-31", "", ""]
    assert icbs.geometry[MERGED].equals(box(0, 0, 2, 1))


def test_a_borough_in_two_icbs_stops_the_build() -> None:
    areas = lsoas(box(0, 0, 1, 1), box(1, 0, 2, 1)).assign(lad="E09000001", lad_name="A")
    with pytest.raises(SystemExit, match="or in more than one"):
        boroughs_of(areas, pd.Series([WEST, EAST], index=areas.index))
