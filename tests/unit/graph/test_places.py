from __future__ import annotations

from datetime import date

import networkx as nx
import numpy as np

from atlas.gaps.ground import ground_of
from atlas.graph.build import build
from atlas.graph.places import Ground, PlaceIndex
from tests.toy import WEST, X0, Y0, toy_areaset, toy_partnerships

DAY = date(2026, 11, 21)


def test_everything_that_serves_a_borough() -> None:
    graph = build(toy_partnerships())
    found = PlaceIndex.of(graph).serving(ground_of(toy_areaset(), graph, "West"), DAY)
    assert [(row.name, row.extent, row.ways, row.sites) for row in found] == [
        ("West Partnership", "whole", ("footprint",), 0),
        ("Everyone's Network", "whole", ("footprint",), 0),
        ("West Council", "site", ("site",), 1),
        ("West University", "site", ("site",), 1),
        ("Western Hospital", "site", ("site",), 1),
    ]


def test_a_circle_serves_what_it_holds() -> None:
    graph, areas = build(toy_partnerships()), toy_areaset()
    index = PlaceIndex.of(graph)
    extents = {
        wanted: {row.node: row.extent for row in index.serving(ground_of(areas, graph, wanted), DAY)}
        for wanted in ("east", "E01000700", "E01000400")
    }
    assert extents["east"]["programme:east"] == "part"
    assert extents["E01000700"]["programme:east"] == "whole"
    assert "programme:east" not in extents["E01000400"]


def test_a_small_area_has_the_sites_that_stand_in_it() -> None:
    graph, areas = build(toy_partnerships()), toy_areaset()
    near = Ground("E01000101", "Square 11", "neighbourhood", (WEST,), sites=("site:hospital",))
    rows = [row for row in PlaceIndex.of(graph).serving(near, DAY) if row.kind == "institution"]
    assert [(row.name, row.extent, row.sites) for row in rows] == [("Western Hospital", "site", 1)]
    far = ground_of(areas, graph, "E01000301")
    assert not [row for row in PlaceIndex.of(graph).serving(far, DAY) if row.kind == "institution"]


def test_who_has_a_footprint_is_not_said_by_a_wider_tie_to_serve_a_place() -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_node(
        "network:n",
        kind="network",
        name="N",
        start="2020",
        footprint_kind="radius",
        footprint=(str(X0), str(Y0), "500"),
    )
    graph.add_node("place:E09000001", kind="place", name="West")
    graph.add_edge("network:n", "place:E09000001", relation="serves", start="2020")
    index = PlaceIndex.of(graph)
    away = Ground("E01000001", "A", "neighbourhood", (WEST,), points_m=np.array([[X0 + 2_000.0, Y0]]))
    assert index.serving(away, DAY) == ()
    assert [row.extent for row in index.serving(Ground(WEST, "West", "borough"), DAY)] == ["part"]


def test_places_of_the_graph_lie_in_one_another() -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for place in ("place:corner", "place:town", "place:county"):
        graph.add_node(place, kind="place", name=place)
    graph.add_edge("place:corner", "place:town", relation="part_of")
    graph.add_edge("place:town", "place:county", relation="part_of")
    for node, place in {"institution:wide": "county", "institution:narrow": "corner"}.items():
        graph.add_node(node, kind="institution", name=node, start="2020")
        graph.add_edge(node, f"place:{place}", relation="serves", start="2020")
    found = PlaceIndex.of(graph).serving(Ground("town", "Town", "place"), DAY)
    assert {row.node: row.extent for row in found} == {"institution:wide": "whole", "institution:narrow": "part"}


def test_a_council_governs_its_area() -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_node("institution:c", kind="institution", name="C", gss_code=WEST, start="2020")
    found = PlaceIndex.of(graph).serving(Ground("E01000001", "A", "neighbourhood", (WEST,)), DAY)
    assert [(row.extent, row.ways) for row in found] == [("whole", ("governs",))]


def test_an_empty_graph_serves_nobody() -> None:
    assert PlaceIndex.of(nx.MultiDiGraph()).serving(Ground(WEST, "West", "borough"), DAY) == ()
