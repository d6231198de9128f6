"""The same answers for programs, and the map's geometry and values."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

from flask import Blueprint, Response, request

from atlas.exports.gaps import gaps_csv, gaps_geojson, gaps_json
from atlas.exports.graph import node_link
from web.choices import FIELDS
from web.payloads import JSON, Body
from web.visit import house, tag, visit

blueprint = Blueprint("api", __name__)

WRITERS: Final[dict[str, tuple[Callable[..., str], str]]] = {
    "json": (gaps_json, JSON),
    "csv": (gaps_csv, "text/csv; charset=utf-8"),
    "geojson": (gaps_geojson, "application/geo+json"),
}


def refuse_unknown(*known: str) -> None:
    """Refuse fields that this address does not have, since a misspelt one would be left out unseen."""
    reader = visit().reader
    for name in sorted(set(request.args) - set(known)):
        reader.refuse(name, request.args[name], "no such field here; there are " + ", ".join(known))


@blueprint.get("/api/v1/gaps")
def gaps() -> Response:
    """Answer with gap areas as JSON, CSV or GeoJSON, as `atlas gaps` prints them."""
    refuse_unknown(*FIELDS, "top", "format")
    here = visit()
    top = here.reader.number("top")
    form = here.reader.last("format").lower() or "json"
    if form not in WRITERS:
        here.reader.refuse("format", form, "one of " + ", ".join(WRITERS))
    atlas, borough = here.atlas, here.choices.borough
    write, mimetype = WRITERS[form]
    headers = (
        {} if form == "json" else {"Content-Disposition": f'attachment; filename="atlas-gaps-{atlas.revision}.{form}"'}
    )

    def make() -> Body:
        return Body(write(atlas, atlas.gap_areas_in(borough or None)[:top]).encode(), mimetype, headers)

    key = ("gaps", atlas.revision, borough, top, form)
    return house().payloads.respond(request, key, make, tag=tag(atlas.revision))


@blueprint.get("/api/v1/graph")
def graph() -> Response:
    """Answer with the partnership graph as node-link JSON."""
    refuse_unknown(*FIELDS)
    atlas = visit().atlas

    def make() -> Body:
        return Body(json.dumps(node_link(atlas.graph), ensure_ascii=False).encode(), JSON)

    return house().payloads.respond(request, ("graph", atlas.inputs.fingerprint), make, tag=tag(atlas.revision))


@blueprint.get("/healthz")
def healthz() -> Response:
    """Answer that the application is up, and with which revision."""
    revision = house().library.default.revision
    response = Response(json.dumps({"status": "ok", "revision": revision}), content_type=JSON)
    response.headers["Cache-Control"] = "no-store"
    return response
