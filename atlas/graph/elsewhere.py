"""Networks and programmes of other places: on record for what London may learn of them, not as London's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

import networkx as nx

from atlas.graph.bare import without_assets
from atlas.vocabulary import Kind, Relation, Status


def elsewhere(graph: nx.MultiDiGraph[str], codes: Collection[str], reaching: Collection[str] = ()) -> tuple[str, ...]:
    """Active networks and programmes of which something is known to be somewhere, and nothing in the study area.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        The partnership graph.
    codes : collection of str
        GSS codes of the districts of the study area.
    reaching : collection of str
        Ids of those whose footprint takes in some of it.

    Returns
    -------
    tuple of str
        Ids, sorted. A place that they serve is here where it lies in one of `codes`, or one of them in it; an
        institution tied to them is here where it governs one or has a site in one. Of whom no such place or
        institution is on record it cannot be said, so that they are left out.
    """
    graph = without_assets(graph)
    districts = {f"{Kind.PLACE}:{code}" for code in codes}
    around = _wider(graph, districts)
    stands = _stands(graph)
    found = []
    for node, record in graph.nodes(data=True):
        is_one = record.get("kind") in {Kind.NETWORK, Kind.PROGRAMME} and record.get("status") == Status.ACTIVE
        if not is_one or node in reaching:
            continue
        served = {place for _, place, tie in graph.out_edges(node, data=True) if tie["relation"] == Relation.SERVES}
        tied = {other for other in nx.all_neighbors(graph, node) if stands.get(other)}
        here = [place in around or not districts.isdisjoint(_wider(graph, {place})) for place in served]
        here += [not stands[other].isdisjoint(codes) for other in tied]
        if here and not any(here):
            found.append(node)
    return tuple(sorted(found))


def _wider(graph: nx.MultiDiGraph[str], places: set[str]) -> set[str]:
    """Places with all that they are part of."""
    found, new = set(places), places & set(graph)
    while new:
        above = {to for place in new for _, to, tie in graph.out_edges(place, data=True) if _is_part(tie)}
        new = above - found
        found |= new
    return found


def _is_part(tie: dict[str, str]) -> bool:
    return tie["relation"] == Relation.PART_OF


def _stands(graph: nx.MultiDiGraph[str]) -> dict[str, set[str]]:
    """Codes of the districts that each institution governs or has a site in."""
    found = defaultdict(set)
    for node, record in graph.nodes(data=True):
        if record.get("kind") == Kind.INSTITUTION and record.get("gss_code"):
            found[node].add(record["gss_code"])
        elif record.get("kind") == Kind.SITE:
            found[record["institution"]].add(record["borough"])
    return found
