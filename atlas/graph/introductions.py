"""The shortest introduction: by whom somebody at the table comes to know somebody who is not."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, cast

import networkx as nx

from atlas.graph.bare import without_assets
from atlas.graph.measures.actors import projection, tie_stands
from atlas.vocabulary import RELATIONS, Confidence, Relation, Sector, Status

_DOUBT: Final[Mapping[str, float]] = {
    Confidence.HIGH.value: 0.0,
    Confidence.MEDIUM.value: 0.01,
    Confidence.LOW.value: 0.02,
}
"""So small that a chain of fewer ties always wins, whatever its ties rest on."""


@dataclass(frozen=True, slots=True)
class Step:
    """One tie of a chain, read in the direction of the chain.

    Parameters
    ----------
    subject, other : str
        Ids of the node that it is read from, and of the one it leads to.
    phrase : str
        How it is said in this direction: "is a member of", "has as a member".
    relation, confidence, source, evidence : str
        Of the tie.
    """

    subject: str
    other: str
    phrase: str
    relation: str
    confidence: str
    source: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Introduction:
    """A chain of ties from somebody at the table to somebody who is not.

    Parameters
    ----------
    start, end : str
        Ids of its ends.
    steps : tuple of Step
        Its ties in order; none where the two ends are one.
    sentence : str
        The chain in words.
    """

    start: str
    end: str
    steps: tuple[Step, ...]
    sentence: str


def walkable(graph: nx.MultiDiGraph[str]) -> nx.Graph[str]:
    """Return who is tied to whom, each tie with the `weight` that `introductions` gives it: for whoever asks often."""
    ties = projection(graph)
    for one, other, between in ties.edges(data=True):
        between["weight"] = 1.0 + _DOUBT.get(_firmest(graph, one, other)[2]["confidence"], 0.02)
    return ties


def introductions(
    graph: nx.MultiDiGraph[str],
    starts: Collection[str],
    ends: Mapping[str, str],
    ties: nx.Graph[str] | None = None,
) -> Mapping[str, Introduction]:
    """Return the shortest chain of active ties from any of the starts to each of the ends.

    Chains run through institutions, networks and programmes that have not ended: never along succession, and never
    through London or England, which join everybody to everybody. Only the last link may be a borough: a council on the
    chain serves it, and the end's site stands in it (two ties). Of chains of the same length the one without a borough
    is taken, then the one on firmer ties: a tie weighs 1, and 0.01 more where its confidence is medium, 0.02 where low.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        Nodes with `kind` and `status`, ties with `relation`, `status` and `confidence`.
    starts : collection of str
        Node ids; those that the graph does not hold, or that have ended, are passed over.
    ends : mapping of str to str
        Ids of institutions, and of a site of each; an empty one for none.
    ties : networkx.Graph, optional
        The graph's `walkable`, where it has been made already.

    Returns
    -------
    mapping of str to Introduction
        By end; an end that no chain reaches is not there.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> for kind, name in (("network", "N"), ("institution", "A"), ("network", "M"), ("institution", "B")):
    ...     graph.add_node(f"{kind}:{name}", kind=kind, name=name, status="active")
    >>> for one, other in (("A", "N"), ("A", "M"), ("B", "M")):
    ...     _ = graph.add_edge(f"institution:{one}", f"network:{other}", relation="member_of", status="active")
    >>> introductions(graph, ["network:N"], {"institution:B": ""})["institution:B"].sentence
    'N has as a member A, which is a member of M, which has as a member B.'
    """
    graph = without_assets(graph)
    ties = walkable(graph) if ties is None else ties
    known = sorted(set(starts) & set(ties))
    if not known:
        return {}

    reached = nx.multi_source_dijkstra(ties, known, weight="weight")
    lengths, paths = cast("tuple[Mapping[str, float], Mapping[str, list[str]]]", reached)
    found = {}
    for end, site in ends.items():
        local = _by_borough(graph, site, lengths)
        if local and lengths[local[0]] + 2 < lengths.get(end, float("inf")) - 0.5:
            found[end] = _introduction(graph, [*paths[local[0]], *local[1:], end])
        elif end in paths:
            found[end] = _introduction(graph, paths[end])
    return found


def councils_of(graph: nx.MultiDiGraph[str], place: str) -> list[str]:
    """Return the councils that serve a place, by id."""
    serving = graph.in_edges(place, data=True) if place in graph else ()
    return sorted(
        node
        for node, _, tie in serving
        if tie["relation"] == Relation.SERVES
        and tie.get("status") == Status.ACTIVE
        and graph.nodes[node].get("sector") == Sector.COUNCIL
    )


def _by_borough(graph: nx.MultiDiGraph[str], site: str, lengths: Mapping[str, float]) -> tuple[str, str, str] | None:
    """The council nearest along the ties that serves the borough of a site, the borough, and the site."""
    places = graph.out_edges(site, data=True) if site in graph else ()
    found = [
        (lengths[council], council, place)
        for _, place, tie in places
        if tie["relation"] == Relation.LOCATED_IN
        for council in councils_of(graph, place)
        if council in lengths
    ]
    return (*min(found)[1:], site) if found else None


def _firmest(graph: nx.MultiDiGraph[str], one: str, other: str) -> tuple[str, str, Mapping[str, Any]]:
    """The active tie between two nodes that rests on the firmest evidence: its subject, its object, its fields."""
    found: list[tuple[str, str, Mapping[str, Any]]] = []
    for subject, target in ((one, other), (other, one)):
        between: Mapping[Any, Mapping[str, Any]] = graph.get_edge_data(subject, target, default={})
        found.extend(
            (subject, target, {"confidence": "", "source": "", "evidence": "", **tie})
            for tie in between.values()
            if tie_stands(graph, tie)
        )
    return min(found, key=lambda tie: (_DOUBT.get(tie[2]["confidence"], 1.0), tie[2]["relation"], tie[0]))


def _introduction(graph: nx.MultiDiGraph[str], path: list[str]) -> Introduction:
    steps = []
    for one, other in pairwise(path):
        subject, _, tie = _firmest(graph, one, other)
        rule = RELATIONS[Relation(tie["relation"])]
        phrase = rule.label if subject == one else rule.inverse
        steps.append(Step(one, other, phrase, tie["relation"], tie["confidence"], tie["source"], tie["evidence"]))
    return Introduction(path[0], path[-1], tuple(steps), _sentence(graph, path[0], steps))


def _sentence(graph: nx.MultiDiGraph[str], start: str, steps: Sequence[Step]) -> str:
    names = {step.other: graph.nodes[step.other].get("name", step.other) for step in steps}
    first = graph.nodes[start].get("name", start)
    if not steps:
        return f"{first} is at work here already."
    if steps[-1].relation != Relation.OCCUPIES:
        return f"{first} {', which '.join(f'{step.phrase} {names[step.other]}' for step in steps)}."
    *chain, _, stands = steps
    said = ", which ".join(f"{step.phrase} {names[step.other]}" for step in chain)
    return f"{first} {said}, where {names[stands.other]} has {names[stands.subject]}."
