"""Laws of the graph as at a day, whatever the dates."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from atlas.graph.timeline import NEVER, as_at, bounds, span_of, standing
from atlas.vocabulary import Standing, Status

DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))
PARTIAL = st.one_of(
    st.none(), DAYS.map(lambda day: day.isoformat()[:4]), DAYS.map(lambda day: day.isoformat()[:7]), DAYS.map(str)
)


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    """The dates of any row that the tables allow."""
    start, end = draw(PARTIAL), draw(PARTIAL)
    if start and end and end < start[: len(end)]:
        start, end = end, start
    if start and end and end < start[: len(end)]:
        end = start
    return {"start": start, "end": end, "status": draw(st.sampled_from(list(Status))).value, "checked_on": "2026-11-21"}


@given(records())
def test_bounds_are_in_order(record: dict[str, Any]) -> None:
    span = span_of(record)
    if span != NEVER:
        assert span.start_from <= span.start_by <= span.end_by
        assert span.start_from <= span.end_from <= span.end_by


@given(records(), DAYS, DAYS)
def test_what_stands_on_two_days_stands_between(record: dict[str, Any], one: date, other: date) -> None:
    span = span_of(record)
    between = one + (other - one) // 2
    for least in (Standing.STANDS, Standing.MAY_STAND):
        good = {Standing.STANDS, least}
        if standing(span, one) in good and standing(span, other) in good:
            assert standing(span, between) in good


@given(records(), DAYS)
def test_a_finer_date_never_contradicts_a_coarser(record: dict[str, Any], day: date) -> None:
    """Saying more of a start or an end may settle a doubt, and never turns yes into no."""
    coarse = standing(span_of(record), day)
    for side in ("start", "end"):
        if record[side]:
            for finer in bounds(record[side]):
                other = record["end" if side == "start" else "start"]
                pair = {side: str(finer), ("end" if side == "start" else "start"): other}
                if pair["start"] and pair["end"] and bounds(pair["end"])[1] < bounds(pair["start"])[0]:
                    continue
                fine = standing(span_of({**record, side: str(finer)}), day)
                assert coarse is Standing.MAY_STAND or fine is coarse or _once_stood(record)


def _once_stood(record: dict[str, Any]) -> bool:
    """What is only known to have stood at its start stands at another day once that start is better known."""
    return not record["end"] and record["status"] != Status.ACTIVE


@given(st.lists(records(), min_size=1, max_size=6), DAYS)
def test_as_at_is_what_stands_or_may_stand(rows: list[dict[str, Any]], day: date) -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for number, row in enumerate(rows):
        graph.add_node(f"network:{number}", kind="network", **row)
    for number, row in enumerate(rows[1:]):
        graph.add_edge(f"network:{number}", f"network:{number + 1}", relation="partners_with", **row)
    found = as_at(graph, day)
    said = {node: standing(span_of(graph.nodes[node]), day) for node in graph}
    assert dict(found.nodes(data="standing")) == {n: s.value for n, s in said.items() if s is not Standing.DOES_NOT}
    for subject, target, tie in graph.edges(data=True):
        stands = standing(span_of(tie), day)
        kept = subject in found and target in found and stands is not Standing.DOES_NOT
        assert found.has_edge(subject, target) is kept
    assert nx.utils.graphs_equal(as_at(found, day), found)


@given(records(), DAYS)
def test_what_has_gone_does_not_come_back(record: dict[str, Any], day: date) -> None:
    span = span_of(record)
    if day > span.start_from and standing(span, day) is Standing.DOES_NOT and span != NEVER:
        assert standing(span, day + timedelta(days=1)) is Standing.DOES_NOT
