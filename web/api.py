"""The same answers for programs, and the map's geometry and values."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

from flask import Blueprint, Response, request

from atlas.exports.gaps import explanation_json, gaps_csv, gaps_geojson, gaps_json
from atlas.exports.graph import node_link
from atlas.graph.bare import without_assets
from web.choices import FIELDS, GIVEN_ONCE
from web.payloads import JSON, Body
from web.visit import house, tag, version_of, visit

blueprint = Blueprint("api", __name__)

WRITERS: Final[dict[str, tuple[Callable[..., str], str]]] = {
    "json": (gaps_json, JSON),
    "csv": (gaps_csv, "text/csv; charset=utf-8"),
    "geojson": (gaps_geojson, "application/geo+json"),
}


def refuse_unknown(*known: str) -> None:
    """Refuse fields that this address does not have, and those given twice: either would be left out unseen."""
    reader = visit().reader
    # a page's form gives a field once for each box that is ticked
    is_for_programs = request.path.startswith("/api/")
    for name, given in sorted(request.args.lists()):
        if name not in known:
            there = "there are " + ", ".join(known) if known else "there are none"
            reader.refuse(name, given[-1], f"no such field here; {there}")
        elif len(given) > 1 and is_for_programs:
            reader.refuse(name, ", ".join(given), GIVEN_ONCE)


@blueprint.get("/api/v1/gaps")
def gaps() -> Response:
    """Answer with gap areas as JSON, CSV or GeoJSON, as `atlas gaps` prints them: all draws are waited for."""
    refuse_unknown(*FIELDS, "top", "format")
    here = visit()
    top = here.reader.number("top")
    form = here.reader.last("format").lower() or "json"
    if form not in WRITERS:
        here.reader.refuse("format", form, "one of " + ", ".join(WRITERS))
    atlas, borough = here.whole(), here.choices.borough
    write, mimetype = WRITERS[form]
    headers = (
        {} if form == "json" else {"Content-Disposition": f'attachment; filename="atlas-gaps-{atlas.revision}.{form}"'}
    )

    def make() -> Body:
        return Body(write(atlas, atlas.gap_areas_in(borough or None)[:top]).encode(), mimetype, headers)

    key = ("gaps", atlas.revision, borough, top, form)
    return house().payloads.respond(request, key, make, tag=tag(atlas.revision))


@blueprint.get("/api/v1/gaps/<wanted>")
def explanation(wanted: str) -> Response:
    """Answer with one gap area and why it is called what it is called.

    Raises
    ------
    NotFoundError
        If no gap area has this id under these choices.
    """
    refuse_unknown(*FIELDS)
    atlas = visit().whole()
    area = atlas.gap_area(wanted)
    version = version_of(atlas)

    def make() -> Body:
        return Body(explanation_json(atlas, area).encode(), JSON)

    return house().payloads.respond(request, ("explanation", *version, area.id), make, tag=tag(*version))


@blueprint.get("/api/v1/graph")
def graph() -> Response:
    """Answer with the partnership graph as node-link JSON; with what everybody holds, too, if `assets` is yes."""
    refuse_unknown("assets")
    here = visit()
    wanted = here.reader.last("assets").lower() or "no"
    if wanted not in {"yes", "no"}:
        here.reader.refuse("assets", wanted, "yes or no")
    atlas = here.atlas
    found = atlas.graph if wanted == "yes" else without_assets(atlas.graph)

    def make() -> Body:
        return Body(json.dumps(node_link(found), ensure_ascii=False).encode(), JSON)

    key = ("graph", wanted, atlas.inputs.fingerprint)
    return house().payloads.respond(request, key, make, tag=tag(atlas.revision, wanted))


@blueprint.get("/api/v1/progress")
def progress() -> Response:
    """Answer how far the work on the choices in the address has come, and with which revision they are answered."""
    refuse_unknown(*FIELDS)
    here = visit()
    # in this order: work that ends in between must not be called over with what was there before it
    made = here.library.progress(here.choices.release, here.choices.parameters)
    atlas = here.atlas
    state: dict[str, object] = {"done": made.done, "total": made.total, "is_over": made.is_over}
    state |= {"revision": atlas.revision, "is_assured": atlas.assurance is not None}
    response = Response(json.dumps(state), content_type=JSON)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/healthz")
def healthz() -> Response:
    """Answer that the application is up, and with which revision."""
    revision = house().library.default.revision
    response = Response(json.dumps({"status": "ok", "revision": revision}), content_type=JSON)
    response.headers["Cache-Control"] = "no-store"
    return response
