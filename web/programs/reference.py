"""The documentation of the interface: the OpenAPI document, and the page that is made of the same table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from web.library import Library
from web.payloads import Body
from web.programs.describe import Parameter, Schema, in_words, schema_of
from web.programs.openapi import MIMETYPE, all_parameters, document
from web.programs.operations import Operation, choices_of, of_collections
from web.programs.others import OTHERS
from web.programs.table import COLLECTIONS
from web.visit import digest, house, page, tag, visit


def openapi() -> Response:
    """Answer with the OpenAPI document."""
    library, root = house().library, request.root_path

    def make() -> Body:
        held = {**document(library), "servers": [{"url": root or "/"}]}
        return Body(json.dumps(held, ensure_ascii=False).encode(), MIMETYPE)

    revision = library.default.revision
    return house().payloads.respond(request, ("openapi", revision, digest(root)), make, tag=tag("openapi", revision))


def start() -> Answer:
    """Lead whoever asks for no collection to the list of them."""
    return redirect(url_for("programs.index"))


def index() -> Response:
    """Answer with the interface as a page."""
    return page("api.html", lambda: context(house().library))


def context(library: Library) -> Mapping[str, Any]:
    """What the page shows."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in (*of_collections(), *OTHERS):
        groups.setdefault(one.group, []).append(_shown(one, library))
    return {
        "groups": groups,
        "choices": [_field(one) for one in choices_of(library, borough=True)],
        "fields": {one.title: [(field, schema_of(field)) for field in one.fields] for one in COLLECTIONS},
        "revision": visit().atlas.revision,
    }


def _shown(one: Operation, library: Library) -> dict[str, Any]:
    choices = {choice.name for choice in choices_of(library, borough=True)}
    own = [field for field in all_parameters(one, library) if field in one.parameters or field.name not in choices]
    return {"operation": one, "parameters": [_field(field) for field in own], "forms": [*one.answers]}


def _field(one: Parameter) -> dict[str, Any]:
    return {"parameter": one, "allowed": one.allowed or _allowed(one.schema)}


def _allowed(schema: Schema) -> str:
    if "exclusiveMinimum" in schema:
        return f"a number above {schema['exclusiveMinimum']}, at most {schema['maximum']:g}"
    return in_words(schema)
