"""GraphML of the national graph, 1,000,000 ties with all attributes, in a stream. Aim: 12 s, memory flat.

The peer is networkx's own writer, on the same nodes and ties with no attributes (it cannot write None and lists): it
runs where ATLAS_BENCH_SLOW_PEERS=1, since building its graph and writing takes a minute. `ATLAS_BENCH_TIES` makes the
graph smaller. `grown_mb` is how much the peak resident memory of this process grows while it writes.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from atlas.exports.graph.graphml import graphml
from benchmarks.graph_world import TIES, national_graph

SLOW_PEERS = os.environ.get("ATLAS_BENCH_SLOW_PEERS") == "1"


@pytest.fixture(scope="module")
def nation() -> nx.MultiDiGraph[str]:
    ties = int(os.environ.get("ATLAS_BENCH_TIES", TIES))
    return national_graph(institutions=max(ties // 20, 100), ties=ties, seed=1)


def written(path: Path, pieces: Iterable[bytes]) -> int:
    with path.open("wb") as file:
        file.writelines(pieces)
    return path.stat().st_size


def resident_mb(line: str) -> float:
    """VmRSS, now; VmHWM, the most since it was last reset."""
    status = dict(row.split(":", 1) for row in Path("/proc/self/status").read_text(encoding="ascii").splitlines())
    return int(status[line].split()[0]) / 1024


def test_graphml(benchmark: Any, nation: nx.MultiDiGraph[str], tmp_path: Path) -> None:
    path = tmp_path / "graph.graphml"
    # building the graph took more than writing it does: forget that peak
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = resident_mb("VmRSS")
    size = benchmark.pedantic(lambda: written(path, graphml(nation)), rounds=1, iterations=1)
    benchmark.extra_info.update(
        ties=nation.number_of_edges(), size_mb=size / 1e6, grown_mb=resident_mb("VmHWM") - before
    )
    if SLOW_PEERS:
        bare: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        bare.add_nodes_from(nation)
        bare.add_edges_from(nation.edges(keys=True))
        start = time.perf_counter()
        nx.write_graphml(bare, tmp_path / "peer.graphml")
        peer_s = time.perf_counter() - start
        ratio = peer_s / benchmark.stats.stats.median
        benchmark.extra_info.update(peer="networkx, no attributes", peer_s=peer_s, ratio=ratio)
