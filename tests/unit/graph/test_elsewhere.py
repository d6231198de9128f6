"""Who is of another place is told by the places served and the institutions tied, not by a name."""

from __future__ import annotations

from typing import Any

import networkx as nx
import pytest

from atlas.graph.elsewhere import elsewhere

HERE, THERE = "E09000001", "E08000025"


def world(*ties: tuple[str, str, str], **record: Any) -> nx.MultiDiGraph[str]:
    """A district here and one there in one country, a council and a college in each, and one network."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for place in (f"place:{HERE}", f"place:{THERE}", "place:country", "place:quarter", "place:abroad"):
        graph.add_node(place, kind="place")
    for name, code in (("here", HERE), ("there", THERE)):
        graph.add_node(f"institution:council-{name}", kind="institution", gss_code=code)
        graph.add_node(f"institution:college-{name}", kind="institution", gss_code="")
        graph.add_node(f"site:{name}", kind="site", institution=f"institution:college-{name}", borough=code)
        graph.add_edge(f"place:{code}", "place:country", relation="part_of")
    graph.add_node("institution:nowhere", kind="institution", gss_code="")
    graph.add_edge("place:quarter", f"place:{HERE}", relation="part_of")
    graph.add_node("network:one", **{"kind": "network", "status": "active", **record})
    for subject, relation, target in ties:
        graph.add_edge(subject, target, relation=relation)
    return graph


def serves(place: str) -> tuple[str, str, str]:
    return "network:one", "serves", f"place:{place}"


def member(name: str) -> tuple[str, str, str]:
    return f"institution:{name}", "member_of", "network:one"


@pytest.mark.parametrize(
    ("ties", "is_elsewhere"),
    [
        ((serves("abroad"),), True),
        ((serves(THERE),), True),
        ((member("council-there"),), True),
        ((serves("abroad"), member("college-there"), member("nowhere")), True),
        ((), False),
        ((member("nowhere"),), False),
        ((serves(HERE),), False),
        ((serves("quarter"),), False),
        ((serves("country"),), False),
        ((serves("abroad"), serves(HERE)), False),
        ((serves(THERE), member("college-here")), False),
        ((serves("abroad"), member("council-here")), False),
    ],
)
def test_a_network_is_elsewhere_where_all_that_is_known_of_it_is(
    ties: tuple[tuple[str, str, str], ...],
    is_elsewhere: bool,  # noqa: FBT001
) -> None:
    assert elsewhere(world(*ties), {HERE}) == (("network:one",) if is_elsewhere else ())


def test_what_has_a_footprint_here_or_has_ended_is_not_looked_at() -> None:
    assert elsewhere(world(serves("abroad")), {HERE}, ["network:one"]) == ()
    assert elsewhere(world(serves("abroad"), status="ended"), {HERE}) == ()
