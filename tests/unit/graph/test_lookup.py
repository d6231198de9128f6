from __future__ import annotations

import networkx as nx
import pytest

from atlas.errors import NotFoundError, QueryError
from atlas.graph.build import build
from atlas.graph.lookup import LETTERS, find_node, nearest
from atlas.records import slug
from atlas.vocabulary import Kind
from tests.toy import toy_partnerships


def world() -> nx.MultiDiGraph[str]:
    """A network and two institutions with a code each."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_node("network:n", kind="network", name="The Network")
    for letter in "ab":
        graph.add_node(f"institution:{letter}", kind="institution", name=letter.upper(), ods_code=f"R{letter.upper()}1")
    return graph


@pytest.mark.parametrize("wanted", ["network:n", "NETWORK:N", "n", "the network", "The-Network", " The Network "])
def test_a_node_is_found_by_id_or_name_in_any_case(wanted: str) -> None:
    assert find_node(world(), wanted) == "network:n"


def test_a_node_is_found_by_its_code() -> None:
    assert find_node(world(), "ra1") == "institution:a"


def test_what_is_not_there_is_refused_with_near_names() -> None:
    with pytest.raises(NotFoundError) as caught:
        find_node(world(), "teh network", (Kind.NETWORK,))
    assert caught.value.suggestions == ("The Network",)
    assert caught.value.kind == "network"
    with pytest.raises(NotFoundError):
        find_node(world(), "")
    with pytest.raises(NotFoundError):
        find_node(world(), "institution:a", (Kind.NETWORK,))


def test_two_of_one_kind_by_one_name_are_told_apart_by_id() -> None:
    graph = world()
    graph.nodes["institution:b"]["name"] = "A"
    graph.remove_node("institution:a")
    graph.add_node("institution:z", kind="institution", name="A")
    with pytest.raises(QueryError, match="institution:b, institution:z"):
        find_node(graph, "A")
    graph.add_node("programme:a", kind="programme", name="A")
    graph.remove_node("institution:z")
    assert find_node(graph, "A") == "institution:b"


def test_nearest_has_each_node_once() -> None:
    found = nearest(build(toy_partnerships()), "west")
    assert len(found) == len(set(found))
    assert "network:west" in found


def test_no_more_of_a_long_name_is_compared_than_a_name_can_have() -> None:
    long = "the network".ljust(LETTERS, "x")
    assert nearest(world(), long) == nearest(world(), long + "y" * 10_000)


def test_initials_find_what_has_no_other_name_so() -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_node("network:knowledge-quarter", kind="network", name="Knowledge Quarter")
    graph.add_node("network:kings-quay", kind="network", name="King's Quay of London")
    graph.add_node("programme:battersea", kind="programme", name="Battersea Academy for Skills (BASE)")
    assert find_node(graph, "KQ") == "network:knowledge-quarter"
    assert find_node(graph, "kql") == "network:kings-quay"
    assert find_node(graph, "Base") == "programme:battersea"
    graph.add_node("network:kiln-quarter", kind="network", name="Kiln Quarter")
    with pytest.raises(QueryError, match="several are called 'KQ'"):
        find_node(graph, "KQ")
    graph.add_node("network:kq", kind="network", name="Another")
    assert find_node(graph, "KQ") == "network:kq"


def institutions(*names: str, **more: str) -> nx.MultiDiGraph[str]:
    """A graph of nothing but institutions of these names."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for name in names:
        graph.add_node(f"institution:{slug(name)}", kind="institution", name=name, **more)
    return graph


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("TfL", "Transport for London"),
        ("lse", "London School of Economics and Political Science"),
        ("V&A", "Victoria and Albert Museum"),
        ("elft", "East London NHS Foundation Trust"),
        ("slam", "South London and Maudsley NHS Foundation Trust"),
    ],
)
def test_initials_without_joining_words_and_legal_forms_find_it(typed: str, name: str) -> None:
    graph = institutions(name, "The Lowland Slate Museum")
    assert find_node(graph, typed) == f"institution:{slug(name)}"


def test_no_initials_of_all_words_with_their_legal_form_come_before_those_that_people_use() -> None:
    graph = institutions("NHS England London region", "North East London Trust")
    assert find_node(graph, "nel") == "institution:north-east-london-trust"


def test_what_has_ended_is_meant_where_nothing_that_stands_is_called_so() -> None:
    graph = institutions("Lyric Hammersmith Theatre", "Lewisham Healthcare Trust NHS")
    graph.nodes["institution:lyric-hammersmith-theatre"]["status"] = "ended"
    graph.nodes["institution:lewisham-healthcare-trust-nhs"]["name"] = "Lewisham Homes Team"
    assert find_node(graph, "lht") == "institution:lewisham-healthcare-trust-nhs"
    graph.remove_node("institution:lewisham-healthcare-trust-nhs")
    assert find_node(graph, "lht") == "institution:lyric-hammersmith-theatre"


@pytest.mark.parametrize(
    ("typed", "council"),
    [
        ("London Borough of Lewisham", "Lewisham Council"),
        ("LB Lewisham", "Lewisham Council"),
        ("Lewisham Borough Council", "Lewisham Council"),
        ("Greenwich Council", "Royal Borough of Greenwich"),
        ("City of Westminster", "Westminster City Council"),
        ("the City of London", "City of London Corporation"),
        ("Hammersmith and Fulham Council", "Hammersmith & Fulham Council"),
    ],
)
def test_a_council_is_found_by_each_form_of_its_name(typed: str, council: str) -> None:
    graph = institutions(council, "Lambeth Council", "London Councils", sector="council")
    graph.add_node("institution:college", kind="institution", name="Lewisham College", sector="further_education")
    assert find_node(graph, typed) == f"institution:{slug(council)}"


def test_of_equally_near_names_the_best_tied_that_stands_is_meant() -> None:
    graph = institutions("Lewisham Homes", "Lewisham Local", "Lewisham Trust", sector="council")
    graph.nodes["institution:lewisham-homes"]["status"] = "ended"
    graph.add_edge("institution:lewisham-trust", "network:other", relation="member_of")
    graph.add_node("network:other", kind="network", name="Other")
    assert nearest(graph, "lewisham") == (
        "institution:lewisham-trust",
        "institution:lewisham-local",
        "institution:lewisham-homes",
    )
