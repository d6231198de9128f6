from __future__ import annotations

from datetime import date
from typing import Any

import networkx as nx
import pytest

from atlas.graph.changes import Event, changes, lineage, resolve
from atlas.vocabulary import Standing

JAN, DEC = date(2022, 1, 1), date(2022, 12, 31)


def add(graph: nx.MultiDiGraph[str], node: str, **fields: Any) -> None:
    record = {"start": None, "end": None, "status": "active", "checked_on": "2026-11-21", **fields}
    graph.add_node(f"network:{node}", kind="network", name=node, **record)


def succeed(graph: nx.MultiDiGraph[str], heir: str, gone: str, start: str | None) -> None:
    fields = {"relation": "succeeds", "start": start, "end": None, "status": "active", "checked_on": "2026-11-21"}
    graph.add_edge(f"network:{heir}", f"network:{gone}", key="succeeds", **fields)


def boards() -> nx.MultiDiGraph[str]:
    """Three boards of 2022, of which two merge in 2026; one of those came from an older body."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    add(graph, "older", end="2022-06-30", status="ended")
    add(graph, "north", start="2022-07-01", end="2026-03-31", status="ended")
    add(graph, "west", start="2022-07-01", end="2026-03-31", status="ended")
    add(graph, "south", start="2022-07-01")
    add(graph, "north-and-west", start="2026-04-01")
    succeed(graph, "north", "older", "2022-07-01")
    succeed(graph, "north-and-west", "north", "2026-04-01")
    succeed(graph, "north-and-west", "west", None)
    return graph


def said(graph: nx.MultiDiGraph[str], start: date, end: date) -> set[tuple[str, str, bool]]:
    return {(change.event.value, change.name, change.is_certain) for change in changes(graph, start, end).changes}


def test_both_days_are_between() -> None:
    graph = boards()
    assert said(graph, date(2026, 4, 1), date(2026, 4, 1)) == {("begun", "north-and-west", True)}
    assert said(graph, date(2026, 3, 31), date(2026, 3, 31)) == {("ended", "north", True), ("ended", "west", True)}
    assert said(graph, date(2026, 4, 2), date(2026, 12, 31)) == set()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"start": "2022"}, [("begun", True)]),
        ({"start": "2022", "end": "2022-09", "status": "ended"}, [("begun", True), ("ended", True)]),
        ({"end": "2022-03", "status": "ended"}, [("ended", True)]),
        ({"start": "2020", "status": "ended"}, [("ended", False)]),
        ({"start": "2023"}, []),
        ({"start": "2022", "status": "planned"}, [("begun", True)]),
        ({"status": "planned"}, []),
        ({"start": "2020"}, []),
    ],
    ids=str,
)
def test_events_of_one_row(fields: dict[str, str], expected: list[tuple[str, bool]]) -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    add(graph, "n", **fields)
    assert sorted((change.event.value, change.is_certain) for change in changes(graph, JAN, DEC).changes) == expected


def test_a_year_that_only_overlaps_is_uncertain() -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    add(graph, "n", start="2022")
    found = changes(graph, date(2022, 6, 1), DEC)
    assert [change.is_certain for change in found.of(Event.BEGUN, ties=False, certain=False)] == [False]
    assert found.of(Event.BEGUN, ties=False, certain=True) == ()


def test_what_no_date_speaks_of_is_counted_and_not_listed() -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    add(graph, "undated")
    add(graph, "unheard", start="2020", status="unknown")
    graph.add_edge("network:undated", "network:unheard", relation="partners_with", status="active")
    found = changes(graph, JAN, DEC)
    assert found.changes == ()
    assert (found.undated_nodes, found.undated_ties, found.open_nodes, found.open_ties) == (1, 1, 1, 0)


def test_successions_are_told_apart_from_ties() -> None:
    found = changes(boards(), JAN, date(2026, 11, 21))
    assert {tie.words: tie.standing for tie in found.successions} == {
        "north succeeds older": Standing.STANDS,
        "north-and-west succeeds north": Standing.STANDS,
        "north-and-west succeeds west": Standing.STANDS,
    }
    assert all(change.fact is None for change in found.changes)


def test_ties_of_sites_go_with_the_site() -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_node("site:s", kind="site", name="S", start="2022-05", status="active")
    graph.add_node("place:p", kind="place", name="P")
    graph.add_edge("site:s", "place:p", relation="located_in", start="2022-05", status="active")
    assert [(change.kind, change.when) for change in changes(graph, JAN, DEC).changes] == [("site", "2022-05")]


def test_lineage_goes_both_ways_to_the_ends() -> None:
    found = lineage(boards(), "network:north", JAN)
    assert [(steps, tie.object_name) for steps, tie in found.before] == [(1, "older")]
    assert [(steps, tie.subject_name) for steps, tie in found.after] == [(1, "north-and-west")]
    merged = lineage(boards(), "network:north-and-west", JAN)
    assert {(steps, tie.object_name) for steps, tie in merged.before} == {(1, "north"), (1, "west"), (2, "older")}


def test_a_name_of_then_stands_for_those_of_now_and_the_reverse() -> None:
    graph = boards()
    now, then = date(2026, 11, 21), date(2022, 9, 1)
    assert resolve(graph, "network:older", now) == ("network:north-and-west",)
    assert resolve(graph, "network:south", now) == ("network:south",)
    assert resolve(graph, "network:north-and-west", then) == ("network:north", "network:west")
    assert resolve(graph, "network:south", JAN) == ()


def test_a_circle_of_successions_ends() -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for name in ("a", "b"):
        add(graph, name, start="2020", end="2021", status="ended")
    succeed(graph, "a", "b", "2021")
    succeed(graph, "b", "a", "2021")
    assert resolve(graph, "network:a", JAN) == ()
    assert len(lineage(graph, "network:a", JAN).after) == 2
