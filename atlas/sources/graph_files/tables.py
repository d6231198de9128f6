"""Graphs as CSV: what Atlas writes, Kumu's elements and connections, Gephi's nodes and edges, and plain lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from atlas.errors import Faults
from atlas.sources.graph_files.model import Edge, GraphFile, Node, Where, values_of
from atlas.sources.textfiles import Table, decode, parse_table

OUR_NODES: Final = ("id", "kind")
OUR_TIES: Final = ("subject", "key", "object")

NO_ROWS: Final = "the file has no rows"
"""What `parse_table` says of a header alone."""

_ENDS: Final = (("subject", "object"), ("from", "to"), ("source", "target"))
_IDS: Final = ("id", "_id")
_LABELS: Final = ("label", "name")
_DIRECTIONS: Final = frozenset({"directed", "undirected", "mutual"})


def read_tables(files: Mapping[str, bytes], faults: Faults) -> GraphFile:
    r"""Read a graph from one, two or three CSV files; which is which their headers say.

    Parameters
    ----------
    files : mapping of str to bytes
        By name, in UTF-8 or with a byte-order mark: nodes (an id or a label), edges (from and to, source and target, or
        subject and object), and sources where Atlas wrote them.
    faults : Faults
        Collects what is wrong with a table, a node without id or label, a third table that is none of these.

    Examples
    --------
    >>> tables = {"elements.csv": b"Label,Type\nA,Charity\n", "connections.csv": b"From,To,Direction\nA,B,mutual\n"}
    >>> graph = read_tables(tables, Faults())
    >>> graph.nodes[0].values["Type"], graph.edges[0].target, graph.edges[0].is_directed
    ('Charity', 'B', False)
    """
    graph = GraphFile(" and ".join(files), "CSV")
    tables = [table for name, data in files.items() if (table := _table(data, name, faults)) is not None]
    ours = {table.file for table in tables if _is_ours(table)}
    for table in tables:
        records = _unguarded(table.records()) if ours else table.records()
        if _ends(table.header):
            graph.edges += _edges(table, records, faults)
        elif ours and table.file not in ours:
            graph.sources = {record["id"]: {k: v for k, v in record.items() if k != "id"} for record in records}
        else:
            graph.nodes += _nodes(table, records, faults)
    if ours and graph.sources is None:
        graph.sources = {}
    return graph


def _table(data: bytes, file: str, faults: Faults) -> Table | None:
    text = decode(data, file, faults)
    if text is None:
        return None
    found = Faults()
    table = parse_table(text, file, found)
    # a graph may have no edges
    faults.extend(fault for fault in found if table is None or table.rows or fault.problem != NO_ROWS)
    return table


def _is_ours(table: Table) -> bool:
    return table.header[:2] == OUR_NODES or table.header[:3] == OUR_TIES


def _unguarded(records: list[dict[str, str]]) -> list[dict[str, str]]:
    """Take away the apostrophe that Atlas writes before what a spreadsheet would run."""
    return [{name: value.removeprefix("'") for name, value in record.items()} for record in records]


def _named(header: Sequence[str], wanted: str) -> str | None:
    return next((name for name in header if name.lower() == wanted), None)


def _ends(header: Sequence[str]) -> tuple[str, str] | None:
    for wanted in _ENDS:
        source, target = (_named(header, name) for name in wanted)
        if source and target:
            return source, target
    return None


def _nodes(table: Table, records: list[dict[str, str]], faults: Faults) -> list[Node]:
    name_of = next((name for wanted in _IDS if (name := _named(table.header, wanted))), None)
    label_of = next((name for wanted in _LABELS if (name := _named(table.header, wanted))), None)
    if name_of is None and label_of is None:
        expected = "a column Id or Label for nodes; From and To, or Source and Target, for edges"
        found = ", ".join(table.header)[:80]
        faults.add(table.file, "neither nodes nor edges", expected, row=1, value=found)
        return []
    nodes = []
    for row, record in zip(table.numbers, records, strict=True):
        where = Where(table.file, row)
        label = record[label_of].strip() if label_of else ""
        name = (record[name_of].strip() if name_of else "") or label
        if not name:
            faults.add(table.file, "a node without a name", "an id or a label", row=row, column=name_of or label_of)
            continue
        kept = ((column, value) for column, value in record.items() if column != name_of)
        nodes.append(Node(name, label, values_of(kept, where, faults), where))
    return nodes


def _edges(table: Table, records: list[dict[str, str]], faults: Faults) -> list[Edge]:
    source, target = _ends(table.header) or ("", "")
    direction = _direction(table.header, records)
    edges = []
    for row, record in zip(table.numbers, records, strict=True):
        where = Where(table.file, row)
        empty = [name for name in (source, target) if not record[name].strip()]
        for name in empty:
            faults.add(table.file, "an edge without two ends", "an id or a label", row=row, column=name)
        if empty:
            continue
        directed = direction is None or record[direction].strip().lower() in ("", "directed")
        left_out = (source, target, direction)
        kept: list[tuple[str, Any]] = [(name, value) for name, value in record.items() if name not in left_out]
        edges.append(
            Edge(record[source].strip(), record[target].strip(), values_of(kept, where, faults), where, directed)
        )
    return edges


def _direction(header: Sequence[str], records: list[dict[str, str]]) -> str | None:
    """The column that says whether an edge is directed: Kumu's Direction; Gephi's Type, where it holds nothing else."""
    for wanted in ("direction", "type"):
        name = _named(header, wanted)
        if name and {record[name].strip().lower() for record in records} - {""} <= _DIRECTIONS:
            return name
    return None
