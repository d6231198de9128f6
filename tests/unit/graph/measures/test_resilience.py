from __future__ import annotations

import networkx as nx
import pytest

from atlas.errors import QueryError
from atlas.graph.build import build
from atlas.graph.measures.answer import Measured
from atlas.graph.measures.brokers import joined_pairs
from atlas.graph.measures.cuts import bridges, pairs_cut
from atlas.graph.measures.resilience import RoleLost, departure
from atlas.graph.measures.sentences import departure_words
from atlas.vocabulary import Relation
from tests.toy import toy_partnerships


@pytest.fixture
def toy() -> nx.MultiDiGraph[str]:
    return build(toy_partnerships())


def test_what_breaks_when_a_network_leaves(toy: nx.MultiDiGraph[str]) -> None:
    found = departure(toy, "network:west")
    assert found.ties == 3
    assert (found.components_before, found.components_after) == (2, 4)
    assert (found.pairs_before, found.pairs_cut) == (4, 3)
    assert found.parts == (("institution:council",), ("institution:hospital",), ("programme:east",))
    assert found.roles_lost == (RoleLost("programme:east", Relation.DELIVERS),)
    assert found.without_network == ("institution:council", "institution:hospital")
    assert found.without_tie == ("institution:council", "institution:hospital", "programme:east")
    first, *others = departure_words(Measured(toy), found)
    assert first.startswith("Without West Partnership, 3 of 4 pairs of others have no chain of ties left")
    assert first.endswith("falls into 3 parts.")
    assert others == [
        "Eastern Start loses its only deliverer on record.",
        "2 institutions that took part take part in no other network or programme.",
        "3 are left without any tie.",
    ]


def test_what_breaks_when_the_convenor_leaves(toy: nx.MultiDiGraph[str]) -> None:
    found = departure(toy, "institution:council")
    assert found.pairs_cut == 0
    assert found.parts == (("institution:hospital", "network:west", "programme:east"),)
    assert found.roles_lost == (RoleLost("network:west", Relation.CONVENES),)
    assert found.without_network == ()
    assert departure_words(Measured(toy), found)[1] == "West Partnership loses its only convenor on record."


def test_a_second_convenor_keeps_the_role(toy: nx.MultiDiGraph[str]) -> None:
    graph = nx.MultiDiGraph(toy)
    graph.add_edge("institution:hospital", "network:west", "convenes", relation="convenes", status="active")
    assert departure(graph, "institution:council").roles_lost == ()
    graph.edges["institution:hospital", "network:west", "convenes"]["status"] = "ended"
    assert departure(graph, "institution:council").roles_lost != ()


def test_nothing_hangs_on_who_has_no_tie(toy: nx.MultiDiGraph[str]) -> None:
    graph = nx.MultiDiGraph(toy)
    graph.remove_edge("institution:university", "network:all")
    found = departure(graph, "institution:university")
    assert (found.ties, found.pairs_cut, found.parts) == (0, 0, ())
    assert "has no tie on record" in departure_words(Measured(graph), found)[0]


@pytest.mark.parametrize("node", ["place:E09000001", "network:nowhere"])
def test_only_who_stands_can_leave(toy: nx.MultiDiGraph[str], node: str) -> None:
    with pytest.raises(QueryError, match=node):
        departure(toy, node)


def test_cuts_are_those_of_leaving(toy: nx.MultiDiGraph[str]) -> None:
    ties = Measured(toy).ties
    assert pairs_cut(ties) == {node: departure(toy, node).pairs_cut for node in ties}
    assert {node for node, cut in pairs_cut(ties).items() if cut} == set(nx.articulation_points(ties))
    assert bridges(ties) == sorted(tuple(sorted(tie)) for tie in ties.edges)
    assert departure(toy, "network:west").pairs_before == joined_pairs(ties) - 3
