"""The graph as at a day: what stood, what may have stood, and what did not.

Dates in the data are as exact as their source: a day, a month or a year, or nothing. A `Span` keeps both ends of that
doubt, so that nothing is said to have stood on a day unless its record says so.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import Any, Final, NamedTuple

import networkx as nx

from atlas.errors import QueryError
from atlas.graph.bare import without_assets
from atlas.records import PARTIAL_DATE
from atlas.vocabulary import Kind, Standing, Status


class Span(NamedTuple):
    """When something stood, with what is not known of its ends; `date.min` and `date.max` where unbounded.

    Parameters
    ----------
    start_from, start_by : datetime.date
        It began on or after the one and on or before the other.
    end_from, end_by : datetime.date
        Its last day is on or after the one and on or before the other.
    """

    start_from: date
    start_by: date
    end_from: date
    end_by: date


ALWAYS: Final = Span(date.min, date.min, date.max, date.max)
"""The span of a place."""

NEVER: Final = Span(date.max, date.max, date.min, date.min)
"""The span of what is planned, and nobody has said for when."""


@lru_cache(maxsize=4096)
def bounds(partial: str) -> tuple[date, date]:
    """First and last day of a partial date.

    Raises
    ------
    QueryError
        If it is no year, month or day of the calendar.

    Examples
    --------
    >>> first, last = bounds("2024-02")
    >>> print(first, last)
    2024-02-01 2024-02-29
    """
    refusal = QueryError(f"a date is a year, a month or a day such as 2026-10-31, found {partial!r}")
    if not PARTIAL_DATE.match(partial):
        raise refusal
    try:
        first = date.fromisoformat(f"{partial}-01-01"[:10])
    except ValueError:
        raise refusal from None
    if len(partial) == 10:
        return first, first
    last = first.replace(month=12) if len(partial) == 4 else first
    return first, last.replace(day=monthrange(last.year, last.month)[1])


def as_day(wanted: str) -> date:
    """Return the day that a partial date stands for when somebody asks about it: the first of it.

    Raises
    ------
    QueryError
        If it is no year, month or day of the calendar.

    Examples
    --------
    >>> as_day("2022") == date(2022, 1, 1)
    True
    """
    return bounds(wanted.strip())[0]


def as_last_day(wanted: str) -> date:
    """Return the last day of a partial date, where it ends a time that somebody asks about.

    Raises
    ------
    QueryError
        If it is no year, month or day of the calendar.

    Examples
    --------
    >>> as_last_day("2022-02") == date(2022, 2, 28)
    True
    """
    return bounds(wanted.strip())[1]


@lru_cache(maxsize=65_536)
def _span(start: str | None, end: str | None, status: str, checked_on: str | None) -> Span:
    if status == Status.PLANNED and not start:
        return NEVER
    checked = date.fromisoformat(checked_on) if checked_on else date.max
    start_from, start_by = bounds(start) if start else (date.min, checked)
    if end:
        end_from, end_by = bounds(end)
    elif status == Status.ACTIVE:
        end_from = end_by = date.max
    else:
        # all that is known is that it once stood: at its start, where that is known, which may be the first of its days
        end_from = start_from
        end_by = max(checked, start_from) if status == Status.ENDED else date.max
    return Span(start_from, min(start_by, end_by), max(min(end_from, end_by), start_from), end_by)


def span_of(record: Mapping[str, Any]) -> Span:
    """Return when a node or a tie stood.

    ========== ============================ =========================================================
    known      start                        end (its last day)
    ========== ============================ =========================================================
    a date     first to last day of it      first to last day of it
    nothing    any day to `checked_on`      active: never; ended: its start to `checked_on`;
                                            unknown, planned: its start to any day
    ========== ============================ =========================================================

    What is planned and has no start does not stand; places always do. A bound never passes the other end: what ended
    in March 2021 began by then, whatever its start says.

    Parameters
    ----------
    record : mapping
        Fields of a node or a tie: `start`, `end`, `status`, `checked_on`, and, for a node, `kind`; any may be missing.
        A missing status is active.

    Raises
    ------
    QueryError
        If a date is no year, month or day of the calendar.

    Examples
    --------
    >>> print(*span_of({"start": "2021", "end": "2024-06", "status": "ended"}))
    2021-01-01 2021-12-31 2024-06-01 2024-06-30
    """
    if record.get("kind") == Kind.PLACE:
        return ALWAYS
    return _span(
        record.get("start") or None,
        record.get("end") or None,
        record.get("status") or Status.ACTIVE.value,
        record.get("checked_on") or None,
    )


def standing(span: Span, day: date) -> Standing:
    """Say whether something stands on a day.

    It stands where ``start_by <= day <= end_from``, does not where ``day < start_from`` or ``day > end_by``, and may
    stand on the days between.

    Examples
    --------
    >>> span = span_of({"start": "2021", "status": "active"})
    >>> [standing(span, date(year, 6, 1)).value for year in (2020, 2021, 2022)]
    ['does_not_stand', 'may_stand', 'stands']
    """
    if day < span.start_from or day > span.end_by:
        return Standing.DOES_NOT
    return Standing.STANDS if span.start_by <= day <= span.end_from else Standing.MAY_STAND


def as_at(graph: nx.MultiDiGraph[str], day: date) -> nx.MultiDiGraph[str]:
    """Return the graph as at a day: what stands or may stand, in the same order and under the same keys.

    A tie needs both its nodes: one that stands between nodes of which one does not is left out. So succession, which
    joins a body to one that is gone, is mostly not there.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `atlas.graph.build.build`.
    day : datetime.date
        The day.

    Returns
    -------
    networkx.MultiDiGraph
        Frozen. Nodes and ties carry `standing`, "stands" or "may_stand", each its own; `graph.graph["as_at"]` is the
        day, ISO.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_node("network:old", kind="network", start="2019", end="2021", status="ended")
    >>> graph.add_node("network:new", kind="network", start="2022", status="active")
    >>> list(as_at(graph, date(2021, 7, 1)).nodes(data="standing"))
    [('network:old', 'may_stand')]
    """
    found: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    found.graph.update({**graph.graph, "as_at": day.isoformat()})
    for node, record in graph.nodes(data=True):
        stands = standing(span_of(record), day)
        if stands is not Standing.DOES_NOT:
            found.add_node(node, **{**record, "standing": stands.value})
    for subject, target, key, tie in graph.edges(keys=True, data=True):
        if subject in found and target in found:
            stands = standing(span_of(tie), day)
            if stands is not Standing.DOES_NOT:
                found.add_edge(subject, target, key=key, **{**tie, "standing": stands.value})
    nx.freeze(found)
    return found


def last_checked(graph: nx.MultiDiGraph[str]) -> date:
    """Return the latest day on which anybody looked: what "now" means of these data, whatever the clock says.

    Assets do not count: a register says when land was looked at, and not whether a tie between two bodies still stands.

    Returns
    -------
    datetime.date
        `date.max` where no row says when it was checked.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_node("network:a", kind="network", checked_on="2026-11-21")
    >>> print(last_checked(graph))
    2026-11-21
    """
    graph = without_assets(graph)
    rows = chain((record for _, record in graph.nodes(data=True)), (tie for *_, tie in graph.edges(data=True)))
    latest = max((row.get("checked_on") or "" for row in rows), default="")
    return date.fromisoformat(latest) if latest else date.max
