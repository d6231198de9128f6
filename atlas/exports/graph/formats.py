"""Every format that the partnership graph is written in: its file, what opens it, and who writes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final, TypeAlias

import networkx as nx

from atlas.errors import NotFoundError
from atlas.exports.graph.archive import zipped
from atlas.snapshot import Inputs

Files: TypeAlias = Mapping[str, Iterable[bytes]]
"""Pieces of each file, by its name."""


@dataclass(frozen=True, slots=True)
class GraphFormat:
    """One format.

    Parameters
    ----------
    name : str
        What it is called on the command line.
    title : str
        What people call it.
    ending : str
        Ending of its file; several files are a ZIP archive.
    mimetype : str
        Of that file.
    opens : str
        What opens it, and how, in one sentence.
    writer : str
        Function that writes it, `module.function` within `atlas.exports.graph`.
    on_land : bool
        Whether the writer needs the areas and sites as well.
    """

    name: str
    title: str
    ending: str
    mimetype: str
    opens: str
    writer: str
    on_land: bool = False

    @property
    def is_many(self) -> bool:
        """Whether it is several files."""
        return self.ending == "zip"

    def files(self, graph: nx.MultiDiGraph[str], inputs: Inputs) -> Files:
        """The files of a graph; a single one is called `graph` and its ending.

        Raises
        ------
        DataError
            If something in the graph cannot be given back.
        """
        module, _, function = self.writer.rpartition(".")
        # linked data and geography take long to import, and most exports need neither
        write: Callable[..., Any] = getattr(import_module(f"atlas.exports.graph.{module}"), function)
        made = write(graph, inputs) if self.on_land else write(graph)
        if isinstance(made, bytes):
            made = iter([made])
        return made if isinstance(made, dict) else {f"graph.{self.ending}": made}

    def pieces(self, graph: nx.MultiDiGraph[str], inputs: Inputs) -> Iterator[bytes]:
        """The one file that is sent or saved, in pieces; several files as a ZIP archive."""
        files = self.files(graph, inputs)
        if self.is_many:
            return iter([zipped(files)])
        return iter(next(iter(files.values())))


FORMATS: Final = (
    GraphFormat(
        "graphml",
        "GraphML",
        "graphml",
        "application/graphml+xml",
        "Gephi, yEd, Cytoscape; networkx.read_graphml(file, force_multigraph=True), igraph.Graph.Read_GraphML(file)",
        "graphml.graphml",
    ),
    GraphFormat("gexf", "GEXF 1.3, with time", "gexf", "application/gexf+xml", "Gephi, with its timeline", "gexf.gexf"),
    GraphFormat(
        "node-link",
        "Node-link JSON",
        "json",
        "application/json",
        'networkx.node_link_graph(data, source="subject", target="object", edges="edges"), D3',
        "nodelink.node_link_lines",
    ),
    GraphFormat(
        "jgf", "JSON Graph Format 2", "jgf.json", "application/vnd.jgf+json", "tools that read JGF", "jgf.json_graph"
    ),
    GraphFormat(
        "csv",
        "CSV, a Frictionless data package",
        "zip",
        "application/zip",
        "spreadsheets, R, pandas; frictionless validate datapackage.json",
        "tables.tables",
    ),
    GraphFormat(
        "turtle",
        "Turtle (W3C ORG, PROV-O, schema.org)",
        "ttl",
        "text/turtle; charset=utf-8",
        "triple stores; rdflib.Graph().parse(file)",
        "rdf.turtle",
    ),
    GraphFormat("json-ld", "JSON-LD", "jsonld", "application/ld+json", "the same, and web tools", "rdf.json_ld"),
    GraphFormat(
        "neo4j",
        "Neo4j, bulk import",
        "zip",
        "application/zip",
        "neo4j-admin database import; import.txt has the command",
        "neo4j.neo4j_files",
    ),
    GraphFormat(
        "cypher",
        "Cypher script",
        "cypher",
        "text/plain; charset=utf-8",
        "cypher-shell --file; Memgraph",
        "neo4j.cypher",
    ),
    GraphFormat(
        "pajek",
        "Pajek",
        "zip",
        "application/zip",
        "Pajek; networkx.read_pajek, igraph.Graph.Read_Pajek; attributes are in the tables beside it",
        "pajek.pajek_files",
    ),
    GraphFormat(
        "geopackage",
        "GeoPackage",
        "gpkg",
        "application/geopackage+sqlite3",
        "QGIS, ArcGIS, ogrinfo; a layer for each kind of node, ties as lines",
        "geofiles.geopackage",
        on_land=True,
    ),
    GraphFormat(
        "geoparquet",
        "GeoParquet",
        "zip",
        "application/zip",
        "geopandas.read_parquet, DuckDB, QGIS",
        "geofiles.geoparquet",
        on_land=True,
    ),
)
"""Every format, in the order in which they are offered."""


def graph_format(name: str) -> GraphFormat:
    """The format of this name.

    Raises
    ------
    NotFoundError
        If there is none; names them all.

    Examples
    --------
    >>> graph_format("gexf").title
    'GEXF 1.3, with time'
    """
    for one in FORMATS:
        if one.name == name.lower():
            return one
    raise NotFoundError("format", name, (one.name for one in FORMATS))
