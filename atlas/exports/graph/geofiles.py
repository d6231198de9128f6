"""The partnership graph for geographic information systems: GeoPackage and GeoParquet, EPSG:27700."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pandas as pd

from atlas.exports.gdal import clock_at
from atlas.exports.graph.checks import checked
from atlas.exports.graph.deposit import date_of
from atlas.exports.graph.positions import BASIS, node_frame, source_frame, tie_frame
from atlas.snapshot import Inputs
from atlas.vocabulary import Kind


def geopackage(graph: nx.MultiDiGraph[str], inputs: Inputs) -> bytes:
    """Write the graph as a GeoPackage: a layer for each kind of node, `ties` as lines, and the table `sources`.

    Nodes without a place keep their row, with no geometry. Lists and records are JSON text. The time that the format
    asks of every layer is the day on which something in the graph was last checked.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `atlas.graph.build.build`, whole or in part.
    inputs : Inputs
        Whose areas and sites are used.

    Raises
    ------
    DataError
        If something in the graph cannot be given back; see `atlas.exports.graph.checks.checked`.
    """
    import pyogrio  # noqa: PLC0415 -- it loads all of GDAL: only for who needs that

    used = checked(graph, xml=True)
    nodes = node_frame(graph, inputs, used, as_lists=False)
    optional = {field.name for field in used.nodes if not field.carriers}
    with tempfile.TemporaryDirectory() as folder, clock_at(date_of(graph)):
        path = Path(folder) / "graph.gpkg"
        for kind in Kind:
            mine = nodes[nodes["kind"] == kind.value]
            if kind is Kind.ASSET and mine.empty:
                continue
            own = [f.name for f in used.nodes if kind.value in f.carriers or f.name in optional]
            layer = mine[["id", *own, BASIS, "geometry"]]
            pyogrio.write_dataframe(layer, path, layer=f"{kind.value}s", append=path.exists(), geometry_type="Unknown")
        pyogrio.write_dataframe(
            tie_frame(graph, inputs, used), path, layer="ties", append=True, geometry_type="LineString"
        )
        pyogrio.write_dataframe(source_frame(graph), path, layer="sources", append=True)
        return path.read_bytes()


def geoparquet(graph: nx.MultiDiGraph[str], inputs: Inputs) -> dict[str, Iterator[bytes]]:
    """Write the graph as `nodes.parquet` and `ties.parquet` (GeoParquet) and `sources.parquet`.

    Lists of text are lists; commitments, measurements and profiles are JSON text.

    Parameters
    ----------
    graph, inputs
        As in `geopackage`.

    Raises
    ------
    DataError
        If something in the graph cannot be given back; see `atlas.exports.graph.checks.checked`.
    """
    used = checked(graph)
    frames: dict[str, pd.DataFrame] = {
        "nodes.parquet": node_frame(graph, inputs, used, as_lists=True),
        "ties.parquet": tie_frame(graph, inputs, used),
        "sources.parquet": source_frame(graph),
    }
    return {name: iter([_parquet(frame)]) for name, frame in frames.items()}


def _parquet(frame: pd.DataFrame) -> bytes:
    out = io.BytesIO()
    frame.to_parquet(out, index=False)
    return out.getvalue()
