"""Loading a synthetic national graph from CSV: read, check, build; beside networkx's own build of the bare ties.

50,000 institutions and 1,000,000 ties (`benchmarks.graph_world`; a tenth of both when ATLAS_BENCH_SMALL is 1). Aims:
at most 20 s from files to graph, and a peak of 4 GB. The peer adds the same pairs of ids, without attributes, by
`add_edges_from`: what networkx itself cannot be spared.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from benchmarks.graph_world import INSTITUTIONS, TIES, write_national_tables
from benchmarks.subjects import CHECKOUT, _own_peak_mb

SIZE = 0.1 if os.environ.get("ATLAS_BENCH_SMALL") == "1" else 1.0


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("national")
    write_national_tables(folder, round(INSTITUTIONS * SIZE), round(TIES * SIZE))
    return folder


def load(folder: Path) -> Any:
    """Atlas: from files to the frozen graph, every table checked."""
    from atlas.graph.build import build  # noqa: PLC0415  # a process that reads its memory imports only its own
    from atlas.sources.partnerships import read_partnerships  # noqa: PLC0415

    files = read_partnerships(folder)
    assert not files.faults
    return build(files.partnerships)


def check(folder: Path) -> Any:
    """Atlas: from files to every doubt, names compared."""
    from atlas.graph.consistency import doubts  # noqa: PLC0415
    from atlas.sources.partnerships import read_partnerships  # noqa: PLC0415

    return doubts(read_partnerships(folder).rows)


def bare(folder: Path) -> Any:
    """The peer: the ids of ties as they stand in the file, cut at commas, into a graph without attributes."""
    with (folder / "ties.csv").open(encoding="utf-8") as file:
        next(file)
        ends = [(cells[0], cells[2]) for cells in (line.split(",", 3) for line in file)]
    begin = time.perf_counter()
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_edges_from(ends)
    graph.graph["took_s"] = time.perf_counter() - begin
    return graph


WORK: dict[str, Callable[[Path], Any]] = {"load": load, "check": check, "bare": bare}


@pytest.mark.parametrize("work", ["load", "check"])
def test_graph_load(benchmark: Any, tables: Path, work: str) -> None:
    benchmark.pedantic(WORK[work], args=(tables,), rounds=1)
    peer_s = bare(tables).graph["took_s"]
    benchmark.extra_info.update(
        ties=round(TIES * SIZE),
        peak_mb=peak_mb(work, tables),
        peer="networkx add_edges_from, no attributes, nothing checked",
        peer_s=peer_s,
        peer_peak_mb=peak_mb("bare", tables),
        ratio=peer_s / benchmark.stats.stats.median,
    )


def peak_mb(work: str, folder: Path) -> float:
    """Peak resident memory of a process that does nothing else, imports included."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.bench_graph_load", work, str(folder)]
    done = subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True, text=True)  # noqa: S603  # our own
    return float(done.stdout)


if __name__ == "__main__":
    what, where = sys.argv[1:]
    WORK[what](Path(where))
    print(_own_peak_mb())
