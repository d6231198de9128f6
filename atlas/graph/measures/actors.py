"""The projection: who is tied to whom, as a simple undirected graph."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import networkx as nx

from atlas.graph.bare import without_assets
from atlas.vocabulary import Kind, Relation, Status

ACTORS: Final = frozenset({Kind.INSTITUTION.value, Kind.NETWORK.value, Kind.PROGRAMME.value})

_HISTORY: Final = frozenset({Relation.SUCCEEDS.value})
"""Succession joins a body to one that is gone: nothing passes along it today."""

GONE: Final = frozenset({Status.ENDED.value, Status.PLANNED.value})
"""What does not stand today."""


def is_dated(graph: nx.MultiDiGraph[str]) -> bool:
    """Whether the graph is as at a day: then all that is in it stands or may stand, whatever its status is today."""
    return "as_at" in graph.graph


def actor_stands(graph: nx.MultiDiGraph[str], record: Mapping[str, Any]) -> bool:
    """Whether a node is an institution, network or programme that has not ended."""
    return record.get("kind") in ACTORS and (is_dated(graph) or record.get("status") not in GONE)


def tie_stands(graph: nx.MultiDiGraph[str], tie: Mapping[str, Any]) -> bool:
    """Whether a tie joins its ends: active, or in a graph as at a day; succession never does."""
    return tie["relation"] not in _HISTORY and (is_dated(graph) or tie["status"] == Status.ACTIVE)


def projection(graph: nx.MultiDiGraph[str]) -> nx.Graph[str]:
    """Who is tied to whom, as a simple undirected graph.

    Of a graph as it stands today, active ties count, between nodes that have not ended. Of a graph as at a day
    (`atlas.graph.timeline.as_at`) every tie counts that stands or may stand on it: most sources do not say when a tie
    began, so that the ties which certainly stood on a past day are few.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        Nodes with `kind` and `status`, ties with `relation` and `status`.

    Returns
    -------
    networkx.Graph
        Institutions, networks and programmes that have not ended, in order of id, those without ties included.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_nodes_from(["institution:a", "network:n"], kind="network", status="active")
    >>> graph.add_edge("institution:a", "network:n", relation="member_of", status="active")
    0
    >>> graph.add_edge("network:n", "institution:a", relation="funds", status="active")
    0
    >>> list(projection(graph).edges)
    [('institution:a', 'network:n')]
    """
    graph = without_assets(graph)
    found: nx.Graph[str] = nx.Graph()
    found.add_nodes_from(sorted(node for node, record in graph.nodes(data=True) if actor_stands(graph, record)))
    ties = {
        (min(subject, target), max(subject, target))
        for subject, target, tie in graph.edges(data=True)
        if subject != target and tie_stands(graph, tie)
    }
    found.add_edges_from(sorted(tie for tie in ties if tie[0] in found and tie[1] in found))
    return found
