from __future__ import annotations

from datetime import date
from typing import Any

import networkx as nx
import pytest

from atlas.errors import QueryError
from atlas.graph.build import build
from atlas.graph.timeline import ALWAYS, NEVER, Span, as_at, as_day, bounds, span_of, standing
from atlas.vocabulary import Standing
from tests.toy import toy_partnerships

CHECKED = "2026-11-21"
SEEN = date(2026, 11, 21)
FIRST_2021, LAST_2021 = date(2021, 1, 1), date(2021, 12, 31)


def record(**fields: Any) -> dict[str, Any]:
    return {"start": None, "end": None, "status": "active", "checked_on": CHECKED, **fields}


@pytest.mark.parametrize(
    ("fields", "span"),
    [
        ({"start": "2021"}, Span(FIRST_2021, LAST_2021, date.max, date.max)),
        ({"start": "2021", "end": "2021"}, Span(FIRST_2021, LAST_2021, FIRST_2021, LAST_2021)),
        ({}, Span(date.min, SEEN, date.max, date.max)),
        ({"end": "2022-03"}, Span(date.min, date(2022, 3, 31), date(2022, 3, 1), date(2022, 3, 31))),
        ({"start": "2021", "status": "ended"}, Span(FIRST_2021, LAST_2021, FIRST_2021, SEEN)),
        ({"start": "2021", "status": "unknown"}, Span(FIRST_2021, LAST_2021, FIRST_2021, date.max)),
        ({"status": "ended"}, Span(date.min, SEEN, date.min, SEEN)),
        ({"status": "unknown"}, Span(date.min, SEEN, date.min, date.max)),
        ({"start": "2021", "end": "2021-03"}, Span(FIRST_2021, date(2021, 3, 31), date(2021, 3, 1), date(2021, 3, 31))),
        ({"start": "2026", "status": "ended"}, Span(date(2026, 1, 1), SEEN, date(2026, 1, 1), SEEN)),
        (
            {"start": "2027", "status": "planned"},
            Span(date(2027, 1, 1), date(2027, 12, 31), date(2027, 1, 1), date.max),
        ),
        ({"status": "planned"}, NEVER),
        ({"kind": "place", "status": "ended"}, ALWAYS),
    ],
    ids=lambda value: ",".join(f"{k}={v}" for k, v in value.items()) or "nothing" if isinstance(value, dict) else "",
)
def test_a_span_keeps_what_is_not_known(fields: dict[str, Any], span: Span) -> None:
    assert span_of(record(**fields)) == span


def test_where_nobody_has_looked_an_unknown_start_stays_unknown() -> None:
    assert span_of({}) == Span(date.min, date.max, date.max, date.max)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2020, 12, 31), Standing.DOES_NOT),
        (FIRST_2021, Standing.MAY_STAND),
        (LAST_2021, Standing.STANDS),
        (date(2024, 6, 1), Standing.STANDS),
        (date(2024, 6, 2), Standing.MAY_STAND),
        (date(2024, 6, 30), Standing.MAY_STAND),
        (date(2024, 7, 1), Standing.DOES_NOT),
    ],
    ids=str,
)
def test_standing_on_each_side_of_each_bound(day: date, said: Standing) -> None:
    assert standing(span_of(record(start="2021", end="2024-06")), day) is said


@pytest.mark.parametrize("day", [date.min, SEEN, date.max], ids=str)
def test_what_is_planned_for_no_day_stands_on_none(day: date) -> None:
    assert standing(NEVER, day) is Standing.DOES_NOT
    assert standing(ALWAYS, day) is Standing.STANDS


@pytest.mark.parametrize("partial", ["", "21", "2021-13", "2021-02-30", "2021-1", "2021-01-01-01", "0000", "soon"])
def test_what_is_no_date_is_refused(partial: str) -> None:
    with pytest.raises(QueryError, match="a date is a year, a month or a day"):
        bounds(partial)


def test_a_day_is_the_first_of_a_partial_date() -> None:
    assert as_day(" 2022-03 ") == date(2022, 3, 1)


def test_as_at_keeps_order_and_keys_and_changes_nothing() -> None:
    graph = build(toy_partnerships())
    then = as_at(graph, date(2020, 1, 1))
    assert "network:west" not in then
    assert list(then.nodes) == [node for node in graph.nodes if node != "network:west"]
    assert set(then.edges(keys=True)) < set(graph.edges(keys=True))
    assert then.nodes["place:E09000001"]["standing"] == "stands"
    assert then.nodes["institution:hospital"]["standing"] == "may_stand"
    assert then.graph["as_at"] == "2020-01-01"
    assert then.graph["sources"] == graph.graph["sources"]
    assert nx.is_frozen(then)
    assert "standing" not in graph.nodes["institution:hospital"]


def test_a_tie_needs_both_its_nodes() -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_node("network:new", **record(kind="network", start="2022"))
    graph.add_node("network:old", **record(kind="network", start="2019", end="2021", status="ended"))
    graph.add_edge("network:new", "network:old", key="succeeds", **record(relation="succeeds", start="2019"))
    assert as_at(graph, date(2021, 6, 1)).number_of_edges() == 0
    assert as_at(graph, date(2023, 1, 1)).number_of_edges() == 0
