"""Laws of the answers that the graph gives, whatever the graph."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any

import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from atlas.graph.chains import LIVING, bridges, chains
from atlas.graph.changes import Event, changes, resolve
from atlas.graph.facts import doubt
from atlas.graph.places import Ground, PlaceIndex
from atlas.graph.query import ego, members, passes
from atlas.graph.timeline import as_at, span_of, standing
from atlas.vocabulary import Standing, Status

DAYS = st.dates(date(2018, 1, 1), date(2028, 12, 31))
NODES = [f"institution:{k}" for k in range(6)] + [f"network:{k}" for k in range(4)]
CODES = ["E12000007", "E09000001", "E09000002", "E01000001", "E01000002", "E01000003"]
"""London; two boroughs; three neighbourhoods, two of them in the first borough."""
AROUND = {
    "E12000007": (),
    "E09000001": ("E12000007",),
    "E09000002": ("E12000007",),
    "E01000001": ("E09000001", "E12000007"),
    "E01000002": ("E09000001", "E12000007"),
    "E01000003": ("E09000002", "E12000007"),
}
POINTS = {"E01000001": (0.0, 0.0), "E01000002": (1_000.0, 0.0), "E01000003": (2_000.0, 0.0)}


@st.composite
def dated(draw: st.DrawFn) -> dict[str, Any]:
    """Dates of a row."""
    cut = st.sampled_from([4, 7, 10])
    start, end = draw(st.none() | DAYS), draw(st.none() | DAYS)
    if start and end and end < start:
        start, end = end, start
    row = {"start": start and start.isoformat()[: draw(cut)], "end": end and end.isoformat()[: draw(cut)]}
    if row["start"] and row["end"] and row["end"] < row["start"][: len(row["end"])]:
        row["end"] = None
    return {**row, "status": draw(st.sampled_from(list(Status))).value, "checked_on": "2026-11-21"}


@st.composite
def graphs(draw: st.DrawFn) -> nx.MultiDiGraph[str]:
    """Ten bodies with footprints, places, a site, and any ties."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node in NODES:
        row = draw(dated()) if draw(st.booleans()) else {"start": "2000", "status": "active"}
        graph.add_node(node, kind=node.partition(":")[0], name=node[-1], **row)
        if node.startswith("network"):
            footprint = draw(st.sets(st.sampled_from(CODES), max_size=2))
            circle = draw(st.none() | st.tuples(*[st.integers(0, 2_000)] * 3))
            if circle is not None:
                graph.nodes[node].update(footprint_kind="radius", footprint=tuple(map(str, circle)))
            elif footprint:
                graph.nodes[node].update(footprint_kind="places", footprint=tuple(sorted(footprint)))
    for code in CODES:
        graph.add_node(f"place:{code}", kind="place", name=code)
    graph.add_node("site:s", kind="site", name="S", start="2000", status="active")
    graph.add_edge("site:s", "place:E09000001", relation="located_in", start="2000", status="active")
    graph.add_edge("institution:0", "site:s", relation="occupies", **draw(dated()))
    verbs = st.sampled_from(["member_of", "partners_with", "convenes", "succeeds"])
    ends = st.sampled_from(NODES)
    for one, other, verb in draw(st.lists(st.tuples(ends, ends, verbs), max_size=14)):
        if one != other:
            row = draw(dated()) if draw(st.booleans()) else {"start": "2000", "status": "active"}
            confidence = draw(st.sampled_from(["high", "low"]))
            graph.add_edge(one, other, relation=verb, confidence=confidence, **row)
    for node, code in draw(st.sets(st.tuples(ends, st.sampled_from(CODES)), max_size=4)):
        graph.add_edge(node, f"place:{code}", relation="serves", **draw(dated()))
    return graph


def simple(graph: nx.MultiDiGraph[str], day: date) -> nx.Graph[str]:
    """Who is tied to whom on a day, without places and sites."""
    found: nx.Graph[str] = nx.Graph()
    found.add_nodes_from(NODES)
    found.add_edges_from(
        (one, other)
        for one, other, tie in graph.edges(data=True)
        if one in NODES and other in NODES and passes(graph, one, other, tie, day, LIVING)
    )
    return found


@given(graphs(), DAYS, st.permutations(NODES))
def test_chains_are_all_the_shortest_that_networkx_finds(
    graph: nx.MultiDiGraph[str], day: date, order: list[str]
) -> None:
    one, other = order[:2]
    found, ties = chains(graph, one, other, day, limit=1_000), simple(graph, day)
    if not nx.has_path(ties, one, other):
        assert found.length is None
        return
    every = {tuple(path) for path in nx.all_shortest_paths(ties, one, other)}
    assert found.length == nx.shortest_path_length(ties, one, other)
    assert {chain.nodes for chain in found.chains} == every
    assert found.total == len(found.chains) == len(every)
    doubts = [sum(doubt(step[0]) for step in chain.steps) for chain in found.chains]
    assert doubts == sorted(doubts)
    few = chains(graph, one, other, day, limit=2)
    assert few.chains == found.chains[:2]
    assert {chain.nodes[::-1] for chain in chains(graph, other, one, day, limit=1_000).chains} == every
    for chain in found.chains:
        for (here, there), step in zip(pairwise(chain.nodes), chain.steps, strict=True):
            assert step
            assert {frozenset((tie.subject, tie.object)) for tie in step} == {frozenset((here, there))}


@given(graphs(), DAYS)
def test_chains_are_those_of_the_graph_as_at_the_day(graph: nx.MultiDiGraph[str], day: date) -> None:
    then = as_at(graph, day)
    if "institution:0" in then and "network:0" in then:
        now = chains(graph, "institution:0", "network:0", day)
        assert now == chains(then, "institution:0", "network:0", day, ever=True)


@given(graphs(), DAYS)
def test_members_are_those_of_the_graph_as_at_the_day(graph: nx.MultiDiGraph[str], day: date) -> None:
    then, found = as_at(graph, day), members(graph, "network:0", day)
    ever = members(graph, "network:0", day, ever=True)
    assert set(found) <= {*ever, *found}
    assert {one.node for one in found} == {one.node for one in ever if one.standing is not Standing.DOES_NOT}
    if "network:0" in then:
        assert found == members(then, "network:0", day)
    else:
        assert found == ()


@given(graphs(), DAYS, st.sampled_from(NODES))
def test_an_ego_network_is_what_networkx_finds(graph: nx.MultiDiGraph[str], day: date, centre: str) -> None:
    found = ego(graph, centre, day, radius=2, relations=LIVING)
    expected = nx.single_source_shortest_path_length(simple(graph, day), centre, cutoff=2)
    assert {other.node: other.distance for other in found.nodes} == expected


@given(graphs(), DAYS)
def test_bridges_are_the_same_from_both_sides(graph: nx.MultiDiGraph[str], day: date) -> None:
    one, other = bridges(graph, "network:0", "network:1", day), bridges(graph, "network:1", "network:0", day)
    assert one.joined is other.joined
    assert one.pairs == other.pairs
    np.testing.assert_allclose(
        [bridge.pairs for bridge in one.bridges], [bridge.pairs for bridge in other.bridges], atol=1e-9
    )
    assert all(-1e-9 <= bridge.pairs <= one.pairs + 1e-9 for bridge in one.bridges)
    ties = simple(graph, day)
    shared = set(ties["network:0"]) & set(ties["network:1"])
    assert {bridge.node for bridge in one.bridges} == shared


@given(graphs(), DAYS, DAYS)
def test_changes_backwards_are_the_inverse(graph: nx.MultiDiGraph[str], one: date, other: date) -> None:
    there, back = changes(graph, one, other), changes(graph, other, one)
    turned = {Event.BEGUN: Event.ENDED, Event.ENDED: Event.BEGUN}
    if one != other:
        assert {(turned[c.event], c.node, c.name, c.is_certain, c.earliest, c.latest) for c in back.changes} == {
            (c.event, c.node, c.name, c.is_certain, c.earliest, c.latest) for c in there.changes
        }
    assert there.successions == back.successions


@given(graphs(), DAYS, DAYS)
def test_what_stands_at_one_day_and_not_at_the_other_has_changed(
    graph: nx.MultiDiGraph[str], one: date, other: date
) -> None:
    start, end = sorted((one, other))
    found = changes(graph, start, end)
    for node in NODES:
        span = span_of(graph.nodes[node])
        events = {(c.event, c.is_certain) for c in found.changes if c.node == node and c.fact is None}
        before, after = standing(span, start), standing(span, end)
        if (before, after) == (Standing.DOES_NOT, Standing.STANDS):
            assert (Event.BEGUN, True) in events
        if (before, after) == (Standing.STANDS, Standing.DOES_NOT):
            assert (Event.ENDED, True) in events
        if before is after is Standing.STANDS:
            assert not {event for event, is_certain in events if is_certain and start not in span and end not in span}


@given(graphs(), DAYS, st.sampled_from(NODES))
def test_a_name_stands_for_bodies_that_may_stand(graph: nx.MultiDiGraph[str], day: date, node: str) -> None:
    found = resolve(graph, node, day)
    assert all(standing(span_of(graph.nodes[other]), day) is not Standing.DOES_NOT for other in found)
    if standing(span_of(graph.nodes[node]), day) is not Standing.DOES_NOT:
        assert found == (node,)


def ground(code: str) -> Ground:
    inside = tuple(other for other in CODES if code in AROUND[other])
    points = [POINTS[other] for other in (code, *inside) if other in POINTS]
    return Ground(code, code, "place", AROUND[code], inside, np.array(points).reshape(-1, 2))


Reason = tuple[str, str, str, Standing]
"""Who, in which way, how much of the place, and whether that stands."""


def by_footprint(graph: nx.MultiDiGraph[str], node: str, place: Ground, day: date) -> Iterator[Reason]:
    record = graph.nodes[node]
    own, codes = standing(span_of(record), day), set(record.get("footprint", ()))
    if record.get("footprint_kind") == "places":
        if codes & {place.code, *place.around}:
            yield node, "footprint", "whole", own
        elif codes & set(place.inside):
            yield node, "footprint", "part", own
    elif record.get("footprint_kind") == "radius":
        x, y, radius = map(float, record["footprint"])
        holds = [np.hypot(px - x, py - y) <= radius for px, py in place.points_m]
        if any(holds):
            yield node, "footprint", "whole" if all(holds) else "part", own


def by_tie(graph: nx.MultiDiGraph[str], node: str, place: Ground, day: date) -> Iterator[Reason]:
    has_footprint = bool(graph.nodes[node].get("footprint"))
    for _, target, tie in graph.out_edges(node, data=True):
        code, stands = target.partition(":")[2], standing(span_of(tie), day)
        if tie["relation"] == "serves" and code in {place.code, *place.inside}:
            yield node, "serves", "part" if has_footprint or code in place.inside else "whole", stands
        elif tie["relation"] == "serves" and code in place.around and not has_footprint:
            yield node, "serves", "whole", stands
        elif tie["relation"] == "occupies" and "E09000001" in {place.code, *place.inside}:
            yield node, "site", "site", stands


def scanned(graph: nx.MultiDiGraph[str], place: Ground, day: date) -> dict[str, tuple[Standing, str, set[str]]]:
    """What serves a place, by looking at every node and tie."""
    strong = [Standing.DOES_NOT, Standing.MAY_STAND, Standing.STANDS]
    wide = ["site", "part", "whole"]
    found: dict[str, tuple[Standing, str, set[str]]] = {}
    for node in NODES:
        own = standing(span_of(graph.nodes[node]), day)
        reasons = [
            reason
            for find in (by_footprint, by_tie)
            for reason in find(graph, node, place, day)
            if Standing.DOES_NOT not in (own, reason[3])
        ]
        if reasons:
            stands = max((reason[3] for reason in reasons), key=strong.index)
            extent = max((reason[2] for reason in reasons), key=wide.index)
            found[node] = stands, extent, {reason[1] for reason in reasons}
    return found


@given(graphs(), DAYS, st.sampled_from(CODES))
def test_the_index_of_places_equals_a_scan(graph: nx.MultiDiGraph[str], day: date, code: str) -> None:
    place = ground(code)
    answered = PlaceIndex.of(graph).serving(place, day)
    assert {row.node: (row.standing, row.extent, set(row.ways)) for row in answered} == scanned(graph, place, day)
    kinds = [row.kind for row in answered]
    assert kinds == sorted(kinds, key=["network", "programme", "institution"].index)
    ever = PlaceIndex.of(graph).serving(place, day, ever=True)
    assert {row.node for row in answered} == {row.node for row in ever if row.standing is not Standing.DOES_NOT}
