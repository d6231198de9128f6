"""Centrality: how many others a node is tied to, how near they are, and between whom it stands."""

from __future__ import annotations

from typing import Final

import networkx as nx
import numpy as np

from atlas.graph.measures._arrays import adjacency, ends_of, igraph_of, is_large

_DENSE: Final = 50
"""Nodes up to which the whole matrix is solved; above, threads of a busy machine make that slow."""


def degree(ties: nx.Graph[str]) -> dict[str, int]:
    """Degree: to how many others a node is tied (Freeman 1979); 0 without a tie.

    Parameters
    ----------
    ties : networkx.Graph
        From `projection`.

    Examples
    --------
    >>> degree(nx.Graph([("a", "hub"), ("b", "hub")]))["hub"]
    2
    """
    return dict(ties.degree())


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
    if is_large(ties):
        values = igraph_of(len(ties), ends_of(ties)).betweenness(directed=False)
        return dict(zip(ties, map(float, values), strict=True))
    return {node: float(value) for node, value in nx.betweenness_centrality(ties, normalized=False).items()}


def closeness(ties: nx.Graph[str]) -> dict[str, float]:
    """Closeness: how few ties away the others are (Wasserman and Faust 1994, for graphs in several parts).

    One over the mean distance, in ties, to the r - 1 others that a chain of ties reaches, times the share of all n - 1
    others that these are::

        c(v) = (r - 1) / (n - 1) · (r - 1) / Σ_t d(v, t)

    Parameters
    ----------
    ties : networkx.Graph
        From `projection`.

    Returns
    -------
    dict of str to float
        By node, 0 (no tie) to 1 (tied to everybody).

    Examples
    --------
    >>> closeness(nx.Graph([("a", "b"), ("c", "d")]))["a"] == 1 / 3
    True
    """
    if not is_large(ties):
        return {node: float(value) for node, value in nx.closeness_centrality(ties).items()}
    here = igraph_of(len(ties), ends_of(ties))
    part = np.array(here.connected_components().membership)
    reached = np.bincount(part)[part] - 1
    inside = np.nan_to_num(np.array(here.closeness(normalized=True), dtype=float))
    return dict(zip(ties, (inside * reached / (len(ties) - 1)).tolist(), strict=True))


def eigenvector(ties: nx.Graph[str]) -> dict[str, float]:
    """Eigenvector centrality: tied to those who are well tied themselves (Bonacich 1972).

    The x of the largest λ with λ·x(v) = Σ x(u) over the neighbours u of v, scaled so that the highest is 1. Across
    parts of the graph that no tie joins x says nothing, so that it is of the largest part (of equal ones, that with
    the first node) and 0 elsewhere.

    Parameters
    ----------
    ties : networkx.Graph
        From `projection`.

    Returns
    -------
    dict of str to float
        By node, 0 to 1.

    Examples
    --------
    >>> found = eigenvector(nx.Graph([("a", "hub"), ("b", "hub"), ("y", "z")]))
    >>> found["hub"], round(found["a"], 3), found["z"]
    (1.0, 0.707, 0.0)
    """
    found = dict.fromkeys(ties, 0.0)
    part = max(nx.connected_components(ties), key=len, default=set())
    inside = [position for position, node in enumerate(ties) if node in part]
    n = len(inside)
    if n < 2:
        return found
    matrix = adjacency(ties)[inside][:, inside]
    if n <= _DENSE:
        vector = np.linalg.eigh(matrix.toarray())[1][:, -1]
    else:
        from scipy.sparse.linalg import eigsh  # noqa: PLC0415

        vector = eigsh(matrix, k=1, which="LA", v0=np.ones(n), ncv=min(n - 1, 60), maxiter=100 * n)[1][:, 0]
    vector = np.abs(vector)
    nodes = list(ties)
    return found | dict(zip([nodes[k] for k in inside], (vector / vector.max()).tolist(), strict=True))
