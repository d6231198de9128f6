"""The partnership graph for Pajek: the network, a partition by kind, and beside them all that Pajek cannot hold.

Pajek has numbered vertices with a label and lines with a value. So labels are ids (names may be alike, ids not), a
line's label is its relation, and every attribute is in the CSV tables that stand beside it in the same order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import networkx as nx

from atlas.errors import Faults
from atlas.exports.graph.tables import NODES, PACKAGE, SOURCES, TIES, tables
from atlas.exports.graph.xmltext import chunks
from atlas.vocabulary import Kind

NETWORK: Final = "network.net"
PARTITION: Final = "kinds.clu"
_KINDS: Final = {kind.value: number for number, kind in enumerate(Kind, start=1)}


def pajek_files(graph: nx.MultiDiGraph[str]) -> dict[str, Iterator[bytes]]:
    """Write the graph as `network.net` and `kinds.clu`, with the tables of `atlas.exports.graph.tables` beside them.

    A vertex's number is its row in `nodes.csv`, counted from 1 below the header; the lines are in the order of
    `ties.csv`. Numbers in the partition are those of the kinds: 1 institution, 2 network, 3 programme, 4 place, 5 site.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `atlas.graph.build.build`.

    Raises
    ------
    DataError
        If an id or a relation has a character that a Pajek label cannot hold, or something else cannot be given back;
        see `atlas.exports.graph.checks.checked`.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_node("place:E09000007", kind="place", name="Camden", type="London borough")
    >>> print(b"".join(pajek_files(graph)["network.net"]).decode().strip())
    *Vertices 1
    1 "place:E09000007"
    *Arcs
    """
    _check_labels(graph)
    beside = tables(graph)
    return {
        NETWORK: chunks(_network(graph)),
        PARTITION: chunks(_partition(graph)),
        **{name: beside[name] for name in (NODES, TIES, SOURCES, PACKAGE)},
    }


def _network(graph: nx.MultiDiGraph[str]) -> Iterator[str]:
    numbers = {node: number for number, node in enumerate(graph, start=1)}
    yield f"*Vertices {len(numbers)}\n"
    for node, number in numbers.items():
        yield f'{number} "{node}"\n'
    yield "*Arcs\n"
    for subject, target, key, tie in graph.edges(keys=True, data=True):
        yield f'{numbers[subject]} {numbers[target]} 1 l "{_label(key, tie)}"\n'


def _partition(graph: nx.MultiDiGraph[str]) -> Iterator[str]:
    yield f"*Vertices {graph.number_of_nodes()}\n"
    for _, record in graph.nodes(data=True):
        yield f"{_KINDS.get(record['kind'], 0)}\n"


def _label(key: Any, tie: Mapping[str, Any]) -> str:
    return str(tie.get("relation", key))


def _check_labels(graph: nx.MultiDiGraph[str]) -> None:
    faults = Faults()
    labels = [(f"node {node}", "id", node) for node in graph]
    labels += [(f"tie {u} {v}", "relation", _label(key, tie)) for u, v, key, tie in graph.edges(keys=True, data=True)]
    for where, column, label in labels:
        # a backslash or a quotation mark is read differently by every reader
        if not label.isprintable() or any(mark in label for mark in "\"'\\"):
            expected = "printable text without quotation marks and backslashes"
            faults.add(where, "a label that Pajek cannot hold", expected, column=column, value=label)
    faults.raise_errors("the graph cannot be exported for Pajek")
