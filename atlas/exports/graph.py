"""The partnership graph as node-link JSON."""

from __future__ import annotations

from typing import Any, Final

import networkx as nx

ENDS: Final[dict[str, Any]] = {"source": "subject", "target": "object", "edges": "edges"}
"""What networkx is told of the names, to write and to read."""


def node_link(graph: nx.MultiDiGraph[str]) -> dict[str, Any]:
    """Node-link form of the graph; a tie's ends are `subject` and `object`, since its `source` is its evidence.

    Examples
    --------
    >>> graph = nx.MultiDiGraph([("institution:a", "network:b", "member_of")])
    >>> [(tie["subject"], tie["key"], tie["object"]) for tie in node_link(graph)["edges"]]
    [('institution:a', 'member_of', 'network:b')]
    >>> nx.node_link_graph(node_link(graph), **ENDS).edges(keys=True)
    OutMultiEdgeView([('institution:a', 'network:b', 'member_of')])
    """
    document: dict[str, Any] = nx.node_link_data(graph, **ENDS)
    return document
