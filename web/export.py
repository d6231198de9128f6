"""Get the graph: every format, the research bundle, and how to cite them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, Response, request

from atlas.errors import NotFoundError
from atlas.exports.graph.archive import zipped
from atlas.exports.graph.bundle import bundle
from atlas.exports.graph.deposit import AUTHORS, LICENCE, about
from atlas.exports.graph.formats import FORMATS, GraphFormat
from atlas.graph.bare import without_assets
from atlas.pipeline import graph_sizes
from atlas.snapshot import Atlas, Inputs
from atlas.vocabulary import Release
from web.estate_desk import settings
from web.payloads import JSON, Body
from web.visit import House, house, page, tag, visit

blueprint = Blueprint("export", __name__)

BUNDLE: Final = "bundle"


def file_of(one: GraphFormat, revision: str, *, assets: bool = False) -> str:
    """Name of a format's file; it names the revision, and whether land and buildings are in it.

    Examples
    --------
    >>> from atlas.exports.graph.formats import graph_format
    >>> file_of(graph_format("csv"), "0123456789ab"), file_of(graph_format("gexf"), "0123456789ab")
    ('atlas-graph-0123456789ab-csv.zip', 'atlas-graph-0123456789ab.gexf')
    """
    held = "-with-assets" if assets else ""
    return f"atlas-graph-{revision}{held}{f'-{one.name}' if one.is_many else ''}.{one.ending}"


def bundle_of(revision: str) -> str:
    """Name of the research bundle's file."""
    return f"atlas-graph-{revision}-{BUNDLE}.zip"


@blueprint.get("/graph/export")
def index() -> Response:
    """Answer with every format of the graph, and how to cite it."""

    def context() -> dict[str, Any]:
        atlas = visit().atlas
        sizes = json.loads(house().payloads.hold(*_sizes(atlas.inputs, settings().workspace)).data)
        rows = [(one, file_of(one, atlas.revision), sizes[one.name]) for one in FORMATS]
        facts = about(without_assets(atlas.graph), atlas.inputs, atlas.revision)
        held_too = [(one, file_of(one, atlas.revision, assets=True)) for one in FORMATS] if _assets(atlas) else []
        shown = {"rows": rows, "with_assets": held_too, "assets": _assets(atlas), "facts": facts}
        return {**shown, "bundle": bundle_of(atlas.revision), "authors": AUTHORS, "terms": LICENCE}

    return page("graph_export.html", context)


@blueprint.get("/graph/export/<file>")
def download(file: str) -> Response:
    """Answer with one file.

    Raises
    ------
    NotFoundError
        If there is no such file under the choices in the address; names those that are.
    """
    atlas = visit().atlas
    files = {file_of(one, atlas.revision): (one, False) for one in FORMATS}
    if _assets(atlas):
        files |= {file_of(one, atlas.revision, assets=True): (one, True) for one in FORMATS}
    if file == bundle_of(atlas.revision):
        key: tuple[str, ...] = ("graph bundle", atlas.revision)
        return house().payloads.respond(request, key, lambda: _bundle(atlas), tag=tag(atlas.revision))
    if file not in files:
        raise NotFoundError("file of the graph", file, [*files, bundle_of(atlas.revision)])
    one, assets = files[file]
    response = house().payloads.respond(request, *_body(atlas, one, assets=assets), tag=tag(atlas.revision))
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


def hold_sizes(held: House, release: Release, workspace: Path) -> None:
    """Have the sizes of the graph's files ready, so that no reader waits until all are written."""
    held.payloads.hold(*_sizes(held.library.inputs(release), workspace))


def _sizes(inputs: Inputs, workspace: Path) -> tuple[tuple[str, str], Callable[[], Body]]:
    """Key and maker of the body that holds them."""

    def make() -> Body:
        return Body(json.dumps(graph_sizes(inputs, workspace)).encode(), JSON)

    return ("graph sizes", inputs.measured), make


def _assets(atlas: Atlas) -> int:
    """How many assets the graph has."""
    return len(atlas.graph) - len(without_assets(atlas.graph))


def _body(atlas: Atlas, one: GraphFormat, *, assets: bool = False) -> tuple[tuple[str, ...], Callable[[], Body]]:
    """Key and maker of a format's file, the same whatever is chosen: the graph does not follow from it."""
    graph = atlas.graph if assets else without_assets(atlas.graph)

    def make() -> Body:
        return Body(b"".join(one.pieces(graph, atlas.inputs)), one.mimetype)

    return ("graph file", one.name, "assets" if assets else "", atlas.inputs.fingerprint), make


def _bundle(atlas: Atlas) -> Body:
    made = bundle(without_assets(atlas.graph), atlas.inputs, atlas.parameters)
    files = {f"atlas-graph-{atlas.revision}/{name}": [data] for name, data in made.items()}
    headers = {"Content-Disposition": f'attachment; filename="{bundle_of(atlas.revision)}"'}
    return Body(zipped(files), "application/zip", headers)
