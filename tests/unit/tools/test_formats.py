from __future__ import annotations

from io import BytesIO

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
from shapely import box

from atlas.geo.crs import BNG
from tools.formats import csv_bytes, geoparquet_bytes


def frame() -> gpd.GeoDataFrame:
    index = pd.Index(["E2", "E1"], name="code")
    return gpd.GeoDataFrame({"name": ["b", "ä, a"]}, geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)], index=index, crs=BNG)


def test_csv_is_sorted_plain_text() -> None:
    assert csv_bytes(pd.DataFrame(frame()[["name"]])) == 'code,name\nE1,"ä, a"\nE2,b\n'.encode()


def test_geoparquet_comes_back_whole() -> None:
    back = gpd.read_parquet(BytesIO(geoparquet_bytes(frame())))
    assert back.columns.tolist() == ["code", "name", "geometry"]
    assert back["code"].tolist() == ["E1", "E2"]
    assert back.geometry.iloc[0].equals(box(1, 0, 2, 1))
    assert back.crs == BNG


def test_the_order_of_rows_changes_no_byte() -> None:
    assert geoparquet_bytes(frame()) == geoparquet_bytes(frame().iloc[::-1])


def test_nothing_is_written_about_the_libraries_of_the_day() -> None:
    metadata = pq.read_schema(BytesIO(geoparquet_bytes(frame()))).metadata
    assert list(metadata) == [b"geo"]
    assert b"creator" not in metadata[b"geo"]
