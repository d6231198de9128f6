"""OGC API Features, Part 1: layers that QGIS, ArcGIS and GDAL add by their address alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from atlas.errors import NotFoundError
from web.choices import Reader
from web.ogc import documents
from web.ogc.asking import F, base, positions, read_items
from web.ogc.layers import LAYERS, telling_first
from web.ogc.oas30 import MIMETYPE
from web.payloads import JSON, Body
from web.programs.answering import GEOJSON, compact, feature_collection, features, find, respond
from web.programs.asking import CHOICES, read, read_fields
from web.programs.paging import address, pages
from web.programs.rows import Rows
from web.programs.table import Collection, State
from web.visit import digest, house, tag

blueprint = Blueprint("ogc", __name__)

_FIELDS: Final = sorted({*CHOICES, *(one.name for layer in LAYERS.values() for one in layer.parameters)})
"""What a layer may be asked with: QGIS puts it into the address of every document that it reads first."""


def _layer(name: str) -> Collection:
    if name not in LAYERS:
        raise NotFoundError("layer", name, LAYERS)
    return LAYERS[name]


def _document(name: str, make: Callable[[str], dict[str, Any]], kind: str = JSON) -> Response:
    reader = Reader(MultiDict())
    read_fields(reader, (F,), *_FIELDS)
    reader.done()
    root, revision = base(), house().library.default.revision
    key = ("ogc", name, revision, digest(root))
    return house().payloads.respond(request, key, lambda: Body(compact(make(root)), kind), tag=tag("ogc", revision))


def _rows(layer: Collection) -> Rows:
    library = house().library
    return layer.held(State(library.atlas(library.releases[0], library.default.parameters)))


@blueprint.get("/ogc")
@blueprint.get("/ogc/", endpoint="landing_of_paths")
def landing() -> Response:
    """Answer with where everything is."""
    return _document("landing", documents.landing)


@blueprint.get("/ogc/api")
def definition() -> Response:
    """Answer with the definition of this interface."""
    library = house().library
    return _document("api", lambda root: documents.definition(root, library), MIMETYPE)


@blueprint.get("/ogc/conformance")
def conformance() -> Response:
    """Answer with what this server conforms to."""
    return _document("conformance", lambda _: {"conformsTo": documents.CONFORMS})


@blueprint.get("/ogc/collections")
def collections() -> Response:
    """Answer with every layer."""
    return _document(
        "collections", lambda root: documents.collections(root, {name: _rows(layer) for name, layer in LAYERS.items()})
    )


@blueprint.get("/ogc/collections/<name>")
def collection(name: str) -> Response:
    """Answer with one layer.

    Raises
    ------
    NotFoundError
        If there is none of this id.
    ChoiceError
        If a field cannot be used.
    """
    layer = _layer(name)
    asked, root = read(layer, F)[0], base()

    def make() -> Body:
        rows = asked.rows()
        return Body(compact(documents.collection(root, layer, rows.take(asked.positions(rows)))), JSON)

    return respond(asked, f"ogc about {name}", f"{root} {request.full_path}", make)


@blueprint.get("/ogc/collections/<name>/items")
def items(name: str) -> Response:
    """Answer with a page of the features of a layer.

    Raises
    ------
    NotFoundError
        If there is no such layer.
    ChoiceError
        If a field cannot be used.
    """
    layer = _layer(name)
    asked, root = read_items(layer), base()

    def make() -> Body:
        rows = asked.rows()
        matched = telling_first(layer, rows, positions(asked, rows))
        shown = matched[asked.offset : asked.offset + asked.limit]
        here = f"{root}/ogc/collections/{name}"
        others = pages(request, asked.limit, asked.offset, len(matched))
        there = {"self": address(request, asked.limit, asked.offset), **others}
        links = [
            *(documents.link(rel, f"{here}/items?{at.partition('?')[2]}", GEOJSON) for rel, at in there.items() if at),
            documents.link("collection", here, JSON),
        ]
        about = {"numberMatched": len(matched), "numberReturned": len(shown), "links": links}
        return Body(feature_collection(about, features(rows, shown)), GEOJSON)

    return respond(asked, f"ogc {name}", f"{root} {request.full_path}", make)


@blueprint.get("/ogc/collections/<name>/items/<wanted>")
def item(name: str, wanted: str) -> Response:
    """Answer with one feature of a layer.

    Raises
    ------
    NotFoundError
        If there is no such layer, or none of this id in it.
    """
    layer = _layer(name)
    asked, _ = read(layer, F, one=True)
    rows, root = asked.rows(), base()
    found = find(rows, layer, wanted)
    here = f"{root}/ogc/collections/{name}"

    def make() -> Body:
        own = rows.frame.index[found[0]]
        links = [
            documents.link("self", f"{here}/items/{own}", GEOJSON),
            documents.link("collection", here, JSON),
        ]
        text = next(iter(features(rows, found)))
        return Body(f'{text[:-1]},"links":{json.dumps(links, ensure_ascii=False)}}}'.encode(), GEOJSON)

    return respond(asked, f"ogc item {name}", f"{root} {request.full_path}", make)
