"""One tie in words: who does what with whom, since when, and how we know."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import networkx as nx

from atlas.graph.timeline import span_of, standing
from atlas.graph.wording import period_words
from atlas.vocabulary import RELATIONS, Kind, Relation, Standing

ACTORS: Final = frozenset({Kind.INSTITUTION, Kind.NETWORK, Kind.PROGRAMME})
"""Kinds of node that act."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One tie with the names of its ends and its evidence, as at a day.

    Parameters
    ----------
    subject, relation, object : str
        Ids of the nodes, and the verb between them.
    subject_name, object_name : str
        Their names.
    start, end : str or None
        Partial dates; None where open or unknown.
    status, confidence, evidence, checked_on, note : str
        As in `atlas.records.Tie`; empty where the graph has none.
    source, source_title, source_url : str
        What it rests on.
    standing : Standing
        Whether it stood on the day asked about.
    """

    subject: str
    relation: Relation
    object: str
    subject_name: str
    object_name: str
    start: str | None
    end: str | None
    status: str
    confidence: str
    source: str
    source_title: str
    source_url: str
    evidence: str
    checked_on: str
    note: str
    standing: Standing

    @property
    def words(self) -> str:
        """What is said: "A is a member of B"."""
        return f"{self.subject_name} {RELATIONS[self.relation].label} {self.object_name}"

    @property
    def period(self) -> str:
        """When: "since 2021"."""
        return period_words(self.start, self.end, self.status)

    @property
    def sentence(self) -> str:
        """What is said, since when, how firmly, and on what evidence."""
        source = ", ".join(filter(None, [self.source_title, self.evidence]))
        parts = [self.period, f"{self.confidence} confidence" if self.confidence else ""]
        parts += [f"source: {source}" if source else "no source"]
        return f"{self.words} ({'; '.join(filter(None, parts))})."


def name_of(graph: nx.MultiDiGraph[str], node: str) -> str:
    """Return a node's name, its id where it has none."""
    return str(graph.nodes[node].get("name") or node)


def tie_standing(graph: nx.MultiDiGraph[str], subject: str, target: str, tie: Mapping[str, Any], day: date) -> Standing:
    """Say whether a tie stood on a day: its own dates say, unless one of its nodes did not stand."""
    if any(standing(span_of(graph.nodes[node]), day) is Standing.DOES_NOT for node in (subject, target)):
        return Standing.DOES_NOT
    return standing(span_of(tie), day)


def fact(graph: nx.MultiDiGraph[str], subject: str, target: str, tie: Mapping[str, Any], day: date) -> Fact:
    """Read one tie of the graph as at a day."""
    source = graph.graph.get("sources", {}).get(tie.get("source"), {})
    words = {name: tie.get(name) or "" for name in ("status", "confidence", "source", "evidence", "checked_on", "note")}
    return Fact(
        subject=subject,
        relation=Relation(tie["relation"]),
        object=target,
        subject_name=name_of(graph, subject),
        object_name=name_of(graph, target),
        start=tie.get("start") or None,
        end=tie.get("end") or None,
        source_title=source.get("title") or words["source"],
        source_url=source.get("url") or "",
        standing=tie_standing(graph, subject, target, tie, day),
        **words,
    )


def ties_at(graph: nx.MultiDiGraph[str], node: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every tie of a node, either way round: subject, object, fields."""
    yield from graph.out_edges(node, data=True)
    yield from ((subject, target, tie) for subject, target, tie in graph.in_edges(node, data=True) if subject != target)


def facts_between(
    graph: nx.MultiDiGraph[str],
    one: str,
    other: str,
    day: date,
    relations: Collection[Relation] = frozenset(Relation),
    *,
    ever: bool = False,
) -> tuple[Fact, ...]:
    """Return the ties between two nodes, either way round, those that stand first.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `atlas.graph.build.build`.
    one, other : str
        Ids.
    day : datetime.date
        What does not stand on it is left out.
    relations : collection of Relation, optional
        Which verbs; all unless given.
    ever : bool
        Whether to keep what does not stand on the day.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> _ = graph.add_edge("institution:a", "network:b", relation="member_of", start="2021")
    >>> [tie.sentence for tie in facts_between(graph, "network:b", "institution:a", date(2026, 1, 1))]
    ['institution:a is a member of network:b (since 2021; no source).']
    """
    pairs = ((one, other), (other, one))
    found = (
        fact(graph, subject, target, tie, day)
        for subject, target in pairs
        for tie in (graph.get_edge_data(subject, target) or {}).values()
        if tie["relation"] in relations
    )
    return ordered(tie for tie in found if ever or tie.standing is not Standing.DOES_NOT)


def ordered(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Put ties in order: the surest first, then by verb, date and ends."""
    places = list(Relation)
    return tuple(
        sorted(
            facts,
            key=lambda tie: (doubt(tie), places.index(tie.relation), tie.start or "", tie.subject, tie.object),
        )
    )


def doubt(tie: Fact) -> int:
    """Say how doubtful a tie is: 0 where it stands and its source says so, 5 where it may stand and that is vague.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> _ = graph.add_edge("institution:a", "network:b", relation="member_of", start="2021", confidence="high")
    >>> [doubt(tie) for tie in facts_between(graph, "institution:a", "network:b", date(2026, 1, 1))]
    [0]
    """
    steps = {"high": 0, "medium": 1, "low": 2}
    return 3 * list(Standing).index(tie.standing) + steps.get(tie.confidence, 2)
