"""Which reader a file needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from atlas.errors import Faults, QueryError
from atlas.sources.graph_files.files import read_capped, unzipped
from atlas.sources.graph_files.gexf import read_gexf
from atlas.sources.graph_files.graphml import read_graphml
from atlas.sources.graph_files.jsonfile import read_json
from atlas.sources.graph_files.model import MOST_BYTES, GraphFile
from atlas.sources.graph_files.tables import read_tables

ENDINGS: Final = (".graphml", ".xml", ".gexf", ".json", ".csv", ".zip")
"""Endings of files that are read; `.gz` may follow."""


def read_graph(paths: Sequence[Path], faults: Faults, most: int = MOST_BYTES) -> GraphFile:
    """Read a graph from one file, or from two or three tables.

    Parameters
    ----------
    paths : sequence of Path
        GraphML, GEXF or JSON; or CSV: nodes and edges, in any order, and what Atlas writes beside them.
    faults : Faults
        Collects all that is wrong, ids that are there twice among it.
    most : int
        The largest file that is read, in bytes.

    Returns
    -------
    GraphFile

    Raises
    ------
    DataError
        If a file is empty, too large, damaged, or no graph at all.
    QueryError
        If the files are not of a format that is read, or too many.
    UnavailableError
        If one is not there, or cannot be opened.
    """
    endings = [_ending(path) for path in paths]
    for path, ending in zip(paths, endings, strict=True):
        if ending not in ENDINGS:
            raise QueryError(
                f"{path.name} is of no format that is read; expected a name ending in {', '.join(ENDINGS)}"
            )
    if not paths or (len(paths) > 1 and set(endings) != {".csv"}) or len(paths) > 3:
        names = ", ".join(path.name for path in paths) or "no file"
        raise QueryError(f"a graph is one file, or two or three CSV tables (nodes, edges, sources); found {names}")
    read = {path.name: read_capped(path, faults, most) for path in paths}
    names = " and ".join(read)
    if len(read) < len(paths):
        raise QueryError(f"tables of one graph need different names; found {names}")
    faults.raise_errors(f"{names} cannot be read as a graph")
    graph = _read({name: data for name, data in read.items() if data is not None}, endings[0], faults, most)
    faults.raise_errors(f"{names} cannot be read as a graph")
    if not graph.nodes and not graph.edges:
        faults.add(names, "no nodes and no edges", "a graph")
    _check_ids(graph, faults)
    return graph


def _ending(path: Path) -> str:
    name = path.name.lower().removesuffix(".gz")
    return Path(name).suffix


def _read(files: dict[str, bytes], ending: str, faults: Faults, most: int) -> GraphFile:
    if ending == ".csv":
        return read_tables(files, faults)
    ((name, data),) = files.items()
    if ending == ".zip":
        members = unzipped(data, name, faults, most)
        faults.raise_errors(f"{name} cannot be read as a graph")
        return read_tables(members or {}, faults)
    if ending == ".json":
        return read_json(data, name, faults)
    is_gexf = ending == ".gexf" or b"<gexf" in data[:4096]
    return read_gexf(data, name, faults) if is_gexf else read_graphml(data, name, faults)


def _check_ids(graph: GraphFile, faults: Faults) -> None:
    counts = Counter(node.id for node in graph.nodes)
    seen = dict[str, int]()
    for node in graph.nodes:
        if counts[node.id] > 1 and node.id in seen:
            expected = f"each node once (first in row {seen[node.id]}); nodes of one name need ids"
            faults.add(node.where.file, "a node that is there twice", expected, row=node.where.row, value=node.id[:80])
        seen.setdefault(node.id, node.where.row)
