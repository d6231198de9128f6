"""What changed between two days, and what became of a body that is gone."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final

import networkx as nx

from atlas.graph.bare import without_assets
from atlas.graph.facts import Fact, fact, name_of
from atlas.graph.timeline import NEVER, bounds, span_of, standing
from atlas.vocabulary import Kind, Relation, Standing


class Event(StrEnum):
    """What a node or a tie did."""

    BEGUN = "begun"
    ENDED = "ended"


_OF_SITES: Final = frozenset({Relation.OCCUPIES, Relation.LOCATED_IN})
"""Ties that follow from a site: they begin and end with it."""


@dataclass(frozen=True, slots=True)
class Change:
    """A node or a tie that began or ended.

    Parameters
    ----------
    event : Event
        What it did.
    is_certain : bool
        Whether it did so between the days for certain; else its date is too coarse to say.
    when : str or None
        The partial date, as recorded; None where only bounds are known.
    earliest, latest : datetime.date
        The days on or between which it happened.
    node, name : str
        Id and name of the node; of a tie, its words.
    kind : str
        institution, network, programme, site or tie.
    fact : Fact or None
        The tie.
    """

    event: Event
    is_certain: bool
    when: str | None
    earliest: date
    latest: date
    node: str
    name: str
    kind: str
    fact: Fact | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed between two days, both included.

    Parameters
    ----------
    start, end : datetime.date
        The days as asked: the first may be the later, and then what began is said to have ended, and the reverse.
    changes : tuple of Change
        Nodes and ties begun and ended, by event, the certain first, then by day and name.
    successions : tuple of Fact
        "A succeeds B", dated between the days or perhaps so (`standing` is then "may_stand").
    undated_nodes, undated_ties : int
        Those with no recorded start that may have begun between the days, and are not among `changes`.
    open_nodes, open_ties : int
        Those of which nobody knows whether they still stand, and that may have ended between the days.
    """

    start: date
    end: date
    changes: tuple[Change, ...]
    successions: tuple[Fact, ...]
    undated_nodes: int
    undated_ties: int
    open_nodes: int
    open_ties: int

    def of(self, event: Event, *, ties: bool, certain: bool) -> tuple[Change, ...]:
        """Return the nodes, or the ties, of one event, certain or not."""
        return tuple(
            change
            for change in self.changes
            if change.event is event and (change.fact is not None) is ties and change.is_certain is certain
        )


def changes(graph: nx.MultiDiGraph[str], start: date, end: date) -> Changes:
    """Return what began and what ended between two days, both included.

    A beginning is a first day, an end a last day. Where a date is partial, so that some of its days lie between and
    some do not, the change is uncertain. What has no recorded start, or is not known to have ended, is only counted:
    nothing says that it changed at all. Ties of sites to their places and institutions go with the site. Assets are
    left out: what an import added, changed or took away is in its own report.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `atlas.graph.build.build`.
    start, end : datetime.date
        The days, in either order.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_node("network:old", kind="network", name="Old", end="2022-03", status="ended")
    >>> graph.add_node("network:new", kind="network", name="New", start="2022", status="active")
    >>> found = changes(graph, date(2022, 3, 1), date(2026, 1, 1))
    >>> [(change.event.value, change.name, change.is_certain) for change in found.changes]
    [('begun', 'New', False), ('ended', 'Old', True)]
    """
    graph = without_assets(graph)
    window = min(start, end), max(start, end)
    found: list[Change] = []
    undated, still_open = {True: 0, False: 0}, {True: 0, False: 0}
    for change in _events(graph, window):
        is_tie = change.fact is not None
        if change.event is Event.BEGUN and change.earliest == date.min:
            undated[is_tie] += 1
        elif change.event is Event.ENDED and change.latest == date.max:
            still_open[is_tie] += 1
        else:
            found.append(change)
    if start > end:
        back = {Event.BEGUN: Event.ENDED, Event.ENDED: Event.BEGUN}
        found = [replace(change, event=back[change.event]) for change in found]
    found.sort(key=lambda change: (change.event, not change.is_certain, change.earliest, change.name, change.node))
    return Changes(
        start, end, tuple(found), _successions(graph, window), undated[False], undated[True], still_open[False],
        still_open[True],
    )  # fmt: skip


def _events(graph: nx.MultiDiGraph[str], window: tuple[date, date]) -> Iterator[Change]:
    for node, record in graph.nodes(data=True):
        if record.get("kind") != Kind.PLACE:
            for event, when, earliest, latest in _dated(record, window):
                name, kind = name_of(graph, node), str(record.get("kind") or "")
                yield Change(event, _inside(earliest, latest, window), when, earliest, latest, node, name, kind)
    for subject, target, tie in graph.edges(data=True):
        if tie["relation"] not in _OF_SITES and tie["relation"] != Relation.SUCCEEDS:
            for event, when, earliest, latest in _dated(tie, window):
                said = fact(graph, subject, target, tie, window[1])
                certain = _inside(earliest, latest, window)
                yield Change(event, certain, when, earliest, latest, subject, said.words, "tie", said)


def _dated(record: Mapping[str, Any], window: tuple[date, date]) -> Iterator[tuple[Event, str | None, date, date]]:
    """The events of a row that fall, or may fall, between the days."""
    span = span_of(record)
    if span == NEVER:
        return
    for event, when, earliest, latest in (
        (Event.BEGUN, record.get("start"), span.start_from, span.start_by),
        (Event.ENDED, record.get("end"), span.end_from, span.end_by),
    ):
        if earliest <= window[1] and latest >= window[0] and earliest != date.max:
            yield event, when or None, earliest, latest


def _inside(earliest: date, latest: date, window: tuple[date, date]) -> bool:
    return window[0] <= earliest and latest <= window[1]


def _successions(graph: nx.MultiDiGraph[str], window: tuple[date, date]) -> tuple[Fact, ...]:
    found = []
    for subject, target, tie in graph.edges(data=True):
        if tie["relation"] != Relation.SUCCEEDS:
            continue
        start = succession_start(graph, subject, tie)
        earliest, latest = bounds(start) if start else NEVER[:2]
        if earliest <= window[1] and latest >= window[0]:
            certain = _inside(earliest, latest, window)
            stands = Standing.STANDS if certain else Standing.MAY_STAND
            found.append(replace(fact(graph, subject, target, tie, window[1]), standing=stands))
    return tuple(sorted(found, key=lambda tie: (tie.start or "", tie.subject_name.casefold(), tie.object_name)))


def succession_start(graph: nx.MultiDiGraph[str], successor: str, tie: Mapping[str, Any]) -> str:
    """When one body took over from another, a partial date: as the tie says, else when the successor began."""
    return str(tie.get("start") or graph.nodes[successor].get("start") or "")


@dataclass(frozen=True, slots=True)
class Lineage:
    """Where a body came from and what became of it.

    Parameters
    ----------
    node : str
        Id.
    before, after : tuple of (int, Fact)
        "A succeeds B", with how many steps away: back to those it came from, and on to those it became.
    """

    node: str
    before: tuple[tuple[int, Fact], ...]
    after: tuple[tuple[int, Fact], ...]


def lineage(graph: nx.MultiDiGraph[str], node: str, day: date) -> Lineage:
    """Return the `succeeds` ties of a node, followed both ways to their ends.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `atlas.graph.build.build`.
    node : str
        Id.
    day : datetime.date
        As at which the ties are read.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_nodes_from(["network:old", "network:new"], kind="network")
    >>> _ = graph.add_edge("network:new", "network:old", relation="succeeds", start="2022-03")
    >>> found = lineage(graph, "network:old", date(2026, 1, 1))
    >>> [(steps, tie.words) for steps, tie in found.after]
    [(1, 'network:new succeeds network:old')]
    """
    return Lineage(node, tuple(_generations(graph, node, day, back=True)), tuple(_generations(graph, node, day)))


def _generations(
    graph: nx.MultiDiGraph[str], node: str, day: date, *, back: bool = False
) -> Iterator[tuple[int, Fact]]:
    seen, frontier, steps = {node}, [node], 0
    while frontier:
        steps += 1
        ties = sorted(
            (
                fact(graph, subject, target, tie, day)
                for here in frontier
                for subject, target, tie in _succession(graph, here, back=back)
            ),
            key=lambda tie: (tie.start or "", tie.subject_name.casefold(), tie.object_name.casefold()),
        )
        yield from ((steps, tie) for tie in ties)
        frontier = list(dict.fromkeys(tie.object if back else tie.subject for tie in ties))
        frontier = [other for other in frontier if other not in seen]
        seen.update(frontier)


def _succession(graph: nx.MultiDiGraph[str], node: str, *, back: bool) -> list[tuple[str, str, dict[str, Any]]]:
    edges = graph.out_edges(node, data=True) if back else graph.in_edges(node, data=True)
    return [edge for edge in edges if edge[2]["relation"] == Relation.SUCCEEDS]


def resolve(graph: nx.MultiDiGraph[str], node: str, day: date) -> tuple[str, ...]:
    """Return whom a name stands for on a day: itself while it stands, else its successors, or those it came from.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `atlas.graph.build.build`.
    node : str
        Id.
    day : datetime.date
        The day.

    Returns
    -------
    tuple of str
        Ids, in order; one of them may only perhaps stand on the day. Empty where it is gone and nobody is recorded to
        have succeeded it, or has not begun and came from nobody.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_node("network:old", kind="network", end="2022-03", status="ended")
    >>> graph.add_node("network:new", kind="network", start="2022-03", status="active")
    >>> _ = graph.add_edge("network:new", "network:old", relation="succeeds", start="2022-03")
    >>> resolve(graph, "network:old", date(2026, 1, 1)), resolve(graph, "network:new", date(2020, 1, 1))
    (('network:new',), ('network:old',))
    """
    return tuple(sorted(_standing_for(graph, node, day, {node})))


def _standing_for(graph: nx.MultiDiGraph[str], node: str, day: date, seen: Collection[str]) -> set[str]:
    span = span_of(graph.nodes[node])
    if standing(span, day) is not Standing.DOES_NOT:
        return {node}
    back = day < span.start_from
    found: set[str] = set()
    for subject, target, _ in _succession(graph, node, back=back):
        other = target if back else subject
        if other not in seen:
            found |= _standing_for(graph, other, day, {*seen, other})
    return found
