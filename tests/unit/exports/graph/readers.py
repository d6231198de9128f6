"""Each format read back by a reader that is not ours, into the form of `worlds.plain`."""

from __future__ import annotations

import io
import json
import re
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import networkx as nx
import pandas as pd
import pyogrio
import rdflib
from networkx.readwrite.gexf import GEXFReader
from rdflib.collection import Collection

from atlas.exports.graph.fields import NODE_FIELDS, SOURCE_FIELDS, TIE_FIELDS, Field, FieldType, restored
from atlas.exports.graph.gexf import RECORDED
from atlas.exports.graph.nodelink import ENDS
from atlas.exports.graph.rdf import ATLAS, BASE
from tests.unit.exports.graph.worlds import Plain

NODES = {field.name: field for field in NODE_FIELDS}
TIES = {field.name: field for field in TIE_FIELDS}
SOURCES = {field.name: field for field in SOURCE_FIELDS}


def joined(pieces: Iterable[bytes]) -> bytes:
    return b"".join(pieces)


def typed(values: Mapping[str, Any], fields: Mapping[str, Field], kind: str = "", *, texts: bool = False) -> Any:
    """Values of a file as the graph has them: JSON text is read, texts too where the file has nothing else."""
    found = {}
    for name, value in values.items():
        if name in fields and value is not None:
            field = fields[name]
            found[name] = (
                field.value(value) if (texts or field.in_text) and isinstance(value, str) else field.plain(value)
            )
    return restored(found, kind or str(found.get("kind", "")))


def from_networkx(graph: Any, sources: Mapping[str, Any]) -> Plain:
    nodes = {node: typed(record, NODES) for node, record in graph.nodes(data=True)}
    ties = {(u, str(key), v): typed(tie, TIES) for u, v, key, tie in graph.edges(keys=True, data=True)}
    return nodes, ties, dict(sources)


def read_graphml(data: bytes) -> Plain:
    graph = nx.read_graphml(io.BytesIO(data), force_multigraph=True)
    return from_networkx(graph, json.loads(graph.graph["sources"]))


def read_gexf(data: bytes) -> Plain:
    """By networkx, which knows GEXF up to 1.2: the namespace is swapped, the grammar of what we write is the same."""
    reader = GEXFReader(version="1.2draft")
    reader.simple_graph = False  # keep the keys, though no two ties be parallel
    graph = reader(io.BytesIO(data.replace(b"http://gexf.net/1.3", b"http://www.gexf.net/1.2draft")))
    for record in [fields for _, fields in graph.nodes(data=True)] + [fields for *_, fields in graph.edges(data=True)]:
        for name in RECORDED:
            record.pop(name, None)
            if RECORDED[name] in record:
                record[name] = record[RECORDED[name]]
    described = re.search(b"<description>(.*?)</description>", data, re.DOTALL)
    assert described
    text = described.group(1).decode()
    for mark, entity in ((">", "&gt;"), ("<", "&lt;"), ("\r", "&#13;"), ("&", "&amp;")):
        text = text.replace(entity, mark)
    return from_networkx(graph, json.loads(text)["sources"])


def read_node_link(data: bytes) -> Plain:
    graph = nx.node_link_graph(json.loads(data), **ENDS)
    ties = {(u, str(key), v): typed(tie, TIES) for u, v, key, tie in graph.edges(keys=True, data=True)}
    return {node: typed(record, NODES) for node, record in graph.nodes(data=True)}, ties, graph.graph["sources"]


def read_jgf(data: bytes) -> Plain:
    document = json.loads(data)["graph"]
    nodes = {node: typed(fields["metadata"], NODES) for node, fields in document["nodes"].items()}
    ties = {
        (edge["source"], str(edge["metadata"]["key"]), edge["target"]): typed(edge["metadata"], TIES)
        for edge in document["edges"]
    }
    return nodes, ties, document["metadata"]["sources"]


def read_frames(nodes: pd.DataFrame, ties: pd.DataFrame, sources: pd.DataFrame) -> Plain:
    """Frames of a GeoPackage or of GeoParquet."""

    def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
        columns = [column for column in frame if column != "geometry"]
        rows = pd.DataFrame(frame[columns]).astype(object).to_dict("records")
        return [
            {str(k): list(v) if hasattr(v, "tolist") else v for k, v in row.items() if not _is_missing(v)}
            for row in rows
        ]

    return (
        {row["id"]: typed(_numbers(row, NODES), NODES) for row in records(nodes)},
        {(row["subject"], row["key"], row["object"]): typed(row, TIES) for row in records(ties)},
        {row["id"]: typed(row, SOURCES, "source") for row in records(sources)},
    )


def _is_missing(value: Any) -> bool:
    return not hasattr(value, "__len__") and bool(pd.isna(value))


def _numbers(row: dict[str, Any], fields: Mapping[str, Field]) -> dict[str, Any]:
    kinds = {FieldType.INTEGER: int, FieldType.NUMBER: float, FieldType.BOOLEAN: bool}
    return {name: kinds.get(fields[name].type, lambda v: v)(v) if name in fields else v for name, v in row.items()}


def read_geopackage(path: Path) -> Plain:
    layers = [str(name) for name, _ in pyogrio.list_layers(path)]
    kinds = [name for name in layers if name not in {"ties", "sources"}]
    nodes = pd.concat(
        [pd.DataFrame(gpd.read_file(path, layer=name)).astype(object) for name in kinds], ignore_index=True
    )
    return read_frames(nodes, gpd.read_file(path, layer="ties"), pyogrio.read_dataframe(path, layer="sources"))


def read_geoparquet(files: Mapping[str, bytes]) -> Plain:
    nodes, ties = (gpd.read_parquet(io.BytesIO(files[name])) for name in ("nodes.parquet", "ties.parquet"))
    return read_frames(nodes, ties, pd.read_parquet(io.BytesIO(files["sources.parquet"])))


def read_rdf(data: bytes, form: str) -> Plain:
    """What the properties of our own vocabulary say, by rdflib."""
    with warnings.catch_warnings():
        # rdflib's own reader of JSON-LD uses a class that rdflib has deprecated
        warnings.filterwarnings("ignore", "ConjunctiveGraph", DeprecationWarning)
        graph = rdflib.Graph().parse(data=data, format=form)
    nodes, ties, sources = {}, {}, {}
    for subject in set(graph.subjects(rdflib.RDF.type, rdflib.URIRef("http://www.w3.org/ns/prov#Entity"))):
        said = said_of(graph, subject)
        if str(subject).startswith(f"{BASE}tie/"):
            ends = (identifier(graph, said["subject"]), said["key"], identifier(graph, said["object"]))
            ties[ends] = typed(said, TIES, texts=True)
        elif str(subject).startswith(f"{BASE}source/"):
            sources[said["id"]] = typed(said, SOURCES, "source", texts=True)
        elif "kind" in said:
            for table in ("commitments", "measurements", "profiles"):
                if table in said:
                    said[table] = tuple(hung(graph, row, NODES[table]) for row in said[table])
            nodes[said["id"]] = typed({k: v for k, v in said.items() if k != "id"}, NODES, texts=True)
    return nodes, ties, sources


def said_of(graph: rdflib.Graph, subject: Any) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for predicate, value in graph.predicate_objects(subject):
        if str(predicate).startswith(ATLAS):
            name = str(predicate).removeprefix(ATLAS)
            assert name not in said
            is_list = isinstance(value, rdflib.BNode) or value == rdflib.RDF.nil
            said[name] = tuple(map(str, Collection(graph, value))) if is_list else str(value)
    return said


def identifier(graph: rdflib.Graph, subject: str) -> str:
    return str(graph.value(rdflib.URIRef(subject), rdflib.URIRef(f"{ATLAS}id")))


def hung(graph: rdflib.Graph, row: str, field: Field) -> dict[str, Any]:
    said = said_of(graph, rdflib.URIRef(row))
    found = {part.name: part.value(said[part.name]) if part.name in said else None for part in field.parts}
    # a text that is empty has no triple
    texts = {part.name for part in field.parts if part.type is FieldType.TEXT and not part.is_nullable}
    return {name: "" if value is None and name in texts else value for name, value in found.items()}
