"""Brokerage: who stands between whom, before and after a change."""

from __future__ import annotations

from dataclasses import dataclass
from math import isclose
from typing import Final

import networkx as nx

from atlas.graph.measures.actors import projection
from atlas.graph.measures.centrality import betweenness

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
    # sums of the same shares in another order differ in their last digits
    same = {node for node in now if isclose(now[node], was.get(node, 0.0), rel_tol=1e-9, abs_tol=1e-6)}
    moved = sorted((node for node in change if node not in same), key=lambda node: (-abs(change[node]), node))
    movers = (
        Mover(node, str(after.nodes[node].get("name", node)), was.get(node, 0.0), now[node])
        for node in moved[:N_MOVERS]
    )
    return Brokerage(*pairs, tuple(movers))
