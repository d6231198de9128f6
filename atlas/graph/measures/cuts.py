"""Cuts: nodes and ties without which the graph falls into more parts."""

from __future__ import annotations

import networkx as nx


def bridges(ties: nx.Graph[str]) -> list[tuple[str, str]]:
    """Ties that are the only way between two parts of the graph, each by the ids of its ends in order, sorted.

    Parameters
    ----------
    ties : networkx.Graph
        From `projection`.

    Examples
    --------
    >>> bridges(nx.Graph([("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")]))
    [('c', 'd')]
    """
    return sorted((min(tie), max(tie)) for tie in nx.bridges(ties))


def pairs_cut(ties: nx.Graph[str]) -> dict[str, int]:
    """How many pairs of others lose every chain of ties between them when a node leaves.

    Above 0 exactly at the articulation points (Hopcroft and Tarjan 1973). Where a part of s nodes falls into parts of
    s₁, s₂ … nodes without it::

        cut(v) = (s - 1)(s - 2)/2 - Σ_k s_k(s_k - 1)/2

    Parameters
    ----------
    ties : networkx.Graph
        From `projection`.

    Returns
    -------
    dict of str to int
        By node.

    Examples
    --------
    >>> pairs_cut(nx.Graph([("a", "b"), ("b", "c"), ("c", "d")]))
    {'a': 0, 'b': 2, 'c': 2, 'd': 0}
    """
    found = dict.fromkeys(ties, 0)
    for part in nx.connected_components(ties):
        if len(part) > 2:
            found.update(_cut_in(ties, part))
    return found


def _cut_in(ties: nx.Graph[str], part: set[str]) -> dict[str, int]:
    """Of one part: walk its tree of blocks, maximal pieces that no single node cuts, and of the nodes they share."""
    blocks = [frozenset(map(str, block)) for block in nx.biconnected_components(ties.subgraph(part))]
    held: dict[str, list[int]] = {}
    for number, block in enumerate(blocks):
        for node in block:
            held.setdefault(node, []).append(number)
    shared = {node: numbers for node, numbers in held.items() if len(numbers) > 1}
    below = _below(blocks, shared)
    found = {}
    for node, numbers in shared.items():
        away = [below[node, number] for number in numbers if (node, number) in below]
        parts = [*away, len(part) - 1 - sum(away)]
        found[node] = (sum(parts) ** 2 - sum(size**2 for size in parts)) // 2
    return found


def _below(blocks: list[frozenset[str]], shared: dict[str, list[int]]) -> dict[tuple[str, int], int]:
    """For a shared node and each block that the walk enters through it: how many nodes lie there and beyond."""
    order: list[tuple[int, str | None]] = [(0, None)]
    seen = {0}
    for number, _ in order:
        for node in sorted(blocks[number] & shared.keys()):
            for other in shared[node]:
                if other not in seen:
                    seen.add(other)
                    order.append((other, node))
    size = [len(block) - 1 for block in blocks]
    found: dict[tuple[str, int], int] = {}
    entered = dict(order)
    for number, through in reversed(order):
        for node in sorted(blocks[number] & shared.keys()):
            if node != through:
                size[number] += sum(found[node, other] for other in shared[node] if entered[other] == node)
        if through is not None:
            found[through, number] = size[number]
    return found
