from __future__ import annotations

import networkx as nx
import pytest

from atlas.graph.build import build
from atlas.graph.measures.affiliation import Affiliations, affiliations, co_affiliations
from atlas.graph.measures.overlap import overlap
from tests.toy import toy_partnerships


def graph_of(*pairs: str) -> nx.MultiDiGraph[str]:
    """Members of networks, each written "institution network"."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for pair in pairs:
        one, other = pair.split()
        graph.add_node(f"institution:{one}", kind="institution", name=one, status="active")
        graph.add_node(f"network:{other}", kind="network", name=other, status="active")
        graph.add_edge(f"institution:{one}", f"network:{other}", relation="member_of", status="active")
    return graph


@pytest.fixture
def found() -> Affiliations:
    return affiliations(graph_of("a n", "b n", "c n", "a o", "b o", "d p"))


def test_who_takes_part_in_the_toy_world() -> None:
    found = affiliations(build(toy_partnerships()))
    assert found.members("network:west") == ("institution:council", "institution:hospital")
    assert found.members("network:all") == ("institution:university",)
    # a network that delivers it is no institution
    assert "programme:east" not in found.networks
    assert found.members("programme:east") == ()


def test_money_alone_and_what_has_ended_are_no_seat() -> None:
    graph = graph_of("a n", "b n", "c n")
    graph.edges["institution:a", "network:n", 0]["relation"] = "funds"
    graph.edges["institution:b", "network:n", 0]["status"] = "ended"
    graph.add_edge("network:n", "institution:c", relation="partners_with", status="active")
    found = affiliations(graph)
    assert found.members("network:n") == ("institution:c",)
    assert found.matrix.toarray().tolist() == [[1.0]]


@pytest.mark.parametrize("side", ["institutions", "networks"])
def test_projection_is_that_of_networkx(found: Affiliations, side: str) -> None:
    ids, matrix = found.of(side)  # type: ignore[arg-type]
    other = found.networks if side == "institutions" else found.institutions
    both: nx.Graph[str] = nx.Graph()
    both.add_nodes_from(ids, bipartite=0)
    both.add_nodes_from(other, bipartite=1)
    both.add_edges_from((ids[i], other[j]) for i, j in zip(*matrix.nonzero(), strict=True))
    counted = nx.bipartite.weighted_projected_graph(both, ids)
    newman = nx.bipartite.collaboration_weighted_projected_graph(both, ids)
    frame = co_affiliations(found, side)  # type: ignore[arg-type]
    pairs = list(zip(frame["one"], frame["other"], strict=True))
    assert all(one < two for one, two in pairs)
    assert len(pairs) == counted.number_of_edges()
    assert frame["shared"].tolist() == [counted.edges[pair]["weight"] for pair in pairs]
    assert frame["newman"].tolist() == pytest.approx([newman.edges[pair]["weight"] for pair in pairs])


def test_sides_have_names(found: Affiliations) -> None:
    with pytest.raises(ValueError, match="institutions or networks"):
        co_affiliations(found, "people")  # type: ignore[arg-type]


def test_overlap_of_networks(found: Affiliations) -> None:
    table = overlap(found)
    assert table.to_dict("records") == [
        {
            "one": "network:n",
            "other": "network:o",
            "members_one": 3,
            "members_other": 2,
            "shared": 2,
            "jaccard": pytest.approx(2 / 3),
            "of_smaller": 1.0,
        }
    ]


def test_nobody_takes_part_in_anything() -> None:
    found = affiliations(nx.MultiDiGraph())
    assert found.members("network:n") == ()
    assert overlap(found).empty
    assert co_affiliations(found).empty
