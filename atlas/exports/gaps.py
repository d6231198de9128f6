"""Gap areas as JSON, CSV and GeoJSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely

from atlas.exports.text import csv_text, json_text
from atlas.gaps.briefs import GapArea
from atlas.gaps.explain import explain
from atlas.geo.crs import to_wgs84
from atlas.snapshot import Atlas

CSV_COLUMNS: Final = (
    "rank",
    "id",
    "name",
    "lad",
    "lad_name",
    "lads",
    "lad_names",
    "population",
    "verdict",
    "p_gap",
    "need",
    "need_percentile",
    "access",
    "access_percentile",
    "nearest_anchor_m",
    "nearest_anchors",
    "networks",
    "programmes",
    "local",
    "domains_missing",
    "local_domains_missing",
    "lsoas",
    "release",
    "revision",
    "draws",
)


def gaps_document(atlas: Atlas, areas: Iterable[GapArea]) -> dict[str, Any]:
    """Gap areas with all that a reader needs to rerun them, as JSON values.

    Need: a higher score is more deprived; `need_percentile` 100 is the most deprived. Access: anchor sites per
    person within reach, competition counted; `access_percentile` 100 is the best served.
    """
    return {
        "release": atlas.inputs.release.value,
        "revision": atlas.revision,
        "parameters": atlas.parameters.model_dump(mode="json"),
        "areas": [area_document(area) for area in areas],
    }


def area_document(area: GapArea) -> dict[str, Any]:
    """One gap area as JSON values."""
    return {field.name: _plain(getattr(area, field.name)) for field in fields(area)}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    return value.item() if hasattr(value, "item") else value


def gaps_json(atlas: Atlas, areas: Iterable[GapArea]) -> str:
    """`gaps_document` as text; refuses NaN."""
    return json_text(gaps_document(atlas, areas))


def explanation_json(atlas: Atlas, area: GapArea) -> str:
    """One gap area, and the questions that decide how sure it is with the numbers behind each answer."""
    reasons = explain(atlas.gaps, atlas.inputs.areaset.areas, area, atlas.assurance)
    return json_text({**gaps_document(atlas, [area]), "reasons": [_plain(reason) for reason in reasons]})


def gaps_csv(atlas: Atlas, areas: Iterable[GapArea]) -> str:
    """A row for each gap area, lists separated by semicolons."""
    constant = {"release": atlas.inputs.release.value, "revision": atlas.revision, "draws": atlas.parameters.draws}
    rows = []
    for area in areas:
        row = {**area_document(area), **constant}
        rows.append({**row, "nearest_anchors": [anchor["site"] for anchor in row["nearest_anchors"]]})
    return csv_text(CSV_COLUMNS, rows)


def _outline(shapes: gpd.GeoDataFrame) -> Any:
    outline = shapely.union_all(np.asarray(shapes.geometry))
    # RFC 7946, 3.1.6: outer rings run anticlockwise, holes clockwise.
    return json.loads(shapely.to_geojson(shapely.orient_polygons(outline)))


def gaps_geojson(atlas: Atlas, areas: Iterable[GapArea]) -> str:
    """Gap areas as GeoJSON features (RFC 7946: WGS84), properties as in `gaps_document`."""
    areas = tuple(areas)
    codes = [code for area in areas for code in area.lsoas]
    shapes = to_wgs84(atlas.inputs.areaset.areas.loc[codes, ["geometry"]])
    features = [
        {
            "type": "Feature",
            "id": area.id,
            "properties": area_document(area),
            "geometry": _outline(shapes.loc[list(area.lsoas)]),
        }
        for area in areas
    ]
    head = {key: value for key, value in gaps_document(atlas, ()).items() if key != "areas"}
    document = {"type": "FeatureCollection", **head, "features": features}
    return json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n"
