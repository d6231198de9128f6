"""Measures of a large partnership graph, beside networkx where it can finish.

The graph is an affiliation graph: institutions in networks whose sizes are skewed, drawn from a seed. Sizes are of
institutions, networks and ties:

- small: 1,000, 100, 10,000 ties, where networkx runs too (betweenness about nine seconds);
- large: 5,000, 500, 100,000 ties, the size that issue 4 names.

Set ATLAS_SLOW_PEERS=1 to run networkx on the large one too: minutes for Louvain and the projection, more than an hour
for betweenness, which is therefore left out.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import cache
from typing import Any

import networkx as nx
import numpy as np
import pytest

from atlas.graph.measures import projection
from atlas.graph.measures._arrays import ends_of, igraph_of
from atlas.graph.measures.affiliation import affiliations, co_affiliations
from atlas.graph.measures.centrality import betweenness, closeness
from atlas.graph.measures.communities import find_communities
from atlas.graph.measures.cuts import pairs_cut
from atlas.graph.measures.missing import rank_intervals
from atlas.graph.measures.structural_holes import constraint

SIZES = {"small": (1_000, 100, 10_000), "large": (5_000, 500, 100_000)}
SLOW = os.environ.get("ATLAS_SLOW_PEERS") == "1"


@cache
def affiliation_graph(size: str) -> nx.MultiDiGraph[str]:
    """Institutions and networks, and as many ties of members, each pair once; networks' sizes have a long tail."""
    institutions, networks, ties = SIZES[size]
    rng = np.random.default_rng(1)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_nodes_from((f"institution:{k:05d}" for k in range(institutions)), kind="institution", status="active")
    graph.add_nodes_from((f"network:{k:04d}" for k in range(networks)), kind="network", status="active")
    pairs: dict[tuple[int, int], None] = {}
    while len(pairs) < ties:
        n = ties - len(pairs)
        one = rng.integers(0, institutions, n)
        other = (networks * rng.random(n) ** 1.5).astype(int)
        pairs.update(dict.fromkeys(zip(one.tolist(), other.tolist(), strict=True)))
    graph.add_edges_from(
        (f"institution:{one:05d}", f"network:{other:04d}", {"relation": "member_of", "status": "active"})
        for one, other in pairs
    )
    return graph


@cache
def ties_of(size: str) -> nx.Graph[str]:
    return projection(affiliation_graph(size))


def bipartite_projection(size: str) -> nx.Graph[str]:
    """The projection on institutions with Newman's weights, by networkx."""
    ties = ties_of(size)
    rows = [node for node in ties if node.startswith("institution:")]
    return nx.bipartite.collaboration_weighted_projected_graph(ties, rows)


OURS: dict[str, Callable[[str], Any]] = {
    "betweenness": lambda size: betweenness(ties_of(size)),
    "closeness": lambda size: closeness(ties_of(size)),
    "constraint": lambda size: constraint(ties_of(size)),
    "communities": lambda size: find_communities(ties_of(size), trials=1),
    "projection": lambda size: co_affiliations(affiliations(affiliation_graph(size))),
    "pairs_cut": lambda size: pairs_cut(ties_of(size)),
}
PEERS: dict[str, Callable[[str], Any]] = {
    "betweenness": lambda size: nx.betweenness_centrality(ties_of(size), normalized=False),
    "closeness": lambda size: nx.closeness_centrality(ties_of(size)),
    "constraint": lambda size: nx.constraint(ties_of(size)),
    "communities": lambda size: nx.community.louvain_communities(ties_of(size), seed=1),
    "projection": bipartite_projection,
}


def runs_peer(measure: str, size: str) -> bool:
    return measure in PEERS and (size == "small" or (SLOW and measure != "betweenness"))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("measure", OURS)
def test_measures(benchmark: Any, measure: str, size: str) -> None:
    ties_of(size)
    igraph_of(2, np.array([[0, 1]]))
    rounds = 1 if size == "large" and measure in {"betweenness", "closeness"} else 3
    found = benchmark.pedantic(OURS[measure], (size,), rounds=rounds)
    benchmark.extra_info["ties"] = ties_of(size).number_of_edges()
    if not runs_peer(measure, size):
        return
    begun = time.perf_counter()
    peer = PEERS[measure](size)
    peer_s = time.perf_counter() - begun
    benchmark.extra_info.update(peer_s=peer_s, ratio=peer_s / benchmark.stats.stats.median)
    agrees(measure, size, found, peer)


def agrees(measure: str, size: str, found: Any, peer: Any) -> None:
    """The same values; of communities, as good a division."""
    if measure == "communities":
        assert found.modularity >= nx.community.modularity(ties_of(size), peer) - 0.01
    elif measure == "projection":
        assert len(found) == peer.number_of_edges()
        weights = [peer.edges[pair]["weight"] for pair in zip(found["one"], found["other"], strict=True)]
        np.testing.assert_allclose(found["newman"], weights, rtol=1e-9)
    else:
        np.testing.assert_allclose([found[node] for node in peer], list(peer.values()), rtol=1e-7, atol=1e-9)


def test_rank_intervals(benchmark: Any) -> None:
    """200 draws of a graph about as large as London's: 350 nodes, 600 ties."""
    ties = nx.relabel_nodes(nx.gnm_random_graph(350, 600, seed=1), str)
    found = benchmark.pedantic(rank_intervals, (ties,), rounds=3)
    assert (found["betweenness_low"] <= found["betweenness_high"]).all()
    benchmark.extra_info["draw_ms"] = 1000 * benchmark.stats.stats.median / 200
    assert len(ends_of(ties)) == 600
