"""What a client reads before it asks for features: landing page, conformance, collections and the definition."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import shapely

from web.library import Library
from web.ogc.asking import BBOX, DATETIME, LIMIT, F
from web.ogc.layers import LAYERS
from web.ogc.oas30 import MIMETYPE, as_oas30
from web.payloads import JSON
from web.programs.answering import GEOJSON
from web.programs.asking import OFFSET
from web.programs.describe import Schema, row_schema
from web.programs.openapi import describe
from web.programs.operations import Operation, feature, id_of, without_id
from web.programs.rows import Rows
from web.programs.table import AT, IN, Collection

CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
TITLE: Final = "Atlas London"
WORDS: Final = "Need, access, gap areas, sites, networks and land of anchor institutions in London, as layers."
_PARTS: Final = ("core", "geojson", "oas30")
_SHARED: Final = (IN, AT, LIMIT, OFFSET)
"""Told apart from the addresses: QGIS finds how long a page may be only there."""
CONFORMS: Final = [f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{part}" for part in _PARTS]


def link(rel: str, address: str, kind: str, title: str = "") -> dict[str, str]:
    """A link, as every document has them."""
    return {"rel": rel, "href": address, "type": kind} | ({"title": title} if title else {})


def landing(root: str) -> dict[str, Any]:
    """Where everything is."""
    links = [
        link("self", f"{root}/ogc", JSON, "This document"),
        link("service-desc", f"{root}/ogc/api", MIMETYPE, "The definition of this interface"),
        link("service-doc", f"{root}/api", "text/html", "The interface for programs, as a page"),
        link("conformance", f"{root}/ogc/conformance", JSON, "What this server conforms to"),
        link("data", f"{root}/ogc/collections", JSON, "Layers"),
    ]
    return {"title": TITLE, "description": WORDS, "links": links}


def collections(root: str, rows: dict[str, Rows]) -> dict[str, Any]:
    """Every layer."""
    found = [collection(root, LAYERS[name], of) for name, of in rows.items()]
    return {"links": [link("self", f"{root}/ogc/collections", JSON)], "collections": found}


def collection(root: str, layer: Collection, rows: Rows) -> dict[str, Any]:
    """One layer."""
    address = f"{root}/ogc/collections/{layer.name}"
    bounds = shapely.total_bounds(rows.shapes) if rows.shapes is not None and len(rows) else np.full(4, np.nan)
    box = [round(float(edge), 6) for edge in bounds]
    spatial = {"spatial": {"bbox": [box], "crs": CRS84}} if np.isfinite(bounds).all() else {}
    return {
        "id": layer.name,
        "title": layer.title,
        "description": layer.words,
        "itemType": "feature",
        "crs": [CRS84],
        **({"extent": spatial} if spatial else {}),
        "links": [
            link("self", address, JSON),
            link("items", f"{address}/items", GEOJSON, layer.title),
            link("describedby", f"{root}/api", "text/html", "What each feature says"),
        ],
    }


def definition(root: str, library: Library) -> dict[str, Any]:
    """The interface as an OpenAPI document."""
    operations = [*_shared(), *(one for layer in LAYERS.values() for one in _of_layer(layer))]
    # below the server's own path: GDAL looks for /collections/{id}/items, and then lets the server filter
    return as_oas30(describe(operations, library, TITLE, WORDS, _SHARED), f"{root}/ogc", "/ogc")


def _shared() -> list[Operation]:
    links: Schema = {"type": "array", "items": {"type": "object", "required": ["rel", "href"]}}

    def document(path: str, name: str, summary: str, **keys: Schema) -> Operation:
        schema = {"type": "object", "properties": keys, "required": [*keys]}
        return Operation(path, name, "About", summary, parameters=(F,), answers={JSON: schema})

    array: Schema = {"type": "array"}
    return [
        document("/ogc", "landing", "Where everything is", links=links),
        document("/ogc/conformance", "conformance", "What this server conforms to", conformsTo=array),
        document("/ogc/collections", "collections", "Layers", links=links, collections=array),
        *(
            document(f"/ogc/collections/{name}", name, layer.title, id={"const": name}, links=links)
            for name, layer in LAYERS.items()
        ),
    ]


def _of_layer(layer: Collection) -> list[Operation]:
    address = f"/ogc/collections/{layer.name}/items"
    one = feature(without_id(row_schema(layer.fields)))
    held = {
        "type": {"const": "FeatureCollection"},
        "numberMatched": {"type": "integer"},
        "numberReturned": {"type": "integer"},
        "links": {"type": "array"},
        "features": {"type": "array", "items": one},
    }
    several = {"type": "object", "properties": held, "required": [*held]}
    day = [field for field in layer.parameters if field.name == "at"]
    return [
        Operation(
            address,
            f"{layer.name}_items",
            layer.title,
            layer.title,
            layer.words,
            (BBOX, DATETIME, LIMIT, OFFSET, *layer.parameters, F),
            {GEOJSON: several},
            takes_choices=layer.is_measured,
        ),
        Operation(
            f"{address}/{{wanted}}",
            f"{layer.name}_item",
            layer.title,
            f"One {layer.one}",
            "",
            (id_of(layer.one), *day, F),
            {GEOJSON: one},
            takes_choices=layer.is_measured,
        ),
    ]
