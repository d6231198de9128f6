from __future__ import annotations

from datetime import date
from typing import Any

import networkx as nx
import pytest

from atlas.errors import QueryError
from atlas.graph.chains import Joined, bridges, chains
from atlas.vocabulary import Kind, Relation

DAY = date(2026, 11, 21)


def graph_of(*ties: tuple[str, str] | tuple[str, str, dict[str, Any]]) -> nx.MultiDiGraph[str]:
    """Capitals are networks, small letters institutions, p and q places; each tie is a membership, since 2020."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for one, other, *more in ties:
        for node in (one, other):
            kind = "place" if node in "pq" else "network" if node.isupper() else "institution"
            graph.add_node(node, kind=kind, name=node, start="2000", status="active")
        fields: dict[str, Any] = {"relation": "member_of", "start": "2020", "status": "active", "confidence": "high"}
        graph.add_edge(one, other, **{**fields, **(more[0] if more else {})})
    return graph


def paths(graph: nx.MultiDiGraph[str], one: str, other: str, **more: Any) -> list[str]:
    return ["".join(chain.nodes) for chain in chains(graph, one, other, DAY, **more).chains]


def test_all_the_shortest_come_in_order_of_name() -> None:
    graph = graph_of(("a", "N"), ("b", "N"), ("a", "M"), ("b", "M"), ("a", "K"), ("c", "K"), ("c", "M"), ("b", "c"))
    assert paths(graph, "a", "b") == ["aMb", "aNb"]
    assert paths(graph, "b", "a") == ["bMa", "bNa"]


def test_the_surest_come_first_and_a_limit_keeps_them() -> None:
    doubtful: list[Any] = [("a", "K", {"status": "unknown"}), ("a", "L", {"confidence": "medium"}), ("a", "M")]
    graph = graph_of(*doubtful, *(("b", network) for network in "KLM"))
    assert paths(graph, "a", "b") == ["aMb", "aLb", "aKb"]
    found = chains(graph, "a", "b", DAY, limit=1)
    assert (found.total, len(found.chains), found.chains[0].names) == (3, 1, ("a", "M", "b"))


def test_each_step_says_all_its_ties_the_surest_first() -> None:
    graph = graph_of(("a", "N", {"confidence": "low"}), ("a", "N", {"relation": "chairs"}), ("b", "N"))
    (chain,) = chains(graph, "a", "b", DAY).chains
    assert [tie.relation for tie in chain.steps[0]] == [Relation.CHAIRS, Relation.MEMBER_OF]
    assert chain.sentences[1] == "b is a member of N (since 2020; high confidence; no source)."


def test_what_has_ended_joins_nobody_unless_asked() -> None:
    graph = graph_of(("a", "N", {"end": "2022", "status": "ended"}), ("b", "N"), ("N", "O"))
    assert chains(graph, "a", "b", DAY).length is None
    assert chains(graph, "a", "b", date(2021, 6, 1)).length == 2
    assert chains(graph, "a", "b", DAY, ever=True).length == 2


def test_places_join_nobody_unless_asked_or_an_end() -> None:
    graph = graph_of(("a", "p", {"relation": "serves"}), ("b", "p", {"relation": "serves"}))
    assert chains(graph, "a", "b", DAY).length is None
    assert chains(graph, "a", "b", DAY, through=tuple(Kind)).length == 2
    assert chains(graph, "a", "p", DAY).length == 1


def test_nobody_is_introduced_by_who_is_gone() -> None:
    graph = graph_of(("a", "b", {"relation": "succeeds"}))
    assert chains(graph, "a", "b", DAY).length is None
    assert chains(graph, "a", "b", DAY, relations=tuple(Relation)).length == 1


def test_a_chain_needs_two_ends_and_a_limit() -> None:
    graph = graph_of(("a", "N"))
    with pytest.raises(QueryError, match="two different ends"):
        chains(graph, "a", "a", DAY)
    with pytest.raises(QueryError, match="at least one chain"):
        chains(graph, "a", "N", DAY, limit=0)


def test_shared_members_bridge_and_the_one_alone_between_counts_most() -> None:
    graph = graph_of(("a", "M"), ("b", "M"), ("s", "M"), ("s", "N"), ("t", "M"), ("t", "N"), ("c", "N"), ("d", "N"))
    graph.add_edge("a", "t", relation="partners_with", start="2020", status="active", confidence="high")
    found = bridges(graph, "M", "N", DAY)
    assert found.joined is Joined.MEMBERS
    assert found.pairs == 4
    # a reaches c and d by its partner t alone, in three ties; b by s or t alike
    assert {bridge.node: bridge.pairs for bridge in found.bridges} == pytest.approx({"t": 3.0, "s": 1.0})
    assert [bridge.node for bridge in found.bridges] == ["t", "s"]


def test_pairs_are_the_share_of_shortest_chains() -> None:
    graph = graph_of(*((node, net) for net, nodes in {"M": "abst", "N": "cdst"}.items() for node in nodes))
    found = bridges(graph, "M", "N", DAY)
    union = nx.Graph((u, v) for u, v in graph.edges())
    expected = dict.fromkeys("st", 0.0)
    for source in "ab":
        for target in "cd":
            every = list(nx.all_shortest_paths(union, source, target))
            for node in expected:
                expected[node] += sum(node in path for path in every) / len(every)
    assert {bridge.node: bridge.pairs for bridge in found.bridges} == pytest.approx(expected)


def test_else_those_tied_to_both_else_chains_else_nothing() -> None:
    convened = graph_of(("a", "M"), ("b", "N"), ("e", "M", {"relation": "convenes"}), ("e", "N"))
    found = bridges(convened, "M", "N", DAY)
    assert (found.joined, [bridge.is_member for bridge in found.bridges]) == (Joined.TIES, [False])
    longer = bridges(graph_of(("a", "M"), ("a", "K"), ("b", "K"), ("b", "N")), "M", "N", DAY)
    assert longer.joined is Joined.CHAINS
    assert longer.chains is not None
    assert longer.chains.chains[0].nodes == ("M", "a", "K", "b", "N")
    assert bridges(graph_of(("a", "M"), ("b", "N")), "M", "N", DAY).joined is Joined.NOT


def test_networks_tied_to_each_other_say_so() -> None:
    found = bridges(graph_of(("M", "N", {"relation": "part_of"}), ("a", "M")), "M", "N", DAY)
    assert [tie.words for tie in found.direct] == ["M is part of N"]
    with pytest.raises(QueryError, match="two different networks"):
        bridges(graph_of(("a", "M")), "M", "M", DAY)
