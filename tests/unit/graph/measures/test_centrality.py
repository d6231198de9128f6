from __future__ import annotations

import networkx as nx
import pytest

from atlas.graph.measures import _arrays
from atlas.graph.measures.centrality import betweenness, closeness, degree, eigenvector
from atlas.graph.measures.structural_holes import constraint


@pytest.fixture(params=["networkx", "igraph"])
def either(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "igraph":
        monkeypatch.setattr(_arrays, "MOST_FOR_NETWORKX", 0)


def several_parts() -> nx.Graph[str]:
    ties = nx.Graph([("a", "b"), ("b", "c"), ("a", "d"), ("d", "c"), ("c", "e"), ("f", "g")])
    ties.add_node("alone")
    return ties


@pytest.mark.usefixtures("either")
class TestEitherLibrary:
    def test_betweenness(self) -> None:
        found = betweenness(several_parts())
        assert list(found) == list(several_parts())
        assert found == pytest.approx(nx.betweenness_centrality(several_parts(), normalized=False))

    def test_closeness(self) -> None:
        assert closeness(several_parts()) == pytest.approx(nx.closeness_centrality(several_parts()))

    @pytest.mark.parametrize("nodes", [[], ["a"], ["a", "b"]], ids=len)
    def test_without_a_tie_all_is_nought(self, nodes: list[str]) -> None:
        ties: nx.Graph[str] = nx.Graph()
        ties.add_nodes_from(nodes)
        for measure in (degree, betweenness, closeness, eigenvector):
            assert measure(ties) == dict.fromkeys(nodes, 0)


def test_eigenvector_is_of_the_largest_part() -> None:
    found = eigenvector(several_parts())
    part = nx.Graph([tie for tie in several_parts().edges if tie != ("f", "g")])
    peer = nx.eigenvector_centrality_numpy(part)
    highest = max(peer.values())
    assert {node: found[node] for node in part} == pytest.approx({node: peer[node] / highest for node in part})
    assert (found["f"], found["alone"]) == (0.0, 0.0)


def test_eigenvector_of_a_larger_part_is_the_same() -> None:
    ties = nx.relabel_nodes(nx.barabasi_albert_graph(300, 2, seed=1), str)
    peer = nx.eigenvector_centrality_numpy(ties)
    highest = max(peer.values())
    assert eigenvector(ties) == pytest.approx({node: value / highest for node, value in peer.items()}, abs=1e-9)


def test_of_equal_parts_the_eigenvector_is_of_the_first() -> None:
    found = eigenvector(nx.Graph([("y", "z"), ("a", "b")]))
    assert found == pytest.approx({"y": 1, "z": 1, "a": 0, "b": 0})


def test_constraint_in_pieces_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    ties = nx.relabel_nodes(nx.gnm_random_graph(40, 90, seed=3), str)
    ties.add_node("alone")
    whole = constraint(ties)
    monkeypatch.setattr("atlas.graph.measures.structural_holes._PRODUCTS", 10)
    assert constraint(ties) == pytest.approx(whole, nan_ok=True)
    assert whole == pytest.approx(nx.constraint(ties), nan_ok=True)
