"""The partnership graph as node-link JSON, as `networkx.node_link_graph` reads it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import networkx as nx

from atlas.exports.graph.checks import checked
from atlas.exports.graph.fields import KEY

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


def node_link_lines(graph: nx.MultiDiGraph[str]) -> Iterator[bytes]:
    """The same as bytes of JSON, in a stream: a line for each node and each tie.

    None is null, a list an array, a record an object; parallel ties differ by their `key`.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `atlas.graph.build.build`.

    Raises
    ------
    DataError
        If something in the graph cannot be given back; see `atlas.exports.graph.checks.checked`.

    Examples
    --------
    >>> graph = nx.MultiDiGraph([("institution:a", "network:b", "member_of")])
    >>> json.loads(b"".join(node_link_lines(graph))) == node_link(graph)
    True
    """
    checked(graph)
    return _lines(graph)


def _lines(graph: nx.MultiDiGraph[str]) -> Iterator[bytes]:
    yield f'{{"directed": true, "multigraph": true, "graph": {as_json(graph.graph)}, "nodes": ['.encode()
    yield from _separated(as_json({**record, "id": node}) for node, record in graph.nodes(data=True))
    yield b'],\n"edges": ['
    yield from _separated(
        as_json({**tie, "subject": subject, "object": target, KEY: key})
        for subject, target, key, tie in graph.edges(keys=True, data=True)
    )
    yield b"]}\n"


def as_json(value: Any) -> str:
    """Compact JSON text, in the order given; refuses NaN."""
    return _ENCODER.encode(value)


_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False)


def _separated(lines: Iterator[str]) -> Iterator[bytes]:
    first = True
    for line in lines:
        yield ("\n" if first else ",\n").encode() + line.encode()
        first = False
