"""Assets hang on who owns and who occupies them, and distort nothing that is asked of who acts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import networkx as nx
import pandas as pd
import pytest

from atlas.errors import NotFoundError
from atlas.gaps.ground import ground_of
from atlas.gaps.reach import reaches
from atlas.graph.bare import without_assets
from atlas.graph.chains import chains
from atlas.graph.changes import changes
from atlas.graph.coverage import coverage
from atlas.graph.estate import left_out, names_of, occupiers_on_record, source_of, with_assets
from atlas.graph.evolutions import evolutions
from atlas.graph.introductions import introductions
from atlas.graph.layout import positions
from atlas.graph.lookup import find_node, nearest
from atlas.graph.measures import projection
from atlas.graph.measures.affiliation import affiliations
from atlas.graph.measures.frame import measures_of
from atlas.graph.measures.resilience import departure
from atlas.graph.places import PlaceIndex
from atlas.graph.progress import all_tracks
from atlas.graph.query import ego
from atlas.graph.timeline import as_at, last_checked
from atlas.vocabulary import Kind
from tests.land import inputs_with, land, some_land
from tests.toy import WEST, toy_areaset, toy_inputs

NOW = date(2026, 11, 21)
LATER = date(2030, 1, 1)


def whole() -> nx.MultiDiGraph[str]:
    return inputs_with(some_land()).graph


def ties_of(graph: nx.MultiDiGraph[str], asset: str) -> list[tuple[str, str, str, str]]:
    both = [*graph.in_edges(asset, data=True), *graph.out_edges(asset, data=True)]
    return [(one, tie["relation"], other, tie["confidence"]) for one, other, tie in both]


def test_what_a_register_only_lists_is_tied_to_its_place_alone() -> None:
    graph = inputs_with(land({"id": "theirs", "at": (600, 500), "tenure": "not_held"})).graph
    assert [relation for _, relation, _, _ in ties_of(graph, "asset:council-theirs")] == ["located_in"]


def test_a_freehold_is_owned_by_the_partner_and_stands_in_its_borough() -> None:
    graph = whole()
    assert ties_of(graph, "asset:council-library") == [
        ("institution:council", "owns", "asset:council-library", "high"),
        ("asset:council-library", "located_in", f"place:{WEST}", "high"),
    ]
    record = graph.nodes["asset:council-library"]
    said = {name: record[name] for name in ("kind", "name", "type", "tenure", "asset_status", "easting_m", "land_ha")}
    assert said == {
        "kind": "asset",
        "name": "Library",
        "type": "library",
        "tenure": "freehold",
        "asset_status": "in_use",
        "easting_m": 531_600,
        "land_ha": None,
    }


@pytest.mark.parametrize(
    ("tenure", "relation", "confidence"),
    [
        ("freehold", "owns", "high"),
        ("freehold_and_leasehold", "owns", "high"),
        ("leasehold", "occupies", "high"),
        ("licence", "occupies", "high"),
        ("other", "occupies", "low"),
        ("unknown", "owns", "low"),
        ("", "owns", "low"),
    ],
)
def test_the_tenure_says_what_a_partner_does_with_an_asset(tenure: str, relation: str, confidence: str) -> None:
    graph = inputs_with(land({"id": "a", "tenure": tenure})).graph
    assert ties_of(graph, "asset:council-a") == [("institution:council", relation, "asset:council-a", confidence)]


def test_an_occupier_of_a_name_on_record_occupies_the_asset_too() -> None:
    found = ties_of(whole(), "asset:council-shop")
    assert ("institution:university", "occupies", "asset:council-shop", "medium") in found
    assert ("institution:council", "occupies", "asset:council-shop", "high") in found


def test_a_partner_that_is_named_as_its_own_occupier_owns_and_occupies() -> None:
    found = [tie[1] for tie in ties_of(whole(), "asset:hospital-clinic") if tie[0] == "institution:hospital"]
    assert found == ["owns", "occupies"]
    leased = inputs_with(land({"id": "a", "tenure": "leasehold", "occupier": "West Council"})).graph
    assert ties_of(leased, "asset:council-a") == [("institution:council", "occupies", "asset:council-a", "high")]


def test_an_occupier_that_is_only_nearly_called_so_is_not_taken_for_it() -> None:
    graph = toy_inputs().graph
    assert occupiers_on_record(graph, ["West Council Ltd", "west council", "", "The West Council"]) == {
        "west council": "institution:council",
        "The West Council": "institution:council",
    }


def test_an_occupier_that_two_institutions_are_called_is_neither() -> None:
    graph = nx.MultiDiGraph(toy_inputs().graph)
    graph.add_node("institution:other", kind="institution", name="WEST COUNCIL", status="active")
    assert occupiers_on_record(graph, ["West Council"]) == {}


def test_evidence_is_the_row_and_the_title_and_the_source_is_the_register() -> None:
    graph = whole()
    (tie,) = graph.get_edge_data("institution:council", "asset:council-depot").values()
    assert (tie["source"], tie["evidence"], tie["checked_on"]) == (
        source_of("council"),
        "row 8, title EGL1",
        "2026-10-01",
    )
    source = graph.graph["sources"][source_of("council")]
    assert source["title"] == "Land and property register of Council"
    assert {tie["source"] for *_, tie in graph.edges(data=True)} <= set(graph.graph["sources"])


def test_a_register_of_no_date_was_checked_when_it_was_imported() -> None:
    graph = inputs_with(land({"id": "a"}, as_of="")).graph
    assert graph.nodes["asset:council-a"]["checked_on"] == "2026-11-28"


def test_a_row_of_its_own_date_was_checked_then() -> None:
    graph = inputs_with(land({"id": "a", "as_of": "2024-03-31"})).graph
    assert graph.nodes["asset:council-a"]["checked_on"] == "2024-03-31"


def test_assets_of_a_partner_that_is_not_on_record_are_left_out_and_counted() -> None:
    estate, plain = some_land(), toy_inputs().graph
    graph = with_assets(plain, estate.assets, estate.registers)
    assert "asset:nobody-yard" not in graph
    assert left_out(plain, estate.assets) == {"institution:nobody": 1}
    assert source_of("nobody") not in graph.graph["sources"]
    assert len(graph) - len(plain) == len(estate.assets) - 1


def test_nothing_that_is_given_is_changed() -> None:
    estate, plain = some_land(), toy_inputs().graph
    before = nx.node_link_data(plain), estate.assets.copy(deep=True), estate.registers.copy(deep=True)
    graph = with_assets(plain, estate.assets, estate.registers)
    assert nx.node_link_data(plain) == before[0]
    pd.testing.assert_frame_equal(estate.assets, before[1])
    pd.testing.assert_frame_equal(estate.registers, before[2])
    with pytest.raises(nx.NetworkXError, match="Frozen"):
        graph.add_node("asset:x-1")


def test_the_order_of_the_rows_does_not_matter() -> None:
    estate, plain = some_land(), toy_inputs().graph
    back = with_assets(plain, estate.assets[::-1], estate.registers[::-1])
    there = with_assets(plain, estate.assets, estate.registers)
    assert nx.node_link_data(back) == nx.node_link_data(there)


def test_new_land_takes_the_place_of_the_old() -> None:
    graph = whole()
    again = with_assets(graph, land({"id": "new"}).assets, land({"id": "new"}).registers)
    assert [node for node in again if node.startswith("asset:")] == ["asset:council-new"]


def test_assets_come_off_again() -> None:
    graph, plain = whole(), toy_inputs().graph
    assert nx.node_link_data(without_assets(graph)) == nx.node_link_data(plain)
    copied = nx.MultiDiGraph(graph)
    copied.graph["sources"] = plain.graph["sources"]
    assert nx.node_link_data(without_assets(copied)) == nx.node_link_data(plain)


def test_an_asset_without_a_name_is_called_by_its_address_postcode_code_or_id() -> None:
    rows = [
        {"id": "a", "name": "", "street": "High Street", "number": "3"},
        {"id": "b", "name": "", "number": "3", "postcode": "E1 1BJ"},
        {"id": "c", "name": "", "reference": "R7"},
        {"id": "d", "name": ""},
    ]
    assert names_of(land(*rows).assets).tolist() == ["3 High Street", "E1 1BJ", "R7", "asset:council-d"]


QUESTIONS: dict[str, Callable[[nx.MultiDiGraph[str]], Any]] = {
    "now": last_checked,
    "drawing": lambda graph: positions(graph).to_dict(),
    "projection": lambda graph: sorted(projection(graph).edges),
    "measures": lambda graph: measures_of(graph).to_dict(),
    "affiliations": lambda graph: affiliations(graph).members("network:west"),
    "departure": lambda graph: departure(graph, "institution:council"),
    "coverage": lambda graph: coverage(graph, NOW),
    "changes": lambda graph: changes(graph, date(2000, 1, 1), LATER),
    "evolutions": evolutions,
    "progress": all_tracks,
    "reach": lambda graph: [reach.node for reach in reaches(graph, toy_areaset())],
    "places": lambda graph: PlaceIndex.of(graph).serving(ground_of(toy_areaset(), graph, "East"), NOW),
    "ego": lambda graph: ego(graph, "institution:council", NOW, radius=2),
    "chains": lambda graph: chains(graph, "institution:council", "institution:university", NOW, through=tuple(Kind)),
    "introductions": lambda graph: introductions(graph, ["network:west"], {"institution:hospital": "site:hospital"}),
    "names": lambda graph: nearest(graph, "library", tuple(Kind)),
    "a past day": lambda graph: sorted(projection(as_at(graph, date(2022, 1, 1))).edges),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_assets_change_no_answer_about_who_acts(question: str) -> None:
    ask = QUESTIONS[question]
    assert ask(whole()) == ask(toy_inputs().graph)


def test_a_register_of_tomorrow_does_not_move_now() -> None:
    estate = land({"id": "a", "as_of": "2031-01-01"})
    assert last_checked(inputs_with(estate).graph) == last_checked(toy_inputs().graph)


def test_a_council_does_not_serve_a_borough_because_it_holds_a_depot_there() -> None:
    found = PlaceIndex.of(whole()).serving(ground_of(toy_areaset(), whole(), "East"), NOW)
    assert "institution:council" not in {row.node for row in found}


def test_a_chain_begins_at_an_asset_and_passes_through_none() -> None:
    graph = whole()
    found = chains(graph, "asset:council-library", "network:west", NOW)
    assert found.chains[0].nodes == ("asset:council-library", "institution:council", "network:west")
    shared = chains(graph, "asset:council-shop", "asset:council-lost", NOW, through=tuple(Kind))
    assert [node for chain in shared.chains for node in chain.nodes[1:-1]] == ["institution:council"]


def test_what_somebody_holds_is_around_them_where_it_is_asked_for() -> None:
    found = ego(whole(), "institution:hospital", NOW, kinds=(Kind.ASSET,))
    assert [other.node for other in found.nodes] == ["institution:hospital", "asset:hospital-clinic"]


def test_an_asset_is_found_by_its_id_and_by_no_name() -> None:
    graph = whole()
    assert find_node(graph, "asset:council-library", tuple(Kind)) == "asset:council-library"
    with pytest.raises(NotFoundError):
        find_node(graph, "Library", tuple(Kind))
