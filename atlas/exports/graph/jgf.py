"""The partnership graph as JSON Graph Format, version 2."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import networkx as nx

from atlas.exports.graph.checks import checked
from atlas.exports.graph.fields import KEY
from atlas.exports.graph.nodelink import as_json


def json_graph(graph: nx.MultiDiGraph[str]) -> Iterator[bytes]:
    """Write the graph as JSON Graph Format 2, in a stream: a line for each node and each tie.

    Attributes are `metadata`, as in the graph; None is null, a list an array. A tie's `id` is its two ends and its
    key, and the key itself is in its metadata.

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
    >>> import json
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_node("place:E09000007", kind="place", name="Camden", type="London borough")
    >>> json.loads(b"".join(json_graph(graph)))["graph"]["nodes"]["place:E09000007"]["label"]
    'Camden'
    """
    checked(graph)
    return _lines(graph)


def _lines(graph: nx.MultiDiGraph[str]) -> Iterator[bytes]:
    head = {"directed": True, "type": "partnership graph", "label": "Atlas", "metadata": graph.graph}
    yield f'{{"graph": {as_json(head)[:-1]}, "nodes": {{'.encode()
    before = "\n"
    for node, record in graph.nodes(data=True):
        shown = {"label": record.get("name", node), "metadata": dict(record)}
        yield f"{before}{as_json(node)}: {as_json(shown)}".encode()
        before = ",\n"
    yield b'},\n"edges": ['
    before = "\n"
    for subject, target, key, tie in graph.edges(keys=True, data=True):
        yield f"{before}{as_json(_edge(subject, target, key, tie))}".encode()
        before = ",\n"
    yield b"]}}\n"


def _edge(subject: str, target: str, key: Any, tie: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": f"{subject} {key} {target}",
        "source": subject,
        "target": target,
        "relation": tie.get("relation", str(key)),
        "directed": True,
        "metadata": {KEY: key, **tie},
    }
