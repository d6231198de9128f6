"""What became of what, and what stood around it on the day before and after."""

from __future__ import annotations

from datetime import date
from typing import Any

import networkx as nx
import pytest

from atlas.graph.evolutions import evolutions


def add(graph: nx.MultiDiGraph[str], node: str, **fields: Any) -> None:
    record = {"kind": node.partition(":")[0], "type": "board", "status": "active", "checked_on": "2026-11-21"}
    graph.add_node(node, **{**record, **fields})


def tie(graph: nx.MultiDiGraph[str], one: str, relation: str, other: str, **fields: Any) -> None:
    record = {"relation": relation, "status": "active", "checked_on": "2026-11-21", **fields}
    graph.add_edge(one, other, key=relation, **record)


@pytest.fixture
def merger() -> nx.MultiDiGraph[str]:
    """Two boards of three become one; one member of both times, one new, one gone."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for board in ("network:one", "network:two"):
        add(graph, board, start="2022-07-01", end="2026-03-31", status="ended")
    add(graph, "network:three", start="2022-07-01")
    add(graph, "network:merged", start="2026-04-01")
    for member in ("stays", "comes", "goes"):
        add(graph, f"institution:{member}", type="trust", start="2000")
    for board in ("network:one", "network:two"):
        tie(graph, "network:merged", "succeeds", board, start="2026-04-01")
    tie(graph, "institution:stays", "member_of", "network:one", start="2022-07-01", end="2026-03-31", status="ended")
    tie(graph, "institution:stays", "member_of", "network:merged", start="2026-04-01")
    tie(graph, "institution:goes", "member_of", "network:two", start="2022-07-01", end="2026-03-31", status="ended")
    tie(graph, "institution:comes", "member_of", "network:merged", start="2026-04-01")
    return graph


def test_a_merger_is_one_story(merger: nx.MultiDiGraph[str]) -> None:
    (found,) = evolutions(merger)
    assert found.successor == "network:merged"
    assert found.predecessors == ("network:one", "network:two")
    assert (found.before, found.after) == (date(2026, 3, 31), date(2026, 4, 1))
    assert (found.kept, found.joined, found.left) == (
        ("institution:stays",),
        ("institution:comes",),
        ("institution:goes",),
    )
    assert found.likes == (3, 2)


@pytest.mark.parametrize(
    ("start", "before", "after"),
    [
        ("2022-03-15", date(2022, 3, 14), date(2022, 3, 15)),
        ("2022-03", date(2022, 2, 28), date(2022, 4, 1)),
        ("2022", date(2021, 12, 31), date(2023, 1, 1)),
    ],
    ids=["day", "month", "year"],
)
def test_doubt_of_the_date_lies_between_the_two_days(start: str, before: date, after: date) -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    add(graph, "programme:old", end=start, status="ended")
    add(graph, "programme:new", start=start)
    tie(graph, "programme:new", "succeeds", "programme:old")
    (found,) = evolutions(graph)
    assert (found.before, found.after) == (before, after)
    assert found.likes is None


def test_networks_come_first_and_undated_ones_last() -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for kind, start in (("institution", "2025"), ("network", ""), ("network", "2010")):
        add(graph, f"{kind}:old{start}", start="2000")
        add(graph, f"{kind}:new{start}", start=start)
        tie(graph, f"{kind}:new{start}", "succeeds", f"{kind}:old{start}")
    found = evolutions(graph)
    assert [one.successor for one in found] == ["network:new2010", "network:new", "institution:new2025"]
    assert found[1].before is None
    assert found[1].after is None
