"""Resilience: what breaks when a node leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import networkx as nx

from atlas.errors import QueryError
from atlas.graph.bare import without_assets
from atlas.graph.measures.actors import actor_stands, projection, tie_stands
from atlas.graph.measures.affiliation import TAKES_PART
from atlas.vocabulary import Kind, Relation

ROLES: Final = (Relation.CONVENES, Relation.HOSTS, Relation.CHAIRS, Relation.DELIVERS, Relation.FUNDS)
"""What a network or programme may have somebody for, the gravest first."""


@dataclass(frozen=True, slots=True)
class RoleLost:
    """A network or programme that loses the only one who did something for it.

    Parameters
    ----------
    node : str
        Its id.
    role : Relation
        What nobody does for it any more, on record.
    """

    node: str
    role: Relation


@dataclass(frozen=True, slots=True)
class Departure:
    """What breaks when a node leaves.

    Parameters
    ----------
    node : str
        Who leaves.
    ties : int
        To how many others it was tied.
    components_before, components_after : int
        Parts of the graph that no tie joins, a node without ties being one; the leaving node is counted before only.
    pairs_before, pairs_cut : int
        Pairs of others that a chain of ties joined, and those of them that none joins any more.
    parts : tuple of tuple of str
        What the node's own part falls into, the largest first; one where it holds, none where the node was alone.
    roles_lost : tuple of RoleLost
        Networks and programmes that lose their only convenor, host, chair, deliverer or funder.
    without_network : tuple of str
        Institutions left without any network or programme.
    without_tie : tuple of str
        Who is left without any tie.
    """

    node: str
    ties: int
    components_before: int
    components_after: int
    pairs_before: int
    pairs_cut: int
    parts: tuple[tuple[str, ...], ...]
    roles_lost: tuple[RoleLost, ...]
    without_network: tuple[str, ...]
    without_tie: tuple[str, ...]


def departure(graph: nx.MultiDiGraph[str], node: str, ties: nx.Graph[str] | None = None) -> Departure:
    """Say what breaks when a node leaves; the graph stays as it is.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `atlas.graph.build.build` or `atlas.graph.timeline.as_at`.
    node : str
        Id of an institution, network or programme that stands.
    ties : networkx.Graph, optional
        The graph's `projection`, where it has been made already.

    Raises
    ------
    QueryError
        If no such node stands in the graph.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_nodes_from(["institution:a", "institution:b"], kind="institution", status="active")
    >>> graph.add_node("network:n", kind="network", status="active")
    >>> for one, relation in (("a", "convenes"), ("b", "member_of")):
    ...     _ = graph.add_edge(f"institution:{one}", "network:n", relation=relation, status="active")
    >>> departure(graph, "network:n").without_network
    ('institution:a', 'institution:b')
    >>> departure(graph, "institution:a").roles_lost
    (RoleLost(node='network:n', role=<Relation.CONVENES: 'convenes'>),)
    """
    graph = without_assets(graph)
    ties = projection(graph) if ties is None else ties
    if node not in ties:
        raise QueryError(f"an institution, network or programme that stands can leave; {node!r} is none")
    components = [frozenset(part) for part in nx.connected_components(ties)]
    own = next(part for part in components if node in part)
    parts = _parts(ties, own, node)
    sizes = [len(part) for part in parts]
    pairs = sum(len(part) * (len(part) - 1) // 2 for part in components) - (len(own) - 1)
    return Departure(
        node=node,
        ties=ties.degree(node),
        components_before=len(components),
        components_after=len(components) - 1 + len(parts),
        pairs_before=pairs,
        pairs_cut=(sum(sizes) ** 2 - sum(size**2 for size in sizes)) // 2,
        parts=parts,
        roles_lost=_roles_lost(graph, node),
        without_network=_without_network(graph, node),
        without_tie=tuple(sorted(other for other in ties[node] if ties.degree(other) == 1)),
    )


def _parts(ties: nx.Graph[str], own: frozenset[str], node: str) -> tuple[tuple[str, ...], ...]:
    left = nx.connected_components(ties.subgraph(own - {node}))
    return tuple(sorted((tuple(sorted(part)) for part in left), key=lambda part: (-len(part), part)))


def _stands(graph: nx.MultiDiGraph[str], node: str) -> bool:
    return actor_stands(graph, graph.nodes[node])


def _roles_lost(graph: nx.MultiDiGraph[str], node: str) -> tuple[RoleLost, ...]:
    found = []
    for other in sorted(set(graph.successors(node))):
        if not _stands(graph, other) or graph.nodes[other]["kind"] == Kind.INSTITUTION:
            continue
        holders: dict[str, set[str]] = {}
        for who, _, tie in graph.in_edges(other, data=True):
            if tie_stands(graph, tie) and _stands(graph, who):
                holders.setdefault(tie["relation"], set()).add(who)
        found += [RoleLost(other, role) for role in ROLES if holders.get(role.value) == {node}]
    return tuple(sorted(found, key=lambda lost: (ROLES.index(lost.role), lost.node)))


def _joint(graph: nx.MultiDiGraph[str], institution: str) -> set[str]:
    """Networks and programmes that an institution takes part in."""
    out = ((other, tie) for _, other, tie in graph.out_edges(institution, data=True))
    into = ((other, tie) for other, _, tie in graph.in_edges(institution, data=True))
    return {
        other
        for other, tie in (*out, *into)
        if tie["relation"] in TAKES_PART
        and tie_stands(graph, tie)
        and graph.nodes[other]["kind"] in {Kind.NETWORK, Kind.PROGRAMME}
        and _stands(graph, other)
    }


def _without_network(graph: nx.MultiDiGraph[str], node: str) -> tuple[str, ...]:
    near = {*graph.successors(node), *graph.predecessors(node)}
    members = {other for other in near if graph.nodes[other]["kind"] == Kind.INSTITUTION and _stands(graph, other)}
    return tuple(sorted(member for member in members if _joint(graph, member) == {node}))
