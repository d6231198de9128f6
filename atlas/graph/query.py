"""Questions to the partnership graph: who belongs, how far it works, who is around.

What is called so is in `atlas.graph.lookup`, chains and bridges in `atlas.graph.chains`, what serves a place in
`atlas.graph.places`, what changed and what became of a body in `atlas.graph.changes`. Every answer is as at a day;
`atlas.graph.timeline.last_checked` is now.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from atlas.errors import QueryError
from atlas.graph.bare import without_assets
from atlas.graph.facts import ACTORS, Fact, fact, name_of, ordered, ties_at
from atlas.graph.timeline import span_of, standing
from atlas.vocabulary import RELATIONS, FootprintKind, Kind, Relation, Standing


@dataclass(frozen=True, slots=True)
class Member:
    """Who is tied to a network, and how.

    Parameters
    ----------
    node, name, what : str
        Its id, its name, and what it is in words.
    sector : str
        Of an institution; empty for others.
    roles : tuple of str
        What it does, in words: "is a member of", "convenes".
    standing : Standing
        Of the surest tie.
    facts : tuple of Fact
        The ties, the surest first.
    """

    node: str
    name: str
    what: str
    sector: str
    roles: tuple[str, ...]
    standing: Standing
    facts: tuple[Fact, ...]


def members(
    graph: nx.MultiDiGraph[str],
    network: str,
    day: date,
    relations: Collection[Relation] = (Relation.MEMBER_OF,),
    *,
    ever: bool = False,
) -> tuple[Member, ...]:
    """Return the members of a network or programme on a day, or all who ever were.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `atlas.graph.build.build`.
    network : str
        Id of a network or programme.
    day : datetime.date
        The day; a member whose tie may have stood on it is among them, and `standing` says so.
    relations : collection of Relation, optional
        What makes a member; others, such as convening, may be asked for too.
    ever : bool
        Whether to keep those who are no members on the day.

    Returns
    -------
    tuple of Member
        Those that stand first, by name.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> _ = graph.add_edge("institution:a", "network:n", relation="member_of", start="2019", end="2021")
    >>> members(graph, "network:n", date(2022, 1, 1))
    ()
    >>> [member.standing.value for member in members(graph, "network:n", date(2022, 1, 1), ever=True)]
    ['does_not_stand']
    """
    found: defaultdict[str, list[Fact]] = defaultdict(list)
    for subject, target, tie in ties_at(graph, network):
        relation = Relation(tie["relation"])
        if relation in relations and (target == network or RELATIONS[relation].symmetric):
            found[target if subject == network else subject].append(fact(graph, subject, target, tie, day))
    people = (_member(graph, node, facts) for node, facts in found.items())
    kept = (member for member in people if ever or member.standing is not Standing.DOES_NOT)
    return tuple(sorted(kept, key=lambda member: (*_order(member.standing, member.name), member.node)))


def _member(graph: nx.MultiDiGraph[str], node: str, facts: Iterable[Fact]) -> Member:
    record, ties = graph.nodes[node], ordered(facts)
    return Member(
        node=node,
        name=name_of(graph, node),
        what=str(record.get("type") or record.get("kind") or ""),
        sector=str(record.get("sector") or ""),
        roles=tuple(dict.fromkeys(RELATIONS[tie.relation].label for tie in ties)),
        standing=ties[0].standing,
        facts=ties,
    )


def _order(stands: Standing, name: str) -> tuple[int, str]:
    return list(Standing).index(stands), name.casefold()


@dataclass(frozen=True, slots=True)
class Extent:
    """How far a network or a programme works.

    Parameters
    ----------
    kind : FootprintKind
        How its footprint is written.
    footprint : tuple of str
        GSS codes; or easting, northing and radius in metres; or nothing.
    areas, people : int
        Small areas inside it, and the people who live in them.
    districts : tuple of (str, float)
        GSS codes of the boroughs it touches with the share of their people inside, 0 to 1, the largest share first.
    """

    kind: FootprintKind
    footprint: tuple[str, ...]
    areas: int
    people: int
    districts: tuple[tuple[str, float], ...]


def extent(
    record: Mapping[str, Any], inside: NDArray[np.bool_], population: NDArray[np.integer], districts: Sequence[str]
) -> Extent:
    """Return the footprint of a network or programme and whom it reaches.

    Parameters
    ----------
    record : mapping
        Its fields in the graph.
    inside : numpy.ndarray of bool, shape (n,)
        Whether each area lies in its footprint, as in `atlas.gaps.reach.Reach`.
    population : numpy.ndarray of int, shape (n,)
        People, in the same order.
    districts : sequence of str, shape (n,)
        GSS code of the borough of each area.

    Examples
    --------
    >>> record = {"footprint_kind": "places", "footprint": ("E09000007",)}
    >>> found = extent(record, np.array([True, False]), np.array([1_500, 500]), ["E09000007", "E09000007"])
    >>> found.areas, found.people, found.districts
    (1, 1500, (('E09000007', 0.75),))
    """
    everyone: Counter[str] = Counter()
    reached: Counter[str] = Counter()
    for district, people, is_in in zip(districts, population, inside, strict=True):
        everyone[district] += int(people)
        reached[district] += int(people) if is_in else 0
    shares = [(code, people / everyone[code]) for code, people in reached.items() if people]
    return Extent(
        kind=FootprintKind(record.get("footprint_kind", FootprintKind.NONE)),
        footprint=tuple(record.get("footprint", ())),
        areas=int(np.count_nonzero(inside)),
        people=sum(reached.values()),
        districts=tuple(sorted(shares, key=lambda pair: (-pair[1], pair[0]))),
    )


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A node of an ego network.

    Parameters
    ----------
    node, name, kind : str
        Its id, name and kind.
    distance : int
        Ties from the centre: 0, 1 or 2.
    standing : Standing
        Of the node itself.
    """

    node: str
    name: str
    kind: str
    distance: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class Ego:
    """A node, those around it, and the ties among them all.

    Parameters
    ----------
    centre : str
        Id.
    nodes : tuple of Neighbour
        The centre first, then the nearer first, by name.
    facts : tuple of Fact
        Every tie between two of them that passes the filters.
    """

    centre: str
    nodes: tuple[Neighbour, ...]
    facts: tuple[Fact, ...]


def ego(
    graph: nx.MultiDiGraph[str],
    centre: str,
    day: date,
    radius: int = 1,
    kinds: Collection[Kind] = ACTORS,
    relations: Collection[Relation] = frozenset(Relation),
    *,
    ever: bool = False,
) -> Ego:
    """Return the network around a node.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `atlas.graph.build.build`.
    centre : str
        Id; of any kind.
    day : datetime.date
        The day; ties and nodes that do not stand on it are left out.
    radius : int
        1 or 2 ties.
    kinds : collection of Kind, optional
        Which nodes besides the centre; those that act unless given, since places and sites join everybody.
    relations : collection of Relation, optional
        Which verbs; all unless given.
    ever : bool
        Whether to keep what does not stand on the day.

    Raises
    ------
    QueryError
        If the radius is neither 1 nor 2.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_nodes_from(["institution:a", "institution:b"], kind="institution")
    >>> graph.add_node("network:n", kind="network")
    >>> for node in ("institution:a", "institution:b"):
    ...     _ = graph.add_edge(node, "network:n", relation="member_of", start="2021")
    >>> found = ego(graph, "institution:a", date(2026, 1, 1), radius=2)
    >>> [(other.node, other.distance) for other in found.nodes]
    [('institution:a', 0), ('network:n', 1), ('institution:b', 2)]
    """
    if radius not in (1, 2):
        raise QueryError(f"an ego network reaches 1 or 2 ties, found {radius}")
    if Kind.ASSET not in kinds and graph.nodes[centre].get("kind") != Kind.ASSET:
        graph = without_assets(graph)
    distances, frontier = {centre: 0}, [centre]
    for distance in range(1, radius + 1):
        around = {
            other
            for node in frontier
            for subject, target, tie in ties_at(graph, node)
            if passes(graph, subject, target, tie, None if ever else day, relations)
            and graph.nodes[other := target if subject == node else subject].get("kind") in kinds
        }
        frontier = sorted(around - distances.keys())
        distances |= dict.fromkeys(frontier, distance)
    ties = (
        fact(graph, subject, target, tie, day)
        for node in distances
        for subject, target, tie in graph.out_edges(node, data=True)
        if target in distances and passes(graph, subject, target, tie, None if ever else day, relations)
    )
    nodes = (
        Neighbour(node, name_of(graph, node), str(record.get("kind") or ""), distance, standing(span_of(record), day))
        for node, distance in distances.items()
        for record in (graph.nodes[node],)
    )
    kept = sorted(nodes, key=lambda other: (other.distance, other.name.casefold(), other.node))
    return Ego(centre, tuple(kept), ordered(ties))


def passes(
    graph: nx.MultiDiGraph[str],
    subject: str,
    target: str,
    tie: Mapping[str, Any],
    day: date | None,
    relations: Collection[Relation],
) -> bool:
    """Whether a tie is of these verbs and stands, or may, on a day; on any with None."""
    if tie["relation"] not in relations:
        return False
    if day is None:
        return True
    rows = (tie, graph.nodes[subject], graph.nodes[target])
    return all(standing(span_of(row), day) is not Standing.DOES_NOT for row in rows)
