from __future__ import annotations

import networkx as nx
import pytest

from atlas.graph.build import build
from atlas.records import Measurement, Partnerships
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
