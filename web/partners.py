"""Who is there: institutions, networks and programmes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response

from atlas.snapshot import Atlas
from atlas.vocabulary import Kind, Relation
from web.maps import page_map
from web.names import find
from web.ties import commitments_of, others, ties_of
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
    rows = [(node, fields) for node, fields in atlas.graph.nodes(data=True) if fields["kind"] == kind]
    return sorted(rows, key=lambda row: str(row[1]["name"]).casefold())


@blueprint.get("/institutions")
def institutions() -> Response:
    """Answer with every institution."""

    def context() -> dict[str, Any]:
        atlas = visit().atlas
        sites = atlas.sites.groupby("institution").size().to_dict()
        rows = rows_of(atlas, Kind.INSTITUTION)
        networks = {node: len(others(atlas.graph, node, Kind.NETWORK)) for node, _ in rows}
        return {"rows": rows, "sites": sites, "networks": networks}

    return page("institutions.html", context)


@blueprint.get("/institutions/<wanted>")
def institution(wanted: str) -> Response:
    """Answer with one institution."""
    return _node_page(Kind.INSTITUTION, wanted, "institution.html")


@blueprint.get("/networks")
def networks() -> Response:
    """Answer with every network and programme."""

    def context() -> dict[str, Any]:
        atlas = visit().atlas
        rows = {kind: rows_of(atlas, kind) for kind in (Kind.NETWORK, Kind.PROGRAMME)}
        members = {node: len(others(atlas.graph, node, Kind.INSTITUTION)) for both in rows.values() for node, _ in both}
        return {"networks": rows[Kind.NETWORK], "programmes": rows[Kind.PROGRAMME], "members": members}

    return page("networks.html", context)


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
    owners = {node_id, *others(atlas.graph, node_id, Kind.INSTITUTION, Relation.MEMBER_OF)}
    sites = atlas.sites[atlas.sites["institution"].isin(owners)].sort_values("name").reset_index()
    ties = ties_of(atlas.graph, node_id)
    return {
        "node_id": node_id,
        "node": node,
        "ties": ties,
        "tie_count": sum(len(rows) for _, rows in ties),
        "sites": sites.to_dict("records"),
        "commitments": commitments_of(node),
        "reached": [area for area in atlas.gap_areas if node_id in (*area.networks, *area.programmes)],
        "map": page_map(node_id, small=True),
    }
