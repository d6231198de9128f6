"""The partnership graph with and without assets: most questions are put to who acts, and not to what they hold."""

from __future__ import annotations

from typing import Final

import networkx as nx

from atlas.vocabulary import Kind

_BEFORE: Final = "before_assets"


def remember(graph: nx.MultiDiGraph[str], before: nx.MultiDiGraph[str]) -> None:
    """Have a graph know what it was before assets were hung on it.

    A hundred thousand assets stand beside a thousand who act: what walks all nodes would spend its time on land. It is
    no attribute of the graph's data, which files would carry.
    """
    vars(graph)[_BEFORE] = before


def without_assets(graph: nx.MultiDiGraph[str]) -> nx.MultiDiGraph[str]:
    """Return the graph without assets and their ties: itself where it has none.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `atlas.graph.build.build`, with or without `atlas.graph.estate.with_assets`, whole or as at a day.

    Returns
    -------
    networkx.MultiDiGraph
        In the same order. What assets were hung on is given back as it was, at once.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_node("institution:a", kind="institution")
    >>> without_assets(graph) is graph
    True
    >>> graph.add_node("asset:a-1", kind="asset")
    >>> list(without_assets(graph))
    ['institution:a']
    """
    before: nx.MultiDiGraph[str] | None = vars(graph).get(_BEFORE)
    if before is not None:
        return before
    prefix = f"{Kind.ASSET}:"
    if not any(node.startswith(prefix) for node in graph):
        return graph
    found: nx.MultiDiGraph[str] = nx.MultiDiGraph(**graph.graph)
    found.add_nodes_from((node, record) for node, record in graph.nodes(data=True) if not node.startswith(prefix))
    for subject, target, key, tie in graph.edges(keys=True, data=True):
        if subject in found and target in found:
            found.add_edge(subject, target, key=key, **tie)
    nx.freeze(found)
    return found
