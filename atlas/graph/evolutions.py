"""What became of what: every recorded succession, with what stood on the day before and on the day after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import networkx as nx

from atlas.graph.bare import without_assets
from atlas.graph.changes import succession_start
from atlas.graph.measures import ACTORS
from atlas.graph.timeline import Span, span_of, standing
from atlas.vocabulary import Kind, Relation, Standing

_ORDER: Final = {Kind.NETWORK.value: 0, Kind.PROGRAMME.value: 1, Kind.INSTITUTION.value: 2}
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Evolution:
    """One succession: some gave way to one.

    Parameters
    ----------
    successor : str
        Id of the node that stands after.
    predecessors : tuple of str
        Ids of those it took the place of, sorted.
    start : str
        When, a partial date; empty where none is on record.
    begun_from, begun_by : datetime.date or None
        It began on or after the one and on or before the other; None where no date is on record.
    before, after : datetime.date or None
        The last day before it can have begun, and the first on which it had.
    kept, joined, left : tuple of str
        Ids of partners on record on both days; only with the successor; only with the predecessors. Certain and
        possible ties count alike; the partners of all predecessors are taken together.
    likes : tuple of (int, int), optional
        How many of its kind and type stood on the day before and on the day after; None unless all dates are known.
    """

    successor: str
    predecessors: tuple[str, ...]
    start: str = ""
    begun_from: date | None = None
    begun_by: date | None = None
    before: date | None = None
    after: date | None = None
    kept: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    likes: tuple[int, int] | None = None


def evolutions(graph: nx.MultiDiGraph[str]) -> tuple[Evolution, ...]:
    """Find every succession in the graph.

    The date is that of the tie; where it has none, the successor's own.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `atlas.graph.build.build`.

    Returns
    -------
    tuple of Evolution
        Networks first, then programmes, then institutions; of each the latest first, undated ones last.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_node("network:old", kind="network", start="2019", end="2022-03-31", status="ended")
    >>> graph.add_node("network:new", kind="network", start="2022-04-01", status="active")
    >>> _ = graph.add_edge("network:new", "network:old", relation="succeeds", start="2022-04-01", status="active")
    >>> found, = evolutions(graph)
    >>> print(found.before, found.after, found.likes)
    2022-03-31 2022-04-01 None
    """
    graph = without_assets(graph)
    groups: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for successor, predecessor, tie in graph.edges(data=True):
        if tie["relation"] == Relation.SUCCEEDS:
            groups[successor, succession_start(graph, successor, tie)].append(predecessor)
    found = [
        _evolution(graph, successor, start, tuple(sorted(set(predecessors))))
        for (successor, start), predecessors in groups.items()
    ]
    return tuple(
        sorted(
            found,
            key=lambda one: (
                _ORDER.get(graph.nodes[one.successor].get("kind", ""), 3),
                -(one.begun_from or date.min).toordinal(),
                one.successor,
            ),
        )
    )


def _evolution(graph: nx.MultiDiGraph[str], successor: str, start: str, predecessors: tuple[str, ...]) -> Evolution:
    if not start:
        return Evolution(successor, predecessors)
    begun = span_of({"start": start, "status": "active"})
    before = begun.start_from - _ONE_DAY
    after = begun.start_by if begun.start_by == begun.start_from else begun.start_by + _ONE_DAY
    then, now = _partners(graph, predecessors, before), _partners(graph, (successor,), after)
    return Evolution(
        successor,
        predecessors,
        start,
        begun.start_from,
        begun.start_by,
        before,
        after,
        kept=tuple(sorted(then & now)),
        joined=tuple(sorted(now - then - {*predecessors})),
        left=tuple(sorted(then - now - {successor})),
        likes=_likes(graph, successor, predecessors, before, after),
    )


def _partners(graph: nx.MultiDiGraph[str], nodes: Iterable[str], day: date) -> set[str]:
    """Actors that stand or may stand on a day, tied to any of some nodes by what does too, succession apart."""
    mine = set(nodes)
    found = set()
    for node in mine:
        ties = [*graph.out_edges(node, data=True), *((to, of, tie) for of, to, tie in graph.in_edges(node, data=True))]
        for _, other, tie in ties:
            if tie["relation"] != Relation.SUCCEEDS and _may_stand(tie, day) and _may_stand(graph.nodes[other], day):
                found.add(other)
    return {node for node in found - mine if graph.nodes[node].get("kind") in ACTORS}


def _may_stand(record: Mapping[str, Any], day: date) -> bool:
    return standing(span_of(record), day) is not Standing.DOES_NOT


def _likes(
    graph: nx.MultiDiGraph[str], successor: str, predecessors: tuple[str, ...], before: date, after: date
) -> tuple[int, int] | None:
    """How many of the same kind and type stood on both days, where that is one answer."""
    what = [(graph.nodes[node].get("kind"), graph.nodes[node].get("type")) for node in (successor, *predecessors)]
    if len(set(what)) > 1 or what[0][1] is None:
        return None
    spans: list[Span] = [
        span_of(record) for _, record in graph.nodes(data=True) if (record.get("kind"), record.get("type")) == what[0]
    ]
    states = [[standing(span, day) for span in spans] for day in (before, after)]
    if any(Standing.MAY_STAND in state for state in states):
        return None
    then, now = (state.count(Standing.STANDS) for state in states)
    return then, now
