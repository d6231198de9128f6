"""The partnership graph as CSV: nodes, ties and sources, with a Frictionless data package that says what they hold."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import networkx as nx

from atlas.exports.graph.checks import Used, checked
from atlas.exports.graph.fields import KEY, SOURCE_FIELDS, Field, FieldType
from atlas.exports.text import guarded, json_text
from atlas.records import PARTIAL_DATE

NODES: Final = "nodes.csv"
TIES: Final = "ties.csv"
SOURCES: Final = "sources.csv"
PACKAGE: Final = "datapackage.json"
TIE_ENDS: Final = ("subject", KEY, "object")

_TYPES: Final = {
    FieldType.INTEGER: "integer",
    FieldType.NUMBER: "number",
    FieldType.BOOLEAN: "boolean",
    FieldType.DAY: "date",
}
_ENDS_MEAN: Final = {
    "id": "the node's id, kind:slug",
    "subject": "id of the node that the verb starts from",
    KEY: "tells ties between the same two nodes apart: the relation, or an integer where it is repeated",
    "object": "id of the node that the verb points to",
}


def tables(graph: nx.MultiDiGraph[str]) -> dict[str, Iterator[bytes]]:
    """Write the graph as four files: `nodes.csv`, `ties.csv`, `sources.csv`, `datapackage.json`.

    UTF-8, comma, CRLF, a header row. A cell is empty for None, an absent attribute and an empty text alike;
    `atlas.exports.graph.fields.restored` tells them apart by the node's kind. Lists and records are JSON arrays.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `atlas.graph.build.build`.

    Returns
    -------
    dict of str to iterator of bytes
        Pieces of each file, by its name.

    Raises
    ------
    DataError
        If something in the graph cannot be given back; see `atlas.exports.graph.checks.checked`.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_node("place:E09000007", kind="place", name="Camden", type="London borough")
    >>> b"".join(tables(graph)["nodes.csv"]).splitlines()[1][:28]
    b'place:E09000007,place,Camden'
    """
    used = checked(graph)
    ties = (((u, str(key), v), tie) for u, v, key, tie in graph.edges(keys=True, data=True))
    nodes = (((node,), record) for node, record in graph.nodes(data=True))
    sources = (((name,), source) for name, source in graph.graph.get("sources", {}).items())
    return {
        NODES: _csv(("id",), used.nodes, nodes),
        TIES: _csv(TIE_ENDS, used.ties, ties),
        SOURCES: _csv(("id",), SOURCE_FIELDS, sources),
        PACKAGE: iter([json_text(package(graph, used)).encode()]),
    }


def _csv(
    ends: tuple[str, ...], fields: tuple[Field, ...], rows: Iterable[tuple[tuple[str, ...], Mapping[str, Any]]]
) -> Iterator[bytes]:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*ends, *(field.name for field in fields)])
    for first, record in rows:
        writer.writerow([*map(guarded, first), *(cell(field, record.get(field.name)) for field in fields)])
        if out.tell() > 1 << 20:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def cell(field: Field, value: Any) -> str:
    """What a cell of CSV holds.

    Examples
    --------
    >>> from atlas.exports.graph.fields import node_field
    >>> cell(node_field("start"), None), cell(node_field("domains"), ("workforce",))
    ('', '["workforce"]')
    """
    if value is None:
        return ""
    text = field.text(value)
    return guarded(text) if isinstance(value, str) else text


def package(graph: nx.MultiDiGraph[str], used: Used) -> dict[str, Any]:
    """The Frictionless descriptor of `tables`."""
    nodes = _resource(NODES, "nodes: a row each", ("id",), used.nodes)
    ties = _resource(TIES, "ties: one node does something with or for another", TIE_ENDS, used.ties)
    sources = _resource(SOURCES, "documents, pages and data sets that rows rest on", ("id",), SOURCE_FIELDS)
    to_sources = {"fields": ["source"], "reference": {"resource": "sources", "fields": ["id"]}}
    nodes["schema"]["foreignKeys"] = [to_sources]
    ties["schema"]["foreignKeys"] = [to_sources] + [
        {"fields": [end], "reference": {"resource": "nodes", "fields": ["id"]}} for end in ("subject", "object")
    ]
    found: dict[str, Any] = {
        "name": "atlas-partnership-graph",
        "title": "The partnership graph of Atlas: nodes, ties and their sources",
        "profile": "tabular-data-package",
    }
    if "as_at" in graph.graph:
        found["as_at"] = graph.graph["as_at"]
    return {**found, "resources": [nodes, ties, sources]}


def _resource(path: str, words: str, ends: tuple[str, ...], fields: tuple[Field, ...]) -> dict[str, Any]:
    first = [
        {"name": end, "type": "string", "description": _ENDS_MEAN[end], "constraints": {"required": True}}
        for end in ends
    ]
    return {
        "name": path.removesuffix(".csv"),
        "path": path,
        "profile": "tabular-data-resource",
        "description": words,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": [*first, *map(_column, fields)], "missingValues": [""], "primaryKey": list(ends)},
    }


def _column(field: Field) -> dict[str, Any]:
    kind = "array" if field.in_text else _TYPES.get(field.type, "string")
    found: dict[str, Any] = {"name": field.name, "type": kind, "description": field.description}
    if field.unit:
        found["unit"] = field.unit
    if field.type is FieldType.PARTIAL_DATE:
        found["constraints"] = {"pattern": PARTIAL_DATE.pattern}
    return found
