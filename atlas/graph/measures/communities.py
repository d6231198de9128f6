"""Communities: groups whose members are tied to each other more than chance would have it."""

from __future__ import annotations

import random
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from atlas.graph.measures._arrays import ends_of, igraph_of
from atlas.vocabulary import Kind

if TYPE_CHECKING:
    import networkx as nx

TRIALS: Final = 10
SEED: Final = 1

_CENTRE: Final = {Kind.NETWORK.value: 0, Kind.PROGRAMME.value: 1}
"""A community is known by a network where it has one, else by a programme, else by whatever it has."""

_ONE_AT_A_TIME: Final = Lock()
"""igraph has one generator of random numbers for the whole process."""


@dataclass(frozen=True, slots=True)
class Community:
    """A group of nodes.

    Parameters
    ----------
    number : int
        1 is the largest; of equal ones, that with the first node.
    centre : str
        Its network with the most ties inside it, by which it is named; a programme where it has no network, else any
        node.
    nodes : tuple of str
        Its nodes, those with the most ties inside it first.
    """

    number: int
    centre: str
    nodes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Communities:
    """A division of the graph into communities.

    Parameters
    ----------
    groups : tuple of Community
        Largest first; nodes without a tie are in none.
    modularity : float
        Share of ties inside communities, less what it would be were ties dealt at random to nodes of the same degrees;
        -0.5 to 1, 0 where there is no structure. Above some 0.3 is commonly called strong.
    agreement : float
        Mean adjusted Rand index of the other trials with this one: 1 where all trials divide the graph in the same
        way, about 0 where they agree by chance only.
    trials, seed : int
        How often it was tried, from which seed.
    """

    groups: tuple[Community, ...]
    modularity: float
    agreement: float
    trials: int
    seed: int

    def numbers(self) -> dict[str, int]:
        """The number of each node's community."""
        return {node: group.number for group in self.groups for node in group.nodes}


def find_communities(ties: nx.Graph[str], *, trials: int = TRIALS, seed: int = SEED) -> Communities:
    """Divide the graph into communities by modularity, with the Leiden algorithm (Traag, Waltman and van Eck 2019).

    Maximises, over divisions into communities c (Newman and Girvan 2004)::

        Q = Σ_c (m_c / m - (d_c / 2m)²)

    with m ties in all, m_c inside c, and d_c the sum of the degrees of c. The best of several trials, each from its own
    seed, is kept: the same graph and seed give the same communities.

    Parameters
    ----------
    ties : networkx.Graph
        From `projection`.
    trials : int, optional
        How often it is tried, at least 1.
    seed : int, optional
        Where the trials start.

    Examples
    --------
    >>> import networkx as nx
    >>> ring = nx.relabel_nodes(nx.ring_of_cliques(2, 4), {k: f"institution:{k}" for k in range(8)})
    >>> found = find_communities(ring)
    >>> [len(group.nodes) for group in found.groups], round(found.modularity, 3), found.agreement
    ([4, 4], 0.357, 1.0)
    """
    # where a division starts depends on the order of nodes and ties: it must not, for a graph is neither
    nodes = sorted(node for node in ties if ties.degree(node))
    if not nodes:
        return Communities((), 0.0, 1.0, trials, seed)
    at = {node: position for position, node in enumerate(nodes)}
    whole = list(ties)
    ends = np.array([[at[whole[one]], at[whole[other]]] for one, other in ends_of(ties)], dtype=np.int64)
    ends = np.sort(ends, axis=1)
    graph = igraph_of(len(nodes), ends[np.lexsort(ends.T[::-1])])
    divisions = [_leiden(graph, seed + trial) for trial in range(trials)]
    values = [graph.modularity(division) for division in divisions]
    best = int(np.argmax(np.round(values, 12)))
    inside = np.array(divisions[best])
    others = divisions[:best] + divisions[best + 1 :]
    agreement = float(np.mean([_agreement(divisions[best], other) for other in others])) if others else 1.0
    return Communities(_groups(nodes, inside, ends), float(values[best]), agreement, trials, seed)


def _leiden(graph: Any, seed: int) -> list[int]:
    import igraph  # noqa: PLC0415

    with _ONE_AT_A_TIME:
        igraph.set_random_number_generator(random.Random(seed))  # noqa: S311 -- no secret
        try:
            found = graph.community_leiden(objective_function="modularity", n_iterations=-1)
        finally:
            igraph.set_random_number_generator(random)
    return list(found.membership)


def _agreement(one: list[int], other: list[int]) -> float:
    """Adjusted Rand index of two divisions of the same nodes (Hubert and Arabie 1985); 1 where they are the same."""
    import igraph  # noqa: PLC0415

    if len(set(one)) == len(set(other)) == 1:
        return 1.0
    return float(igraph.compare_communities(one, other, method="adjusted_rand"))


def _groups(nodes: list[str], membership: np.ndarray, ends: np.ndarray) -> tuple[Community, ...]:
    within = ends[membership[ends[:, 0]] == membership[ends[:, 1]]]
    degree = np.bincount(within.ravel(), minlength=len(nodes))
    members: dict[int, list[int]] = {}
    for position, number in enumerate(membership.tolist()):
        members.setdefault(number, []).append(position)
    found = []
    for number, group in enumerate(sorted(members.values(), key=lambda group: (-len(group), group[0])), start=1):
        ordered = [nodes[k] for k in sorted(group, key=lambda k: (-degree[k], k))]
        centre = min(ordered, key=lambda node: _CENTRE.get(node.partition(":")[0], 2))
        found.append(Community(number, centre, tuple(ordered)))
    return tuple(found)
