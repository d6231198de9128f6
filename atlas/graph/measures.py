"""Measures of position in the partnership graph: who stands between others.

Measures are of the *projection*: institutions, networks and programmes that are active or whose end is not known,
joined where at least one active tie of any kind but succession runs between two of them. Direction and number of ties
do not count; places and sites are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import networkx as nx

from atlas.vocabulary import Kind, Relation, Status

ACTORS: Final = frozenset({Kind.INSTITUTION.value, Kind.NETWORK.value, Kind.PROGRAMME.value})

_HISTORY: Final = frozenset({Relation.SUCCEEDS.value})
"""Succession joins a body to one that is gone: nothing passes along it today."""


N_MOVERS: Final = 10


@dataclass(frozen=True, slots=True)
class Mover:
    """A node whose betweenness changes.

    Parameters
    ----------
    node, name : str
        Its id and its name.
    before, after : float
        Between how many pairs of others it stands.
    """

    node: str
    name: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Brokerage:
    """The projection of the graph before and after.

    Parameters
    ----------
    pairs_before, pairs_after : int
        Pairs of institutions, networks and programmes that some chain of ties joins.
    movers : tuple of Mover
        The ten whose betweenness changes most, the largest change first.
    """

    pairs_before: int
    pairs_after: int
    movers: tuple[Mover, ...]


def projection(graph: nx.MultiDiGraph[str]) -> nx.Graph[str]:
    """Who is tied to whom today, as a simple undirected graph.

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
    gone = {Status.ENDED.value, Status.PLANNED.value}
    nodes = [
        node
        for node, record in graph.nodes(data=True)
        if record.get("kind") in ACTORS and record.get("status") not in gone
    ]
    found: nx.Graph[str] = nx.Graph()
    found.add_nodes_from(sorted(nodes))
    ties = {
        (min(subject, target), max(subject, target))
        for subject, target, tie in graph.edges(data=True)
        if tie["status"] == Status.ACTIVE and tie["relation"] not in _HISTORY and subject != target
    }
    found.add_edges_from(sorted(tie for tie in ties if tie[0] in found and tie[1] in found))
    return found


def betweenness(ties: nx.Graph[str]) -> dict[str, float]:
    """Betweenness: between how many pairs of others a node stands (Freeman 1977).

    For each pair of other nodes that a chain of ties joins, the share of the shortest chains that pass through the
    node; summed over the pairs, each counted once::

        b(v) = Σ_{s<t, s≠v≠t} n_st(v) / n_st

    It is a number of pairs, not divided by how many there are, so that a node elsewhere does not change it.

    Parameters
    ----------
    ties : networkx.Graph
        From `projection`.

    Returns
    -------
    dict of str to float
        By node, 0 (a broker of nothing) or more.

    Examples
    --------
    >>> betweenness(nx.Graph([("a", "hub"), ("b", "hub"), ("c", "hub")]))["hub"]
    3.0
    """
    return {node: float(value) for node, value in nx.betweenness_centrality(ties, normalized=False).items()}


def joined_pairs(ties: nx.Graph[str]) -> int:
    """How many pairs of nodes some chain of ties joins.

    Examples
    --------
    >>> joined_pairs(nx.Graph([("a", "b"), ("b", "c"), ("d", "e")]))
    4
    """
    return sum(len(part) * (len(part) - 1) // 2 for part in nx.connected_components(ties))


def brokerage(before: nx.MultiDiGraph[str], after: nx.MultiDiGraph[str]) -> Brokerage:
    """Who stands between whom, before and after; where no tie differs, no betweenness is computed.

    Parameters
    ----------
    before, after : networkx.MultiDiGraph
        Partnership graphs.

    Examples
    --------
    >>> before = nx.MultiDiGraph()
    >>> before.add_nodes_from("abc", kind="institution", status="active")
    >>> after = nx.MultiDiGraph(before)
    >>> for other in "bc":
    ...     _ = after.add_edge("a", other, relation="partners_with", status="active")
    >>> found = brokerage(before, after)
    >>> found.pairs_before, found.pairs_after, found.movers
    (0, 3, (Mover(node='a', name='a', before=0.0, after=1.0),))
    """
    old, new = projection(before), projection(after)
    pairs = joined_pairs(old), joined_pairs(new)
    if set(old.edges) == set(new.edges):
        return Brokerage(*pairs, ())
    was, now = betweenness(old), betweenness(new)
    change = {node: now[node] - was.get(node, 0.0) for node in now}
    moved = sorted((node for node in change if abs(change[node]) > 1e-6), key=lambda node: (-abs(change[node]), node))
    movers = (
        Mover(node, str(after.nodes[node].get("name", node)), was.get(node, 0.0), now[node])
        for node in moved[:N_MOVERS]
    )
    return Brokerage(*pairs, tuple(movers))
