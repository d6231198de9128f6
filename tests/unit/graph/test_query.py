from __future__ import annotations

from datetime import date
from typing import Any

import networkx as nx
import numpy as np
import pytest

from atlas.errors import QueryError
from atlas.graph.build import build
from atlas.graph.facts import facts_between
from atlas.graph.query import ego, extent, members
from atlas.vocabulary import Kind, Relation, Standing
from tests.toy import toy_partnerships

DAY = date(2026, 11, 21)


def world() -> nx.MultiDiGraph[str]:
    """Two networks over time: A and B now, C until 2023, D of whom nobody knows; E convenes."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.graph["sources"] = {"report": {"title": "A report", "url": "https://example.org"}}
    graph.add_node("network:n", kind="network", name="The Network", start="2019", status="active")
    for letter in "abcde":
        graph.add_node(
            f"institution:{letter}",
            kind="institution",
            name=letter.upper(),
            start="2000",
            ods_code=f"R{letter.upper()}1",
        )
    ties: list[tuple[str, str, dict[str, Any]]] = [
        ("a", "member_of", {"start": "2021"}),
        ("b", "member_of", {"start": "2019-06"}),
        ("c", "member_of", {"start": "2019", "end": "2023", "status": "ended"}),
        ("d", "member_of", {"start": "2020", "status": "unknown"}),
        ("e", "convenes", {"start": "2019"}),
    ]
    for node, relation, fields in ties:
        graph.add_edge(
            f"institution:{node}",
            "network:n",
            key=relation,
            **{"relation": relation, "status": "active", "source": "report", "confidence": "high", **fields},
        )
    return graph


def test_members_now_then_and_ever() -> None:
    graph = world()
    now = [(member.name, member.standing) for member in members(graph, "network:n", DAY)]
    assert now == [("A", Standing.STANDS), ("B", Standing.STANDS), ("D", Standing.MAY_STAND)]
    then = {member.name for member in members(graph, "network:n", date(2020, 12, 31))}
    assert then == {"B", "C", "D"}
    ever = [(member.name, member.standing) for member in members(graph, "network:n", DAY, ever=True)]
    assert ever == [*now, ("C", Standing.DOES_NOT)]


def test_others_may_be_asked_for_by_what_they_do() -> None:
    found = members(world(), "network:n", DAY, (Relation.MEMBER_OF, Relation.CONVENES))
    assert {member.name: member.roles for member in found}["E"] == ("convenes",)


def test_a_member_that_is_gone_is_no_member() -> None:
    graph = world()
    graph.nodes["institution:a"].update(end="2024", status="ended")
    assert "A" not in {member.name for member in members(graph, "network:n", DAY)}


def test_a_sentence_says_who_when_how_sure_and_by_what() -> None:
    (tie,) = facts_between(world(), "network:n", "institution:a", DAY)
    assert tie.sentence == "A is a member of The Network (since 2021; high confidence; source: A report)."
    assert tie.source_url == "https://example.org"


def test_an_ego_network_stops_at_its_radius_and_keeps_the_ties_inside() -> None:
    graph = build(toy_partnerships())
    near = ego(graph, "network:west", DAY)
    assert {other.node: other.distance for other in near.nodes} == {
        "network:west": 0,
        "institution:hospital": 1,
        "institution:council": 1,
        "programme:east": 1,
    }
    far = ego(graph, "institution:hospital", DAY, radius=2)
    assert {other.node for other in far.nodes} == {other.node for other in near.nodes}
    assert {(tie.subject, tie.object) for tie in near.facts} == {(tie.subject, tie.object) for tie in far.facts}


def test_an_ego_network_can_be_narrowed() -> None:
    graph = build(toy_partnerships())
    sites = ego(graph, "institution:hospital", DAY, kinds=(Kind.SITE,))
    assert [other.node for other in sites.nodes] == ["institution:hospital", "site:hospital"]
    assert ego(graph, "network:west", DAY, relations=(Relation.CONVENES,)).nodes[1].node == "institution:council"
    assert len(ego(graph, "network:west", date(2019, 1, 1)).nodes) == 1
    assert len(ego(graph, "network:west", date(2019, 1, 1), ever=True).nodes) == 4


@pytest.mark.parametrize("radius", [0, 3])
def test_an_ego_network_reaches_one_or_two_ties(radius: int) -> None:
    with pytest.raises(QueryError, match="1 or 2"):
        ego(world(), "network:n", DAY, radius)


def test_an_extent_counts_people_by_borough() -> None:
    inside = np.array([True, False, True, False])
    found = extent({}, inside, np.array([100, 300, 50, 10]), ["E1", "E1", "E2", "E3"])
    assert (found.areas, found.people, found.districts) == (2, 150, (("E2", 1.0), ("E1", 0.25)))
