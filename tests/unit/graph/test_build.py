from __future__ import annotations

import networkx as nx
import pytest

from atlas.graph.build import build
from atlas.graph.tie_columns import TieColumns
from atlas.records import Measurement, Partnerships
from atlas.vocabulary import Relation
from tests.toy import EVIDENCE, WEST, toy_partnerships


def test_nodes_carry_kind_type_and_fields() -> None:
    graph = build(toy_partnerships())
    node = graph.nodes["network:west"]
    assert (node["kind"], node["type"], node["name"]) == ("network", "partnership", "West Partnership")
    assert node["footprint"] == (WEST,)
    assert node["domains"] == ("workforce",)
    assert graph.nodes["institution:hospital"]["sector"] == "health"


def test_ties_are_keyed_by_relation_and_carry_evidence() -> None:
    graph = build(toy_partnerships())
    tie = graph.edges["institution:council", "network:west", "convenes"]
    assert (tie["relation"], tie["source"], tie["evidence"]) == ("convenes", "toy", "drawn by hand")
    assert tie["checked_on"] == "2026-11-21"
    assert graph.graph["sources"]["toy"]["title"] == "A toy"


def test_sites_are_occupied_and_located() -> None:
    graph = build(toy_partnerships())
    assert graph.has_edge("institution:hospital", "site:hospital", "occupies")
    assert graph.has_edge("site:hospital", f"place:{WEST}", "located_in")


def test_places_that_only_sites_speak_of_get_their_name() -> None:
    partnerships = toy_partnerships().model_copy(update={"places": ()})
    graph = build(partnerships, {WEST: "West"})
    assert graph.nodes[f"place:{WEST}"]["name"] == "West"


def test_measurements_hang_on_their_node() -> None:
    measured = Measurement(node="network:west", metric="jobs", value=5, unit="people", **EVIDENCE)
    graph = build(toy_partnerships().model_copy(update={"measurements": (measured,)}))
    assert [m["value"] for m in graph.nodes["network:west"]["measurements"]] == [5.0]
    assert "node" not in graph.nodes["network:west"]["measurements"][0]


def test_order_depends_on_ids_alone() -> None:
    toy = toy_partnerships()
    turned = Partnerships.model_construct(
        **{name: tuple(reversed(getattr(toy, name))) for name in Partnerships.model_fields}
    )
    one, other = build(toy), build(turned)
    assert list(one.nodes(data=True)) == list(other.nodes(data=True))
    assert list(one.edges(keys=True, data=True)) == list(other.edges(keys=True, data=True))


def test_the_graph_is_frozen() -> None:
    graph = build(toy_partnerships())
    with pytest.raises(nx.NetworkXError, match=r"(?i)frozen"):
        graph.add_node("institution:new")


def one_by_one(partnerships: Partnerships) -> nx.MultiDiGraph[str]:
    """Ties added by networkx's own `add_edge`, each from its record."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    nodes = build(partnerships.model_copy(update={"ties": ()}))
    graph.add_nodes_from(nodes.nodes(data=True))
    ties = [tie.model_dump(mode="json") for tie in partnerships.ties]
    for site in partnerships.sites:
        own = site.model_dump(mode="json")
        carried = {name: own[name] for name in ("source", "evidence", "checked_on", "start", "end", "status")}
        carried |= {"confidence": "high", "note": ""}
        ties.append({"subject": site.institution, "relation": "occupies", "object": site.id, **carried})
        ties.append({"subject": site.id, "relation": "located_in", "object": f"place:{site.borough}", **carried})
    for tie in sorted(ties, key=lambda tie: (tie["subject"], tie["relation"], tie["object"], str(tie["start"]))):
        subject, target = tie.pop("subject"), tie.pop("object")
        key = None if graph.has_edge(subject, target, tie["relation"]) else tie["relation"]
        graph.add_edge(subject, target, key=key, **tie)
    return graph


def test_ties_are_as_networkx_would_have_added_them() -> None:
    toy = toy_partnerships()
    again = [toy.ties[0].model_copy(update={"start": start}) for start in ("2023", "2021-05", "2022")]
    other = toy.ties[0].model_copy(update={"relation": Relation.FUNDS})
    partnerships = toy.model_copy(update={"ties": (*again, other, *toy.ties)})
    ours, theirs = build(partnerships), one_by_one(partnerships)
    assert dict(ours.nodes(data=True)) == dict(theirs.nodes(data=True))
    assert sorted(ours.edges(keys=True), key=str) == sorted(theirs.edges(keys=True), key=str)
    for *ends, key, tie in ours.edges(keys=True, data=True):
        assert tie == theirs.edges[(*ends, key)]
    assert {node: dict(near) for node, near in ours.pred.items()} == {
        node: dict(near) for node, near in theirs.pred.items()
    }
    assert ours.number_of_edges("institution:hospital", "network:west") == 5


def test_ties_in_columns_build_the_same_graph() -> None:
    toy = toy_partnerships()
    columns = Partnerships.model_construct(
        **{name: getattr(toy, name) for name in Partnerships.model_fields} | {"ties": TieColumns.of_ties(toy.ties)}
    )
    assert list(build(columns).edges(keys=True, data=True)) == list(build(toy).edges(keys=True, data=True))
