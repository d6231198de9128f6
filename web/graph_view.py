"""What of the graph stands on a day under a reader's choices: pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from atlas.graph.bare import without_assets
from atlas.graph.measures import ACTORS
from atlas.graph.timeline import as_at, span_of
from atlas.maps.graph_values import DRAWN, KINDS
from atlas.vocabulary import Domain, Kind, Relation, Sector, Standing

JOINT: Final = frozenset({Kind.NETWORK.value, Kind.PROGRAMME.value})
"""Kinds that institutions come together in."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader chose to see of the graph.

    Parameters
    ----------
    day : datetime.date
        As at when.
    node : str
        Id of the node looked at; empty for all.
    place : str
        GSS code of the borough looked at; empty for all London.
    kinds : tuple of Kind
        Kinds of nodes.
    sector : Sector, optional
        Only ties of an institution of this one.
    relation : Relation, optional
        Only ties of this one.
    works_on : Domain, optional
        Only ties of a network or programme that acts on this.
    """

    day: date
    node: str = ""
    place: str = ""
    kinds: tuple[Kind, ...] = KINDS
    sector: Sector | None = None
    relation: Relation | None = None
    works_on: Domain | None = None

    def allows(self, record: Mapping[str, Any]) -> bool:
        """Whether a node passes by itself."""
        if record["kind"] not in self.kinds:
            return False
        if record["kind"] == Kind.INSTITUTION:
            return self.sector is None or record.get("sector") == self.sector
        return self.works_on is None or self.works_on.value in record.get("domains", ())

    def joins(self, relation: str, *ends: Mapping[str, Any]) -> bool:
        """Whether a tie between two nodes that pass does too: whoever was asked for must be one of its ends."""
        kinds = {end["kind"] for end in ends}
        return (
            (self.relation is None or relation == self.relation)
            and (self.sector is None or Kind.INSTITUTION.value in kinds)
            and (self.works_on is None or bool(kinds & JOINT))
        )


@dataclass(frozen=True, slots=True)
class Count:
    """How many stand, and how many more may.

    Parameters
    ----------
    certain, possible : int
        By what their dates say.
    """

    certain: int = 0
    possible: int = 0

    @property
    def total(self) -> int:
        """Both."""
        return self.certain + self.possible


@dataclass(frozen=True, slots=True)
class JointRow:
    """A network or programme on a day.

    Parameters
    ----------
    node : str
        Its id.
    record : mapping
        Its fields, with `standing`.
    partners : Count
        Others that it is tied to.
    """

    node: str
    record: Mapping[str, Any]
    partners: Count


@dataclass(frozen=True, slots=True)
class GraphView:
    """What is shown.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        Nodes and ties shown, each with `standing`.
    joint, institutions, ties : Count
        Networks and programmes, institutions, ties.
    rows : tuple of JointRow
        Networks and programmes, those with most partners first.
    """

    graph: nx.MultiDiGraph[str]
    joint: Count
    institutions: Count
    ties: Count
    rows: tuple[JointRow, ...] = field(default=())


def view(graph: nx.MultiDiGraph[str], wanted: Wanted) -> GraphView:
    """Find what stands or may stand on a day under some choices.

    An institution is shown where a tie shown joins it; a network or programme always, unless a sector or a relation
    was chosen: then it too must be joined.

    Examples
    --------
    >>> graph = nx.MultiDiGraph(sources={})
    >>> graph.add_node("network:n", kind="network", name="N", start="2020", status="active")
    >>> found = view(graph, Wanted(date(2020, 6, 1)))
    >>> found.joint, found.ties
    (Count(certain=0, possible=1), Count(certain=0, possible=0))
    """
    then = as_at(without_assets(graph), wanted.day)
    found: nx.MultiDiGraph[str] = nx.MultiDiGraph(**then.graph)
    allowed = {
        node: record for node, record in then.nodes(data=True) if record["kind"] in ACTORS and wanted.allows(record)
    }
    relations = set(map(str, DRAWN))
    ties = [
        (one, other, key, tie)
        for one, other, key, tie in then.edges(keys=True, data=True)
        if one in allowed
        and other in allowed
        and tie["relation"] in relations
        and wanted.joins(tie["relation"], allowed[one], allowed[other])
    ]
    joined = {end for one, other, _, _ in ties for end in (one, other)}
    must_be_joined = bool(wanted.sector or wanted.relation)
    found.add_nodes_from(
        (node, record)
        for node, record in allowed.items()
        if node in joined or (record["kind"] in JOINT and not must_be_joined)
    )
    for one, other, key, tie in ties:
        found.add_edge(one, other, key=key, **tie)
    shown = [record for _, record in found.nodes(data=True)]
    return GraphView(
        found,
        joint=count(record for record in shown if record["kind"] in JOINT),
        institutions=count(record for record in shown if record["kind"] == Kind.INSTITUTION),
        ties=count(tie for _, _, _, tie in ties),
        rows=_rows(found),
    )


def count(records: Any) -> Count:
    """Count records by their `standing`.

    Examples
    --------
    >>> count([{"standing": "stands"}, {"standing": "may_stand"}])
    Count(certain=1, possible=1)
    """
    states = [record["standing"] for record in records]
    return Count(states.count(Standing.STANDS.value), states.count(Standing.MAY_STAND.value))


def _rows(graph: nx.MultiDiGraph[str]) -> tuple[JointRow, ...]:
    rows = [
        JointRow(node, record, partners(graph, node))
        for node, record in graph.nodes(data=True)
        if record["kind"] in JOINT
    ]
    return tuple(sorted(rows, key=lambda row: (-row.partners.total, str(row.record["name"]).casefold(), row.node)))


def partners(graph: nx.MultiDiGraph[str], node: str) -> Count:
    """Others tied to a node; certain where one tie to them is."""
    best: dict[str, bool] = {}
    for one, other, tie in [*graph.out_edges(node, data=True), *graph.in_edges(node, data=True)]:
        end = other if one == node else one
        best[end] = best.get(end, False) or tie["standing"] == Standing.STANDS.value
    certain = sum(best.values())
    return Count(certain, len(best) - certain)


def tally(graph: nx.MultiDiGraph[str], days: list[date]) -> NDArray[np.int64]:
    """How many ties stand, and how many may, on each of some days.

    Returns
    -------
    numpy.ndarray of int64, shape (2, days)
        Certain ties first; ties of `DRAWN` relations of which both ends stand or may stand.

    Examples
    --------
    >>> tally(nx.MultiDiGraph(), [date(2020, 1, 1)]).tolist()
    [[0], [0]]
    """
    graph = without_assets(graph)
    found = np.zeros((2, len(days)), dtype=np.int64)
    at = np.array([day.toordinal() for day in days])
    spans = {node: span_of(record) for node, record in graph.nodes(data=True) if record["kind"] in ACTORS}
    for one, other, tie in graph.edges(data=True):
        if one not in spans or other not in spans or Relation(tie["relation"]) not in DRAWN:
            continue
        own = span_of(tie)
        three = (own, spans[one], spans[other])
        there = at >= max(span.start_from for span in three).toordinal()
        there &= at <= min(span.end_by for span in three).toordinal()
        stands = there & (at >= own.start_by.toordinal()) & (at <= own.end_from.toordinal())
        found[0] += stands
        found[1] += there & ~stands
    return found
