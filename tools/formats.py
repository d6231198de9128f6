"""Frames to bytes that are the same every time: no timestamp, no index, no library's own metadata, fixed settings."""

from __future__ import annotations

import json
from io import BytesIO

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from atlas.geo.crs import BNG


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """UTF-8, comma, LF, rows in the order of the index, the index first."""
    return frame.sort_index().to_csv(lineterminator="\n").encode()


def geoparquet_bytes(frame: gpd.GeoDataFrame) -> bytes:
    """GeoParquet 1.1, EPSG:27700, zstd, rows in the order of the index, the index first, geometry last."""
    frame = frame.sort_index()
    shapes = shapely.normalize(np.asarray(frame.geometry))
    columns = pd.DataFrame(frame.drop(columns="geometry")).reset_index()
    arrays = {name: columns[name].tolist() for name in columns}
    table = pa.table(arrays | {"geometry": list(shapely.to_wkb(shapes, byte_order=1))})
    table = table.replace_schema_metadata({"geo": json.dumps(_geo(shapes), sort_keys=True)})
    out = BytesIO()
    pq.write_table(table, out, compression="zstd", compression_level=19)
    return out.getvalue()


def _geo(shapes: NDArray[np.object_]) -> dict[str, object]:
    """GeoParquet's own metadata."""
    column = {
        "encoding": "WKB",
        "geometry_types": sorted({shape.geom_type for shape in shapes}),
        "crs": CRS(BNG).to_json_dict(),
        "bbox": shapely.total_bounds(shapes).tolist(),
    }
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
