"""A part of the partnership graph: as at a day, and what surrounds one network."""

from __future__ import annotations

from datetime import date

import networkx as nx

from atlas.graph.lookup import find_node
from atlas.graph.query import ego
from atlas.graph.timeline import as_at
from atlas.vocabulary import Kind


def part(graph: nx.MultiDiGraph[str], day: date | None = None, around: str | None = None) -> nx.MultiDiGraph[str]:
    """Return the graph as at a day, or a node with all that is tied to it and the ties among them, or both.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `atlas.graph.build.build`.
    day : datetime.date, optional
        Keep what stands or may stand on it; see `atlas.graph.timeline.as_at`.
    around : str, optional
        A network, programme or institution, by id or name.

    Returns
    -------
    networkx.MultiDiGraph
        In the order of the whole; the sources are all there.

    Raises
    ------
    NotFoundError
        If there is no such node.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_nodes_from(["institution:a", "institution:b", "network:n"], kind="institution", name="")
    >>> _ = graph.add_edge("institution:a", "network:n", relation="member_of")
    >>> list(part(graph, around="network:n"))
    ['institution:a', 'network:n']
    """
    whole = graph if day is None else as_at(graph, day)
    if around is None:
        return whole
    centre = find_node(whole, around)
    near = {other.node for other in ego(whole, centre, date.max, kinds=frozenset(Kind), ever=True).nodes}
    found: nx.MultiDiGraph[str] = nx.MultiDiGraph(**whole.graph)
    found.add_nodes_from((node, record) for node, record in whole.nodes(data=True) if node in near)
    for subject, target, key, tie in whole.edges(keys=True, data=True):
        if subject in near and target in near:
            found.add_edge(subject, target, key=key, **tie)
    nx.freeze(found)
    return found
