"""Cores: who belongs to the parts where everybody is tied to several others of the same part."""

from __future__ import annotations

import networkx as nx


def cores(ties: nx.Graph[str]) -> dict[str, int]:
    """Core number: the largest k for which a node is in the k-core (Seidman 1983).

    The k-core is what is left when every node with fewer than k ties is taken away, and again, until none is left to
    take.

    Parameters
    ----------
    ties : networkx.Graph
        From `projection`.

    Returns
    -------
    dict of str to int
        By node, 0 without a tie.

    Examples
    --------
    >>> cores(nx.Graph([("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")]))
    {'a': 2, 'b': 2, 'c': 2, 'd': 1}
    """
    found: dict[str, int] = nx.core_number(ties)
    return found
