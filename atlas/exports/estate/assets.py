"""Chosen assets as CSV, GeoJSON and GeoPackage: what one viewer may see, since nothing else is in an estate."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from atlas.assets import NUMBER_COLUMNS, TEXT_COLUMNS
from atlas.exports.gdal import clock_at
from atlas.exports.text import UNSAFE_START
from atlas.geo.crs import BNG, points_to_wgs84
from atlas.geo.estate.model import Estate

Positions = NDArray[np.intp]

COLUMNS: Final = (
    "asset",
    "place",  # id of the first interest in the same place: counted by it, a place counts once
    "partner",
    "partner_name",
    "register",
    "register_as_of",
    "row",
    *TEXT_COLUMNS,
    "is_sensitive",
    "placed_by",
    "lad",
    *NUMBER_COLUMNS,
    "extra",
    "outcome",
)
"""Columns of every format; CSV has `longitude` and `latitude` besides, the others a geometry."""

EARLIEST: Final = "1970-01-01"
"""Stamp of a GeoPackage whose registers bear no date."""

POINTS: Final = "assets"
OUTLINES: Final = "asset_outlines"


def table(estate: Estate, positions: Positions) -> pd.DataFrame:
    """The chosen assets with who holds them and of which day their register speaks.

    Parameters
    ----------
    estate : Estate
        Assets and registers.
    positions : numpy.ndarray of int, shape (k,)
        From `atlas.geo.estate.select.select`.

    Returns
    -------
    pandas.DataFrame
        `COLUMNS`, in the order of the positions.
    """
    first = pd.Series(estate.assets.index).groupby(estate.group).transform("first")
    rows = estate.assets.iloc[positions].reset_index(names="asset")
    rows["place"] = first.to_numpy(object)[positions]
    for name, of in (("partner_name", "partner_name"), ("register_as_of", "as_of")):
        rows[name] = rows["register"].map(estate.registers[of].to_dict()).fillna("")
    return rows[list(COLUMNS)]


def assets_csv(estate: Estate, positions: Positions) -> bytes:
    """Write assets as CSV that a spreadsheet may open: no text in it starts a formula.

    Parameters
    ----------
    estate, positions
        As in `table`.

    Returns
    -------
    bytes
        UTF-8 with a byte order mark, by which spreadsheets know it; positions in both coordinate systems.
    """
    rows = table(estate, positions)
    longitude, latitude = points_to_wgs84(rows["x_m"], rows["y_m"])
    rows["longitude"] = np.where(np.isfinite(longitude), longitude, np.nan).round(6)
    rows["latitude"] = np.where(np.isfinite(latitude), latitude, np.nan).round(6)
    rows["is_sensitive"] = rows["is_sensitive"].map({True: "true", False: "false"})
    for name in rows.columns:
        if not pd.api.types.is_numeric_dtype(rows[name]):
            text = rows[name].fillna("").astype("str")
            rows[name] = text.where(~text.str.startswith(UNSAFE_START), "'" + text)
    return rows.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def assets_geojson(estate: Estate, positions: Positions) -> bytes:
    """Write assets as GeoJSON (RFC 7946): longitude and latitude, outlines where there are some, else points.

    An asset that is nowhere has no geometry. Text is raw: GeoJSON runs no formula.

    Parameters
    ----------
    estate, positions
        As in `table`.
    """
    rows = table(estate, positions)
    shapes = shapely.transform(_shapes(estate, positions), _to_degrees)
    # RFC 7946 wants outer rings to run the other way than GIS files do
    written = shapely.to_geojson(shapely.orient_polygons(shapes))
    properties = json.loads(rows.to_json(orient="records", double_precision=4))
    features = (
        {
            "type": "Feature",
            "id": own["asset"],
            "geometry": None if shape is None else json.loads(shape),
            "properties": own,
        }
        for own, shape in zip(properties, written, strict=True)
    )
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False, allow_nan=False) for feature in features)
    return f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n'.encode()


def assets_geopackage(estate: Estate, positions: Positions) -> bytes:
    """Write assets as a GeoPackage in EPSG:27700: `assets` are points, `asset_outlines` those with an outline.

    Every asset is in one layer; one that is nowhere is among the points, without a geometry. Text is raw: a GeoPackage
    is a database, which runs no formula; whoever takes a layer on into a spreadsheet should take the CSV.

    Parameters
    ----------
    estate, positions
        As in `table`.
    """
    import pyogrio  # noqa: PLC0415 -- it loads all of GDAL: only for who needs that

    frame = gpd.GeoDataFrame(table(estate, positions), geometry=_shapes(estate, positions), crs=BNG)
    has_outline = estate.has_outline[positions]
    days = [day for day in estate.registers["as_of"].astype(str) if len(day) == len(EARLIEST)]
    with tempfile.TemporaryDirectory() as folder, clock_at(max(days, default=EARLIEST)):
        path = Path(folder) / "assets.gpkg"
        pyogrio.write_dataframe(frame[~has_outline], path, layer=POINTS, geometry_type="Point")
        if has_outline.any():
            outlines = frame[has_outline]
            outlines = outlines.set_geometry([_as_multi(shape) for shape in outlines.geometry], crs=BNG)
            pyogrio.write_dataframe(outlines, path, layer=OUTLINES, append=True, geometry_type="MultiPolygon")
        return path.read_bytes()


def _as_multi(shape: Any) -> Any:
    return shape if shape.geom_type == "MultiPolygon" else shapely.MultiPolygon([shape])


def _shapes(estate: Estate, positions: Positions) -> NDArray[np.object_]:
    """The outline of each asset, else its point; None where it is nowhere."""
    xy = estate.xy[positions]
    shapes = np.full(len(positions), None, dtype=object)
    is_somewhere = np.isfinite(xy).all(axis=1)
    shapes[is_somewhere] = shapely.points(xy[is_somewhere])
    has_outline = estate.has_outline[positions]
    shapes[has_outline] = shapely.from_wkb(estate.assets["wkb"].to_numpy(object)[positions[has_outline]])
    return shapes


def _to_degrees(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack(points_to_wgs84(xy[:, 0], xy[:, 1])).round(6)


WRITERS: Final[dict[str, Callable[[Estate, Positions], bytes]]] = {
    "csv": assets_csv,
    "geojson": assets_geojson,
    "gpkg": assets_geopackage,
}
"""By the last part of a file's name."""

MIMETYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
}
"""What each is to a browser."""
