"""Questions to a synthetic national graph: 50,000 institutions and 1,000,000 ties.

Aim: everything that serves a place in at most 20 ms, the busiest place of all included; each answer is the same as that
of a scan over every node and tie, which is what a graph library leaves its user to write, and the peer here. Beside it,
the index itself, the graph as at a day, and the shortest chains between two institutions (peer: networkx, all shortest
paths on a simple graph made beforehand).

The graph takes some minutes to make; `ATLAS_GRAPH_TIES` sets a smaller number of ties (institutions: a twentieth).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from time import perf_counter
from typing import Any

import networkx as nx
import numpy as np
import pytest

from atlas.graph.chains import LIVING, chains
from atlas.graph.facts import ACTORS
from atlas.graph.places import Ground, PlaceIndex
from atlas.graph.query import passes
from atlas.graph.timeline import as_at, span_of, standing
from atlas.vocabulary import Kind, Relation, Standing
from benchmarks.graph_world import national_graph

TIES = int(os.environ.get("ATLAS_GRAPH_TIES", "1000000"))
DAY = date(2026, 11, 21)
POINTS = 180
"""Small areas of a borough."""


@pytest.fixture(scope="module")
def graph() -> nx.MultiDiGraph[str]:
    return national_graph(institutions=TIES // 20, ties=TIES)


@pytest.fixture(scope="module")
def index(graph: nx.MultiDiGraph[str]) -> PlaceIndex:
    return PlaceIndex.of(graph)


def grounds(index: PlaceIndex, graph: nx.MultiDiGraph[str]) -> dict[str, Ground]:
    """The busiest place, the median one, and one small area of each, with points drawn about one spot."""
    places = [node.partition(":")[2] for node, record in graph.nodes(data=True) if record["kind"] == Kind.PLACE]
    sizes = {code: int(np.subtract(*index.slices.get(code, (0, 0))[::-1])) for code in places}
    ranked = sorted(places, key=lambda code: -sizes[code])
    centre, spread = (450_000.0, 350_000.0), 5_000.0
    points = np.random.default_rng(1).normal(centre, spread, (POINTS, 2))
    found = {}
    for name, code in {"busiest": ranked[0], "median": ranked[len(ranked) // 2]}.items():
        found[f"{name} borough"] = Ground(code, code, "borough", points_m=points)
        found[f"{name} area"] = Ground("E01000001", "area", "neighbourhood", (code,), points_m=points[:1])
    return found


def scan(graph: nx.MultiDiGraph[str], ground: Ground) -> set[str]:
    """Who serves a place, by looking at every node, and at every tie of the places and sites."""
    codes = {ground.code, *ground.around}
    found = set()

    def stands(record: Any) -> bool:
        return standing(span_of(record), DAY) is not Standing.DOES_NOT

    for node, record in graph.nodes(data=True):
        if record["kind"] not in ACTORS or not stands(record):
            continue
        footprint = record.get("footprint", ())
        if record.get("footprint_kind") == "radius":
            x, y, radius = map(float, footprint)
            by_footprint = bool((np.hypot(*(ground.points_m - (x, y)).T) <= radius).any())
        else:
            by_footprint = bool(codes & {*footprint, record.get("gss_code")})
        for _, target, tie in graph.out_edges(node, data=True):
            code = target.partition(":")[2]
            if tie["relation"] == Relation.SERVES and code in codes and stands(tie):
                by_footprint |= code == ground.code or not footprint
            elif tie["relation"] in {Relation.OCCUPIES, Relation.OWNS} and stands(tie):
                by_footprint |= any(place == f"place:{ground.code}" for _, place in graph.out_edges(target))
        if by_footprint:
            found.add(node)
    return found


def seconds(work: Callable[[], Any]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


@pytest.mark.parametrize("which", ["busiest borough", "busiest area", "median borough", "median area"])
def test_serves(benchmark: Any, graph: nx.MultiDiGraph[str], index: PlaceIndex, which: str) -> None:
    ground = grounds(index, graph)[which]
    found = benchmark(index.serving, ground, DAY)
    assert {row.node for row in found} == scan(graph, ground)
    peer_s = seconds(lambda: scan(graph, ground))
    benchmark.extra_info.update(
        ties=TIES, found=len(found), peer="scan", peer_s=peer_s, ratio=peer_s / benchmark.stats.stats.median
    )


def test_index(benchmark: Any, graph: nx.MultiDiGraph[str]) -> None:
    index = benchmark.pedantic(PlaceIndex.of, args=(graph,), rounds=3)
    benchmark.extra_info.update(ties=TIES, reasons=len(index.entry_node), circles=len(index.circles))


def test_as_at(benchmark: Any, graph: nx.MultiDiGraph[str]) -> None:
    found = benchmark.pedantic(as_at, args=(graph, DAY), rounds=1)
    benchmark.extra_info.update(ties=TIES, kept=found.number_of_edges())


def test_chains(benchmark: Any, graph: nx.MultiDiGraph[str]) -> None:
    ends = ("institution:000010", "institution:000020")
    simple: nx.Graph[str] = nx.Graph(
        (one, other)
        for one, other, tie in graph.edges(data=True)
        if {graph.nodes[one]["kind"], graph.nodes[other]["kind"]} <= ACTORS
        and passes(graph, one, other, tie, DAY, LIVING)
    )
    if not all(end in simple for end in ends):
        pytest.skip("an end has no tie in this small a graph")
    found = benchmark.pedantic(chains, args=(graph, *ends, DAY), rounds=3)
    every = [0]
    peer_s = seconds(lambda: every.append(sum(1 for _ in nx.all_shortest_paths(simple, *ends))))
    assert found.total == every[-1]
    benchmark.extra_info.update(
        ties=TIES, length=found.length, total=found.total, peer="networkx on a simple graph", peer_s=peer_s,
        ratio=peer_s / benchmark.stats.stats.median,
    )  # fmt: skip
