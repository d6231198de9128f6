from __future__ import annotations

import random

import networkx as nx
import pytest

from atlas.graph.measures.communities import find_communities


def cliques() -> nx.Graph[str]:
    ring = nx.ring_of_cliques(4, 5)
    kinds = ["network" if node % 5 == 3 else "institution" for node in ring]
    return nx.relabel_nodes(ring, {node: f"{kind}:{node:02d}" for node, kind in zip(ring, kinds, strict=True)})


def test_cliques_are_found_and_named_by_their_network() -> None:
    found = find_communities(cliques())
    assert [len(group.nodes) for group in found.groups] == [5, 5, 5, 5]
    assert [group.number for group in found.groups] == [1, 2, 3, 4]
    assert {group.centre for group in found.groups} == {"network:03", "network:08", "network:13", "network:18"}
    assert found.modularity == pytest.approx(nx.community.modularity(cliques(), [set(g.nodes) for g in found.groups]))
    assert {frozenset(group.nodes) for group in found.groups} == {
        frozenset(group) for group in nx.community.louvain_communities(cliques(), seed=1)
    }
    assert found.agreement == 1.0


def test_neither_the_order_of_nodes_and_ties_nor_other_draws_change_it() -> None:
    ties = nx.relabel_nodes(nx.gnm_random_graph(40, 80, seed=2), lambda node: f"institution:{node:02d}")
    first = find_communities(ties)
    nodes, edges = sorted(ties, reverse=True), [(other, one) for one, other in reversed(list(ties.edges))]
    other: nx.Graph[str] = nx.Graph()
    other.add_nodes_from(nodes)
    other.add_edges_from(edges)
    random.random()  # noqa: S311
    assert find_communities(other) == first


def test_the_process_keeps_its_own_random_numbers() -> None:
    random.seed(7)
    expected = random.random()  # noqa: S311
    random.seed(7)
    find_communities(cliques())
    assert random.random() == expected  # noqa: S311


def test_more_trials_are_never_worse() -> None:
    ties = nx.relabel_nodes(nx.gnm_random_graph(60, 120, seed=5), lambda node: f"institution:{node:02d}")
    assert find_communities(ties, trials=20).modularity >= find_communities(ties, trials=1).modularity - 1e-9


def test_without_a_tie_there_is_none() -> None:
    ties: nx.Graph[str] = nx.Graph()
    ties.add_node("institution:a")
    found = find_communities(ties)
    assert (found.groups, found.modularity) == ((), 0.0)
    assert found.numbers() == {}


def test_one_tie_is_one_community() -> None:
    found = find_communities(nx.Graph([("institution:a", "network:b")]))
    assert [group.nodes for group in found.groups] == [("institution:a", "network:b")]
    assert found.groups[0].centre == "network:b"
    assert (found.modularity, found.agreement) == (0.0, 1.0)
