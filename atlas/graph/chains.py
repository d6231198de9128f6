"""How two bodies are joined: the shortest chains of ties, and who bridges two networks."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Final

import networkx as nx

from atlas.errors import QueryError
from atlas.graph.bare import without_assets
from atlas.graph.facts import ACTORS, Fact, doubt, facts_between, name_of, ties_at
from atlas.graph.query import passes
from atlas.vocabulary import Kind, Relation

LIVING: Final = frozenset(Relation) - {Relation.SUCCEEDS}
"""Succession joins a body to one that is gone: nobody is introduced along it."""

MOST_CHAINS: Final = 20


@dataclass(frozen=True, slots=True)
class Chain:
    """One chain of ties.

    Parameters
    ----------
    nodes, names : tuple of str
        Ids from one end to the other, and their names.
    steps : tuple of tuple of Fact
        For each step, the ties between its two nodes, the surest first.
    """

    nodes: tuple[str, ...]
    names: tuple[str, ...]
    steps: tuple[tuple[Fact, ...], ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """The chain tie by tie: the surest of each step."""
        return tuple(step[0].sentence for step in self.steps)


@dataclass(frozen=True, slots=True)
class Chains:
    """The shortest chains between two nodes.

    Parameters
    ----------
    start, end : str
        Ids.
    length : int or None
        Ties in each; None where no chain joins them.
    total : int
        How many there are.
    chains : tuple of Chain
        The surest of them, at most as many as were asked for.
    """

    start: str
    end: str
    length: int | None
    total: int
    chains: tuple[Chain, ...]


def chains(
    graph: nx.MultiDiGraph[str],
    start: str,
    end: str,
    day: date,
    *,
    limit: int = MOST_CHAINS,
    through: Collection[Kind] = ACTORS,
    relations: Collection[Relation] = LIVING,
    ever: bool = False,
) -> Chains:
    """Return the shortest chains of ties between two nodes, the surest first.

    A chain is a run of nodes of which each is tied to the next, whichever way the verb points. Of chains as short as
    can be, those with the least doubt come first (`atlas.graph.facts.doubt`, of the surest tie of each step, summed),
    then by the names along them.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `atlas.graph.build.build`.
    start, end : str
        Ids; of any kind.
    day : datetime.date
        Only ties and nodes that stand or may stand on it.
    limit : int
        Most chains given, at least 1; `Chains.total` counts all.
    through : collection of Kind, optional
        What may stand between: those that act unless given. Places and sites would join everybody in London;
        an asset never stands between.
    relations : collection of Relation, optional
        Which verbs; all but succession unless given.
    ever : bool
        Whether ties that do not stand on the day count too.

    Raises
    ------
    QueryError
        If both ends are the same, or the limit is below 1.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_node("network:n", kind="network", name="N")
    >>> for node in ("institution:a", "institution:b"):
    ...     graph.add_node(node, kind="institution", name=node[-1].upper())
    ...     _ = graph.add_edge(node, "network:n", relation="member_of", start="2021")
    >>> found = chains(graph, "institution:a", "institution:b", date(2026, 1, 1))
    >>> found.length, found.chains[0].names
    (2, ('A', 'N', 'B'))
    >>> found.chains[0].sentences[1]
    'B is a member of N (since 2021; no source).'
    """
    if start == end:
        raise QueryError(f"a chain needs two different ends, found {start!r} twice")
    if limit < 1:
        raise QueryError(f"at least one chain must be asked for, found a limit of {limit}")
    if not any(graph.nodes[node].get("kind") == Kind.ASSET for node in (start, end)):
        graph = without_assets(graph)
    between = frozenset(through) - {Kind.ASSET}
    walk = _Walk(graph, None if ever else day, between, frozenset(relations), frozenset({start, end}))
    layers = _layers(walk, start, end)
    if layers is None:
        return Chains(start, end, None, 0, ())
    onward = {
        node: sorted(walk.neighbours(node) & following, key=lambda other: (name_of(graph, other), other))
        for layer, following in pairwise(layers)
        for node in layer
    }
    total = _count(layers, onward)
    steps: dict[tuple[str, str], tuple[Fact, ...]] = {
        (node, other): facts_between(graph, node, other, day, relations, ever=ever)
        for node, others in onward.items()
        for other in others
    }
    found = (
        Chain(
            nodes,
            tuple(name_of(graph, node) for node in nodes),
            tuple(steps[pair] for pair in pairwise(nodes)),
        )
        for nodes, _ in zip(_best_first(layers, onward, steps), range(limit), strict=False)
    )
    return Chains(start, end, len(layers) - 1, total, tuple(found))


@dataclass(frozen=True, slots=True)
class _Walk:
    """The graph without direction, seen through the filters."""

    graph: nx.MultiDiGraph[str]
    day: date | None
    through: frozenset[Kind]
    relations: frozenset[Relation]
    ends: frozenset[str]

    def neighbours(self, node: str) -> set[str]:
        return {
            other
            for subject, target, tie in ties_at(self.graph, node)
            if self._may_pass(other := target if subject == node else subject)
            and other != node
            and passes(self.graph, subject, target, tie, self.day, self.relations)
        }

    def _may_pass(self, node: str) -> bool:
        return node in self.ends or self.graph.nodes[node].get("kind") in self.through


def _layers(walk: _Walk, start: str, end: str) -> list[set[str]] | None:
    """Nodes of the shortest chains by their distance from the start: both ends are widened in turn until they meet."""
    seen = ({start: 0}, {end: 0})
    rims = [{start}, {end}]
    depths = [0, 0]
    while not rims[0] & rims[1]:
        side = 0 if len(rims[0]) <= len(rims[1]) else 1
        rims[side] = {other for node in rims[side] for other in walk.neighbours(node)} - seen[side].keys()
        if not rims[side]:
            return None
        depths[side] += 1
        seen[side].update(dict.fromkeys(rims[side], depths[side]))
        # the other rim is the whole of its layer, so the first meeting is a shortest one
    middle = rims[0] & rims[1]
    halves = []
    for side in (0, 1):
        layers = [middle]
        for distance in range(depths[side] - 1, -1, -1):
            back = {other for node in layers[-1] for other in walk.neighbours(node)}
            layers.append({node for node in back if seen[side].get(node) == distance})
        halves.append(layers)
    return [*reversed(halves[0]), *halves[1][1:]]


def _count(layers: list[set[str]], onward: dict[str, list[str]]) -> int:
    ways = dict.fromkeys(layers[-1], 1)
    for layer in reversed(layers[:-1]):
        ways = {node: sum(ways[other] for other in onward[node]) for node in layer}
    return sum(ways.values())


def _best_first(
    layers: list[set[str]], onward: dict[str, list[str]], steps: dict[tuple[str, str], tuple[Fact, ...]]
) -> Iterator[tuple[str, ...]]:
    """Chains in order of doubt, then of the order in `onward`: the doubt still to come is known, so none is missed."""
    cost = {pair: doubt(facts[0]) for pair, facts in steps.items()}
    rest = dict.fromkeys(layers[-1], 0)
    for layer in reversed(layers[:-1]):
        rest |= {node: min(cost[node, other] + rest[other] for other in onward[node]) for node in layer}
    (start,) = layers[0]
    heap: list[tuple[int, tuple[int, ...], tuple[str, ...]]] = [(rest[start], (), (start,))]
    while heap:
        least, places, nodes = heapq.heappop(heap)
        here = nodes[-1]
        if len(nodes) == len(layers):
            yield nodes
            continue
        for place, other in enumerate(onward[here]):
            doubted = least - rest[here] + cost[here, other] + rest[other]
            heapq.heappush(heap, (doubted, (*places, place), (*nodes, other)))


class Joined(StrEnum):
    """How two networks are bridged."""

    MEMBERS = "members"
    TIES = "ties"
    CHAINS = "chains"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Bridge:
    """Somebody tied to both networks.

    Parameters
    ----------
    node, name, kind : str
        Its id, name and kind.
    is_member : bool
        Whether it is a member of both.
    pairs : float
        How many pairs, of one tied to the first network only and one tied to the second only, it stands between; a
        pair with several shortest chains counts by the share of them that pass through it.
    to_first, to_second : tuple of Fact
        Its ties to each, the surest first.
    """

    node: str
    name: str
    kind: str
    is_member: bool
    pairs: float
    to_first: tuple[Fact, ...]
    to_second: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Bridges:
    """Who bridges two networks.

    Parameters
    ----------
    first, second : str
        Ids.
    joined : Joined
        By shared members, by those tied to both in other ways, by longer chains, or not at all.
    bridges : tuple of Bridge
        Members of both first, then by `pairs`, the most first, then by name.
    direct : tuple of Fact
        Ties between the two networks themselves.
    pairs : int
        Pairs of one tied to the first only and one tied to the second only.
    chains : Chains or None
        The shortest chains, where nobody is tied to both.
    """

    first: str
    second: str
    joined: Joined
    bridges: tuple[Bridge, ...]
    direct: tuple[Fact, ...]
    pairs: int
    chains: Chains | None


def bridges(graph: nx.MultiDiGraph[str], first: str, second: str, day: date, *, limit: int = MOST_CHAINS) -> Bridges:
    """Return who bridges two networks: shared members, else those tied to both, else the shortest chains.

    `Bridge.pairs` is betweenness between two groups, on the networks, those tied to either, and the ties among them
    (the two networks' union): for S tied to the first only and T tied to the second only, the sum over s in S and t
    in T of the share of shortest chains from s to t that pass through the node (Brandes 2008, betweenness of
    subsets). 0 where one of the groups is empty.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `atlas.graph.build.build`.
    first, second : str
        Ids of networks or programmes.
    day : datetime.date
        Only ties and nodes that stand or may stand on it.
    limit : int
        Most chains given.

    Raises
    ------
    QueryError
        If both are the same.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_nodes_from(["network:m", "network:n"], kind="network")
    >>> for node, networks in {"a": "m", "b": "mn", "c": "n"}.items():
    ...     graph.add_node(f"institution:{node}", kind="institution")
    ...     for network in networks:
    ...         _ = graph.add_edge(f"institution:{node}", f"network:{network}", relation="member_of", start="2021")
    >>> found = bridges(graph, "network:m", "network:n", date(2026, 1, 1))
    >>> [(bridge.node, bridge.pairs) for bridge in found.bridges]
    [('institution:b', 1.0)]
    """
    if first == second:
        raise QueryError(f"a bridge needs two different networks, found {first!r} twice")
    walk = _Walk(graph, day, ACTORS, LIVING, frozenset())
    around = {network: walk.neighbours(network) for network in (first, second)}
    either = (around[first] | around[second]) - {first, second}
    sides = around[first] - around[second] - {second}, around[second] - around[first] - {first}
    both = either - sides[0] - sides[1]
    between = _between(walk, either | {first, second}, sides) if both else {}
    found = sorted(
        (_bridge(graph, node, (first, second), day, between.get(node, 0.0)) for node in both),
        key=lambda bridge: (not bridge.is_member, -round(bridge.pairs, 9), bridge.name.casefold(), bridge.node),
    )
    longer = None if found else chains(graph, first, second, day, limit=limit)
    if found:
        joined = Joined.MEMBERS if found[0].is_member else Joined.TIES
    else:
        joined = Joined.CHAINS if longer and longer.chains else Joined.NOT
    direct = facts_between(graph, first, second, day, LIVING)
    return Bridges(first, second, joined, tuple(found), direct, len(sides[0]) * len(sides[1]), longer)


def _between(walk: _Walk, nodes: set[str], sides: tuple[set[str], set[str]]) -> dict[str, float]:
    union: nx.Graph[str] = nx.Graph()
    union.add_nodes_from(sorted(nodes))
    union.add_edges_from((node, other) for node in sorted(nodes) for other in sorted(walk.neighbours(node) & nodes))
    found = nx.betweenness_centrality_subset(union, sorted(sides[0]), sorted(sides[1]))
    # networkx halves what it finds in a graph without direction, as if each pair had come twice
    return {node: 2.0 * float(value) for node, value in found.items()}


def _bridge(graph: nx.MultiDiGraph[str], node: str, networks: tuple[str, str], day: date, pairs: float) -> Bridge:
    first, second = (facts_between(graph, node, network, day, LIVING) for network in networks)
    is_member = all(
        any(tie.relation is Relation.MEMBER_OF and tie.subject == node for tie in facts) for facts in (first, second)
    )
    kind = str(graph.nodes[node].get("kind") or "")
    return Bridge(node, name_of(graph, node), kind, is_member, pairs, first, second)
