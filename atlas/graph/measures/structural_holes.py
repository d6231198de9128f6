"""Structural holes: whether the others to whom a node is tied are tied to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from atlas.graph.measures._arrays import adjacency

if TYPE_CHECKING:
    import networkx as nx

_PRODUCTS: Final = 20_000_000
"""Pairs of ties multiplied at a time, so that memory stays below a few hundred megabytes."""


def constraint(ties: nx.Graph[str]) -> dict[str, float]:
    """Constraint: how far a node's ties lead to others who are tied to each other (Burt 1992).

    With p_ij = 1 / degree(i) where a tie joins i and j, else 0, summed over the neighbours j of i::

        C(i) = Σ_j (p_ij + Σ_q p_iq · p_qj)²

    The fewer its ties, and the more they lead to the same circle, the higher: 1 for one tie only, 1/d for d neighbours
    who know nobody of each other. Above 1 it can go where two or three know only each other.

    Parameters
    ----------
    ties : networkx.Graph
        From `projection`.

    Returns
    -------
    dict of str to float
        By node, above 0; NaN for a node without a tie, whose neighbours cannot be asked about.

    Examples
    --------
    >>> import networkx as nx
    >>> constraint(nx.Graph([("a", "hub"), ("b", "hub")])) == {"a": 1.0, "hub": 0.5, "b": 1.0}
    True
    >>> round(constraint(nx.Graph([("a", "b"), ("b", "c"), ("c", "a")]))["a"], 3)
    1.125
    """
    matrix = adjacency(ties)
    degree = np.diff(matrix.indptr)
    share = np.divide(1.0, degree, out=np.full(len(degree), np.nan), where=degree > 0)
    ways = matrix.multiply(share[:, None]).tocsr()
    # rows of the product cost as many multiplications as their neighbours have ties
    cost = np.concatenate(([0], np.cumsum(matrix @ degree.astype(float))))
    found = np.full(len(degree), np.nan)
    begin = 0
    while begin < len(degree):
        end = max(int(np.searchsorted(cost, cost[begin] + _PRODUCTS, side="right")) - 1, begin + 1)
        rows = slice(begin, end)
        direct = ways[rows]
        invested = direct + (direct @ ways).multiply(matrix[rows])
        found[rows] = np.asarray(invested.multiply(invested).sum(axis=1)).ravel()
        begin = end
    found[degree == 0] = np.nan
    return dict(zip(ties, found.tolist(), strict=True))
