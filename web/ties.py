"""A node's ties, as its page shows them: pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import networkx as nx

from atlas.graph.measures.actors import GONE, is_dated
from atlas.vocabulary import RELATIONS, Kind, Relation

OF_SITES: Final = {Relation.OCCUPIES, Relation.OWNS, Relation.LOCATED_IN}
"""Ties that a page shows as sites instead."""


@dataclass(frozen=True, slots=True)
class TieRow:
    """One tie, seen from one of its ends; the other fields are those of `atlas.records.Tie`.

    Parameters
    ----------
    phrase : str
        How it is said from this end: "is a member of".
    other, name : str
        Id and name of the node at the other end.
    """

    phrase: str
    other: str
    name: str
    start: str | None
    end: str | None
    status: str
    confidence: str
    source: str
    evidence: str
    checked_on: str
    note: str


def _row(graph: nx.MultiDiGraph[str], phrase: str, other: str, tie: Mapping[str, Any]) -> TieRow:
    words = {name: tie.get(name) or "" for name in ("status", "confidence", "source", "evidence", "checked_on", "note")}
    name = graph.nodes[other].get("name", other)
    return TieRow(phrase, other, name, start=tie.get("start"), end=tie.get("end"), **words)


def ties_of(graph: nx.MultiDiGraph[str], node: str) -> list[tuple[str, list[TieRow]]]:
    """Ties of a node grouped by what is said of them, the largest group first, by name inside.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_node("network:b", name="B")
    >>> _ = graph.add_edge("institution:a", "network:b", relation="member_of")
    >>> [(phrase, [row.name for row in rows]) for phrase, rows in ties_of(graph, "institution:a")]
    [('is a member of', ['B'])]
    """
    groups: defaultdict[str, list[TieRow]] = defaultdict(list)
    for _, other, tie in graph.out_edges(node, data=True):
        if (relation := Relation(tie["relation"])) not in OF_SITES:
            groups[RELATIONS[relation].label].append(_row(graph, RELATIONS[relation].label, other, tie))
    for other, _, tie in graph.in_edges(node, data=True):
        if (relation := Relation(tie["relation"])) not in OF_SITES:
            groups[RELATIONS[relation].inverse].append(_row(graph, RELATIONS[relation].inverse, other, tie))
    ordered = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    return [(phrase, sorted(rows, key=lambda row: row.name.casefold())) for phrase, rows in ordered]


def others(graph: nx.MultiDiGraph[str], node: str, kind: Kind, relation: Relation | None = None) -> list[str]:
    """Ids of the nodes of a kind tied to a node either way round, by name.

    Ties that have ended or are planned do not count, but for a node that has itself ended, or is planned: all of them;
    and all that a graph as at a day holds, since they stand or may stand then.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_nodes_from(["institution:a", "institution:b"], kind="institution", name="A")
    >>> graph.add_node("network:n", kind="network", name="N", status="active")
    >>> _ = graph.add_edge("institution:a", "network:n", relation="member_of", status="active")
    >>> _ = graph.add_edge("institution:b", "network:n", relation="member_of", status="ended")
    >>> others(graph, "network:n", Kind.INSTITUTION)
    ['institution:a']
    >>> others(nx.MultiDiGraph(graph, as_at="2022-01-01"), "network:n", Kind.INSTITUTION)
    ['institution:a', 'institution:b']
    """
    counts_all = is_dated(graph) or graph.nodes[node].get("status") in GONE
    left_out = frozenset[str]() if counts_all else GONE
    edges: Iterable[tuple[str, Any]] = [
        *((target, tie) for _, target, tie in graph.out_edges(node, data=True)),
        *((source, tie) for source, _, tie in graph.in_edges(node, data=True)),
    ]
    found = {
        other
        for other, tie in edges
        if graph.nodes[other]["kind"] == kind
        and (relation is None or tie["relation"] == relation)
        and tie.get("status") not in left_out
    }
    return sorted(found, key=lambda other: (str(graph.nodes[other]["name"]).casefold(), other))


def succession_of(graph: nx.MultiDiGraph[str], node: str) -> tuple[list[TieRow], list[TieRow]]:
    """What a node succeeds and what succeeded it, each by date and name.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_nodes_from(["institution:new", "institution:old"], name="Old")
    >>> _ = graph.add_edge("institution:new", "institution:old", relation="succeeds", start="2020")
    >>> [row.name for row in succession_of(graph, "institution:new")[0]]
    ['Old']
    """
    succeeds = RELATIONS[Relation.SUCCEEDS]
    before = [
        _row(graph, succeeds.label, other, tie)
        for _, other, tie in graph.out_edges(node, data=True)
        if tie["relation"] == Relation.SUCCEEDS
    ]
    after = [
        _row(graph, succeeds.inverse, other, tie)
        for other, _, tie in graph.in_edges(node, data=True)
        if tie["relation"] == Relation.SUCCEEDS
    ]
    first, last = (sorted(rows, key=lambda row: (row.start or "", row.name.casefold())) for rows in (before, after))
    return first, last
