"""By whom the holder of a piece of land comes to know the others: one walk of the graph for each holder."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from atlas.graph.bare import without_assets
from atlas.graph.introductions import Introduction, councils_of, introductions, walkable
from atlas.opportunities.answer import Ways
from atlas.snapshot import Atlas
from atlas.vocabulary import Kind

Wanted = tuple[str, str, tuple[str, ...]]
"""A holder, the partner that they should meet (or nobody), and those who can act there."""


def who_can_act(atlas: Atlas, lad: str, local: Sequence[str] = ()) -> tuple[str, ...]:
    """Ids of those who can act in a borough: its council, and the networks and programmes given."""
    graph = without_assets(atlas.graph)
    return tuple(dict.fromkeys((*councils_of(graph, f"{Kind.PLACE}:{lad}"), *local)))


def ways(atlas: Atlas, wanted: Sequence[Wanted]) -> list[Ways]:
    """Find the shortest chains of ties for each; of chains as short to those who can act, the first by its end."""
    graph = without_assets(atlas.graph)
    ends: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for holder, partner, actors in wanted:
        ends[holder] |= dict.fromkeys(filter(None, (partner, *actors)), "")
    ties = walkable(graph)
    found = {holder: introductions(graph, [holder], there, ties) for holder, there in ends.items()}
    return [
        Ways(found[holder].get(partner) if partner else None, _shortest(found[holder], actors))
        for holder, partner, actors in wanted
    ]


def _shortest(found: Mapping[str, Introduction], ends: Iterable[str]) -> Introduction | None:
    known = [found[end] for end in ends if end in found]
    return min(known, key=lambda chain: (len(chain.steps), chain.end), default=None)


def words_of(atlas: Atlas, chains: Iterable[Introduction | None]) -> tuple[dict[str, str], dict[str, str]]:
    """Titles of the sources and names of the nodes along some chains, by id."""
    graph = atlas.graph
    steps = [step for chain in chains if chain is not None for step in chain.steps]
    ends = {chain.start for chain in chains if chain is not None}
    nodes = sorted(ends | {node for step in steps for node in (step.subject, step.other)})
    known = graph.graph.get("sources", {})
    sources = sorted({step.source for step in steps} & set(known))
    return (
        {source: str(known[source].get("title") or source) for source in sources},
        {node: str(graph.nodes[node].get("name") or node) for node in nodes},
    )
