"""A projection as arrays, for the libraries that work on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import networkx as nx
    from scipy.sparse import csr_array

MOST_FOR_NETWORKX: Final = 200_000
"""Nodes times ties up to which networkx takes less than importing igraph does."""


def is_large(ties: nx.Graph[str]) -> bool:
    """Whether measures over all pairs of nodes go through igraph."""
    return ties.number_of_nodes() * ties.number_of_edges() > MOST_FOR_NETWORKX


def ends_of(ties: nx.Graph[str]) -> NDArray[np.int64]:
    """Positions of the two ends of each tie, shape (ties, 2), in the order of the graph's nodes."""
    at = {node: position for position, node in enumerate(ties)}
    flat = [at[node] for tie in ties.edges for node in tie]
    return np.array(flat, dtype=np.int64).reshape(-1, 2)


def igraph_of(nodes: int, ends: NDArray[np.int64]) -> Any:
    """An undirected `igraph.Graph`; vertices are positions."""
    import igraph  # noqa: PLC0415  # takes half a second to import, and small graphs do without it

    return igraph.Graph(n=nodes, edges=np.ascontiguousarray(ends))


def adjacency(ties: nx.Graph[str]) -> csr_array:
    """Adjacency matrix of zeros and ones, shape (nodes, nodes), symmetric."""
    from scipy.sparse import csr_array  # noqa: PLC0415

    n, ends = ties.number_of_nodes(), ends_of(ties)
    both = np.concatenate((ends, ends[:, ::-1]))
    return csr_array((np.ones(len(both)), (both[:, 0], both[:, 1])), shape=(n, n))
