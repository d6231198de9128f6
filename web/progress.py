"""What was promised and what was reported; who is missing and how ready a network is, for programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request

from atlas.exports.progress import progress_csv, progress_document
from atlas.exports.seats import readiness_document, seats_document
from atlas.exports.text import json_text
from atlas.gaps.seats import seats_of_area, seats_of_network
from atlas.graph.figures import amount
from atlas.graph.lookup import find_node
from atlas.graph.progress import STATE_WORDS, all_tracks, commitments_in, count_states, tracks_of
from atlas.graph.readiness import readiness_of
from atlas.vocabulary import Kind
from web.api import refuse_unknown
from web.choices import FIELDS
from web.partners import node_of
from web.payloads import JSON, Body
from web.visit import house, page, tag, visit


def in_sentence(words: str) -> str:
    """Words of a list as they stand inside a sentence.

    Examples
    --------
    >>> in_sentence("Housing associations"), in_sentence("London government")
    ('housing associations', 'London government')
    """
    return words if words.startswith("London") else words[:1].lower() + words[1:]


blueprint = Blueprint("progress", __name__)
blueprint.add_app_template_filter(in_sentence)
blueprint.add_app_template_filter(amount)
blueprint.add_app_template_filter(STATE_WORDS.__getitem__, "state")


@blueprint.get("/progress")
def index() -> Response:
    """Answer with every commitment on record and how it stands."""

    def context() -> dict[str, Any]:
        graph = visit().atlas.graph
        tracks = all_tracks(graph)
        commitments = commitments_in(tracks)
        return {
            "commitments": commitments,
            "states": {state: count for state, count in count_states(commitments).items() if count},
            "bodies": len({one.node for one in commitments}),
            "unpromised": sum(not track.commitments for track in tracks),
        }

    return page("progress.html", context)


@blueprint.get("/api/v1/commitments")
def commitments() -> Response:
    """Answer with every metric, its targets and its reports, as JSON or CSV; of one node where one is named."""
    refuse_unknown("node", "format")
    here = visit()
    wanted, form = here.reader.last("node"), here.reader.last("format").lower() or "json"
    if form not in {"json", "csv"}:
        here.reader.refuse("format", form, "one of json, csv")
    atlas = here.atlas
    node = find_node(atlas.graph, wanted) if wanted else None

    def make() -> Body:
        tracks = tracks_of(atlas.graph, node) if node else all_tracks(atlas.graph)
        if form == "csv":
            headers = {"Content-Disposition": f'attachment; filename="atlas-commitments-{atlas.revision}.csv"'}
            return Body(progress_csv(atlas.graph, tracks).encode(), "text/csv; charset=utf-8", headers)
        about = {"node": node, "revision": atlas.revision}
        return Body(json_text(progress_document(atlas.graph, tracks, about)).encode(), JSON)

    return _answer(("commitments", node or "", form), make)


@blueprint.get("/api/v1/networks/<wanted>/seats", defaults={"kind": Kind.NETWORK})
@blueprint.get("/api/v1/programmes/<wanted>/seats", defaults={"kind": Kind.PROGRAMME})
def seats(wanted: str, kind: Kind) -> Response:
    """Answer with the sectors that a network's domains need, those it has and lacks, and who could take the seat."""
    refuse_unknown()
    atlas = visit().atlas
    node = node_of(kind, wanted.removeprefix(f"{kind}:"))

    def make() -> Body:
        found = seats_of_network(atlas.graph, node, atlas.inputs.areaset, atlas.sites, atlas.inputs.surveys)
        about = {"network": node, "revision": atlas.revision}
        return Body(json_text(seats_document(atlas.graph, found, about)).encode(), JSON)

    return _answer(("seats", node), make)


@blueprint.get("/api/v1/networks/<wanted>/readiness", defaults={"kind": Kind.NETWORK})
@blueprint.get("/api/v1/programmes/<wanted>/readiness", defaults={"kind": Kind.PROGRAMME})
def readiness(wanted: str, kind: Kind) -> Response:
    """Answer with the six elements of the how-to guide and what is on record of each; there is no score."""
    refuse_unknown()
    atlas = visit().atlas
    node = node_of(kind, wanted.removeprefix(f"{kind}:"))

    def make() -> Body:
        about = {"network": node, "revision": atlas.revision}
        return Body(json_text(readiness_document(readiness_of(atlas.graph, node), about)).encode(), JSON)

    return _answer(("readiness", node), make)


@blueprint.get("/api/v1/gaps/<wanted>/seats")
def area_seats(wanted: str) -> Response:
    """Answer with who could take a seat in a gap area: all draws are waited for, as for the area itself.

    Raises
    ------
    NotFoundError
        If no gap area has this id under these choices.
    """
    refuse_unknown(*FIELDS)
    atlas = visit().whole()
    area = atlas.gap_area(wanted)

    def make() -> Body:
        found = seats_of_area(atlas.graph, area, atlas.sites, atlas.inputs.surveys)
        about = {"gap_area": area.id, "revision": atlas.revision}
        return Body(json_text(seats_document(atlas.graph, found, about)).encode(), JSON)

    key = ("area-seats", atlas.revision, area.id)
    return house().payloads.respond(request, key, make, tag=tag(atlas.revision))


def _answer(key: tuple[str, ...], make: Callable[[], Body]) -> Response:
    revision = visit().atlas.revision
    return house().payloads.respond(request, (*key, revision), make, tag=tag(revision))
