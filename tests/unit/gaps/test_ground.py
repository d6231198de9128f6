from __future__ import annotations

import networkx as nx
import pandas as pd
import pytest

from atlas.errors import NotFoundError
from atlas.gaps.ground import ground_of
from atlas.geo.footprints import BEYOND, LONDON, covers
from atlas.graph.build import build
from atlas.graph.places import PlaceIndex
from atlas.vocabulary import FootprintKind, Kind
from tests.toy import WEST, toy_areaset, toy_inputs, toy_partnerships


@pytest.mark.parametrize(
    ("wanted", "code", "kind", "inside"),
    [
        ("west", WEST, "borough", 8 + 2),
        ("e09000001", WEST, "borough", 8 + 2),
        ("Square 00", "E01000000", "neighbourhood", 0),
        ("e01000000", "E01000000", "neighbourhood", 0),
        ("Quarter 0", "E02000000", "group of neighbourhoods", 4),
        ("NHS Old West ICB", "E54000027", "integrated care board", 1 + 8 + 2),
        ("London", LONDON, "region", 2 + 16 + 4 + 3),
    ],
    ids=str,
)
def test_a_place_is_found_by_code_or_name(wanted: str, code: str, kind: str, inside: int) -> None:
    found = ground_of(toy_areaset(), build(toy_partnerships()), wanted)
    assert (found.code, found.kind, len(found.inside)) == (code, kind, inside)
    assert found.code not in (*found.around, *found.inside)
    assert found.around[-len(BEYOND) :] == tuple(BEYOND)


def test_a_small_area_lies_in_all_that_is_around_it_and_has_its_sites() -> None:
    inputs = toy_inputs()
    found = ground_of(inputs.areaset, inputs.graph, "E01000101", inputs.sites)
    assert found.around == ("E02000000", WEST, "E54000027", "E54000071", LONDON, *BEYOND)
    assert found.sites == ("site:hospital",)
    assert found.points_m.tolist() == [[531_500.0, 181_500.0]]


def test_places_of_the_graph_are_found() -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_node("place:grove-park", kind="place", name="Grove Park", type="neighbourhood")
    for wanted in ("grove park", "GROVE-PARK", "place:grove-park"):
        assert ground_of(toy_areaset(), graph, wanted).name == "Grove Park"


def test_what_is_no_place_is_refused_with_near_names() -> None:
    with pytest.raises(NotFoundError) as caught:
        ground_of(toy_areaset(), build(toy_partnerships()), "wset")
    assert caught.value.kind == "place"
    assert "West" in caught.value.suggestions


def test_the_index_agrees_with_footprints_over_every_area() -> None:
    graph, areaset = build(toy_partnerships()), toy_areaset()
    areas, index = pd.DataFrame(areaset.areas.drop(columns="geometry")), PlaceIndex.of(graph)
    expected = {
        node: covers(
            FootprintKind(record["footprint_kind"]), record["footprint"], areas, areaset.boroughs, areaset.icbs
        )
        for node, record in graph.nodes(data=True)
        if record["kind"] in {Kind.NETWORK, Kind.PROGRAMME}
    }
    for code in areas.index:
        served = {row.node for row in index.serving(ground_of(areaset, graph, code)) if "footprint" in row.ways}
        assert served == {node for node, inside in expected.items() if inside[code]}
