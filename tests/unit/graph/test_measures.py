from __future__ import annotations

from itertools import combinations

import networkx as nx
import pytest

from atlas.graph.build import build
from atlas.graph.measures import betweenness, brokerage, joined_pairs, projection
from tests.toy import toy_partnerships


def by_counting(ties: nx.Graph[str]) -> dict[str, float]:
    """Betweenness from its definition: every shortest chain of every pair, written out."""
    found = dict.fromkeys(ties, 0.0)
    for start, end in combinations(sorted(ties), 2):
        if nx.has_path(ties, start, end):
            chains = list(nx.all_shortest_paths(ties, start, end))
            for chain in chains:
                for node in chain[1:-1]:
                    found[node] += 1 / len(chains)
    return found


def test_betweenness_is_the_share_of_shortest_chains() -> None:
    ties = nx.Graph([("a", "b"), ("b", "c"), ("a", "d"), ("d", "c"), ("c", "e"), ("f", "g")])
    assert betweenness(ties) == pytest.approx(by_counting(ties))


def test_a_node_without_ties_changes_nobody() -> None:
    ties = nx.path_graph(["a", "b", "c"])
    alone = nx.Graph(ties)
    alone.add_node("z")
    assert betweenness(alone) == {**betweenness(ties), "z": 0.0}


def test_the_projection_has_active_actors_and_ties_only() -> None:
    graph = nx.MultiDiGraph(build(toy_partnerships()))
    graph.nodes["network:all"]["status"] = "ended"
    graph.edges["institution:hospital", "network:west", "member_of"]["status"] = "ended"
    graph.add_edge("institution:council", "institution:hospital", relation="succeeds", status="active")
    found = projection(graph)
    assert not [node for node in found if node.startswith(("site:", "place:"))]
    assert "network:all" not in found
    assert set(found.edges) == {("institution:council", "network:west"), ("network:west", "programme:east")}


def test_brokerage_names_who_moves_and_how_many_more_are_joined() -> None:
    before = build(toy_partnerships())
    after = nx.MultiDiGraph(before)
    after.add_edge("institution:university", "network:west", relation="member_of", status="active")
    found = brokerage(before, after)
    assert (found.pairs_before, found.pairs_after) == (7, 15)
    assert found.pairs_after == joined_pairs(projection(after))
    assert {mover.node for mover in found.movers} == {"network:west", "institution:university"}
    assert found.movers[0].node == "network:west"
    assert found.movers[0].after > found.movers[0].before


def test_without_a_new_tie_nobody_moves() -> None:
    graph = build(toy_partnerships())
    assert brokerage(graph, graph).movers == ()
