"""Who is there: institutions, networks and programmes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, request, url_for

from atlas.gaps.seats import seats_of_network
from atlas.graph.bare import without_assets
from atlas.graph.guide import ELEMENTS
from atlas.graph.progress import Track, commitments_in, count_states, tracks_of
from atlas.graph.readiness import readiness_of
from atlas.snapshot import Atlas
from atlas.vocabulary import Kind, Relation
from web.chart import chart_of
from web.graph_drawing import ego_drawing
from web.land import estate_address, institution_land, members_land, partner_names
from web.maps import page_map
from web.names import find
from web.partner_lists import offered, read_wanted
from web.ties import others, succession_of, ties_of
from web.visit import names, page, visit

blueprint = Blueprint("partners", __name__)


def node_of(kind: Kind, wanted: str) -> str:
    """Id of the node that an address names.

    Raises
    ------
    NotFoundError
        If there is none; suggests near ones.
    """
    return f"{kind}:{find(names(), kind, wanted)}"


def rows_of(atlas: Atlas, kind: Kind) -> list[tuple[str, Mapping[str, Any]]]:
    """Nodes of a kind, by name."""
    rows = [(node, fields) for node, fields in without_assets(atlas.graph).nodes(data=True) if fields["kind"] == kind]
    return sorted(rows, key=lambda row: str(row[1]["name"]).casefold())


def list_page(template: str, kinds: tuple[Kind, ...]) -> Response:
    """Answer with the nodes of some kinds that a reader wants."""
    here, of_institutions = visit(), Kind.INSTITUTION in kinds
    wanted = read_wanted(here.reader, institutions=of_institutions)
    atlas = here.atlas

    def context() -> dict[str, Any]:
        graph = without_assets(atlas.graph)
        rows = {kind: rows_of(atlas, kind) for kind in kinds}
        whole = [row for found in rows.values() for row in found]
        other = Kind.NETWORK if of_institutions else Kind.INSTITUTION
        endpoint = request.endpoint or ""
        return {
            "rows": {kind.value: [row for row in found if wanted.holds(row)] for kind, found in rows.items()},
            "of": len(whole),
            "tied": {node: len(others(graph, node, other)) for node, _ in whole},
            "sites": atlas.sites.groupby("institution").size().to_dict() if of_institutions else {},
            "wanted": wanted,
            "offered": offered(whole, wanted, institutions=of_institutions),
            "here": url_for(endpoint),
            "everything": here.link(endpoint),
        }

    takes = ("find", "sector", "standing") if of_institutions else ("find", "works_on", "scale", "standing")
    return page(template, context, f"{here.address()} {sorted(wanted.fields().items())}", takes)


@blueprint.get("/institutions")
def institutions() -> Response:
    """Answer with every institution, or those of a sector, a standing, a name."""
    return list_page("institutions.html", (Kind.INSTITUTION,))


@blueprint.get("/institutions/<wanted>")
def institution(wanted: str) -> Response:
    """Answer with one institution."""
    return _node_page(Kind.INSTITUTION, wanted, "institution.html")


@blueprint.get("/networks")
def networks() -> Response:
    """Answer with every network and programme, or those of a domain, a scale, a standing, a name."""
    return list_page("networks.html", (Kind.NETWORK, Kind.PROGRAMME))


@blueprint.get("/programmes")
def programmes() -> Response:
    """Answer with every programme, or those of a domain, a scale, a standing, a name."""
    return list_page("networks.html", (Kind.PROGRAMME,))


@blueprint.get("/networks/<wanted>")
def network(wanted: str) -> Response:
    """Answer with one network."""
    return _node_page(Kind.NETWORK, wanted, "network.html")


@blueprint.get("/programmes/<wanted>")
def programme(wanted: str) -> Response:
    """Answer with one programme."""
    return _node_page(Kind.PROGRAMME, wanted, "network.html")


def _node_page(kind: Kind, wanted: str, template: str) -> Response:
    atlas = visit().atlas
    node_id = node_of(kind, wanted)
    return page(template, lambda: _node_context(atlas, node_id))


def _node_context(atlas: Atlas, node_id: str) -> dict[str, Any]:
    node = atlas.graph.nodes[node_id]
    members = others(atlas.graph, node_id, Kind.INSTITUTION, Relation.MEMBER_OF)
    owners = {node_id, *members}
    sites = atlas.sites[atlas.sites["institution"].isin(owners)].sort_values("name").reset_index()
    ties = ties_of(atlas.graph, node_id)
    before, after = succession_of(atlas.graph, node_id)
    return {
        "node_id": node_id,
        "node": node,
        "ties": ties,
        "tie_count": sum(len(rows) for _, rows in ties),
        "sites": sites.to_dict("records"),
        "progress": _progress(tracks_of(atlas.graph, node_id)),
        "before": before,
        "after": after,
        "within": atlas.inputs.extent(node_id),
        **(_table(atlas, node_id) if node["kind"] != Kind.INSTITUTION else {}),
        **(institution_land(atlas, node_id) if node["kind"] == Kind.INSTITUTION else members_land(atlas, members)),
        "partner_names": partner_names(atlas),
        "estate_address": estate_address,
        "reached": [area for area in atlas.gap_areas if node_id in (*area.networks, *area.programmes)],
        "map": page_map(node_id, small=True),
        "ego": ego_drawing(atlas, node_id),
    }


def _progress(tracks: Sequence[Track]) -> dict[str, Any]:
    """What a node promised and reported: how its commitments stand, its charts, and every metric."""
    counts = count_states(commitments_in(tracks))
    charts = [chart for track in tracks if (chart := chart_of(track))]
    return {"tracks": tracks, "states": {state: n for state, n in counts.items() if n}, "charts": charts}


def _table(atlas: Atlas, node_id: str) -> dict[str, Any]:
    """Who sits at a network's table, who is missing, and how ready it is."""
    here = atlas.inputs
    return {
        "seats": seats_of_network(atlas.graph, node_id, here.areaset, here.sites, here.surveys),
        "readiness": readiness_of(atlas.graph, node_id),
        "elements": ELEMENTS,
    }
