"""The partnership graph as GraphML, in a stream: memory stays flat however many ties there are.

Attributes are typed `string`, `int`, `double` or `boolean`; lists and records are JSON text. What is None has no
`data` element. A tie has no id: its key is the attribute `key`, by which networkx tells parallel ties apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from operator import getitem, itemgetter
from typing import Any, Final

import networkx as nx

from atlas.exports.graph.checks import Used, checked, is_writable
from atlas.exports.graph.fields import KEY, Field, FieldType
from atlas.exports.graph.nodelink import as_json
from atlas.exports.graph.xmltext import chunks, quoted, text

_TYPES: Final = {FieldType.INTEGER: "int", FieldType.NUMBER: "double", FieldType.BOOLEAN: "boolean"}
_MOST_KEPT: Final = 100_000
_BATCH: Final = 256
_HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""


def graphml(graph: nx.MultiDiGraph[str]) -> Iterator[bytes]:
    """Write the graph as GraphML.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `atlas.graph.build.build`.

    Returns
    -------
    iterator of bytes
        Pieces of the file.

    Raises
    ------
    DataError
        If something in the graph cannot be given back; see `atlas.exports.graph.checks.checked`. Nodes are looked at
        before anything is written, each tie when it is.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_node("place:E09000007", kind="place", name="Camden", type="London borough")
    >>> back = nx.parse_graphml(b"".join(graphml(graph)).decode())
    >>> back.nodes["place:E09000007"]["name"]
    'Camden'
    """
    return chunks(_lines(graph, checked(graph, xml=True, ties=False)))


def _lines(graph: nx.MultiDiGraph[str], used: Used) -> Iterator[str]:
    yield _HEAD
    for name in graph.graph:
        yield _key("g", name, "graph", "string")
    for field in used.nodes:
        yield _key("n", field.name, "node", _type(field))
    yield _key("e", KEY, "edge", "string")
    for field in used.ties:
        yield _key("e", field.name, "edge", _type(field))
    yield '<graph edgedefault="directed">\n'
    for name, value in graph.graph.items():
        shown = value if isinstance(value, str) else as_json(value)
        yield f'<data key="g-{name}">{text(shown)}</data>\n'
    for node, record in graph.nodes(data=True):
        yield f"<node id={quoted(node)}>{_data(record, used.nodes)}</node>\n"
    yield from _edges(graph, used.ties)
    yield "</graph>\n</graphml>\n"


def _key(prefix: str, name: str, of: str, kind: str) -> str:
    return f'<key id="{prefix}-{name}" for="{of}" attr.name="{name}" attr.type="{kind}"/>\n'


def _type(field: Field) -> str:
    return "string" if field.in_text else _TYPES.get(field.type, "string")


def _data(record: Mapping[str, Any], fields: tuple[Field, ...]) -> str:
    return "".join(
        [
            f'<data key="n-{field.name}">{text(field.text(record[field.name]))}</data>'
            for field in fields
            if record.get(field.name) is not None
        ]
    )


class _Unwritable(Exception):  # noqa: N818 -- never leaves this module
    """Something about a tie that cannot be written."""


class _Cells(dict[Any, str]):
    """The element of each value of one attribute of ties, made once: evidence and dates repeat a thousandfold."""

    def __init__(self, field: Field) -> None:
        super().__init__()
        self._field, self._begin = field, f'<data key="e-{field.name}">'

    def __missing__(self, value: Any) -> str:
        if not is_writable(self._field, value):
            raise _Unwritable
        if len(self) > _MOST_KEPT:
            self.clear()
        made = self[value] = "" if value is None else f"{self._begin}{text(value)}</data>"
        return made


class _Keys(_Cells):
    """The element of each key."""

    def __init__(self) -> None:
        super().__init__(Field(KEY, FieldType.TEXT, ""))

    def __missing__(self, value: Any) -> str:
        if not isinstance(value, str | int):
            raise _Unwritable
        made = self[value] = super().__missing__(str(value))
        return made


def _edges(graph: nx.MultiDiGraph[str], fields: tuple[Field, ...]) -> Iterator[str]:
    try:
        yield from _edge_lines(graph, fields)
    except (_Unwritable, TypeError):
        # the whole truth, with the place of every fault
        checked(graph, xml=True)
        raise


def _edge_lines(graph: nx.MultiDiGraph[str], fields: tuple[Field, ...]) -> Iterator[str]:
    names, keys = {node: quoted(node) for node in graph}, _Keys()
    columns, known = [field.name for field in fields], {field.name for field in fields}
    cells, values_of = [_Cells(field) for field in fields], itemgetter(*columns)
    lines: list[str] = []
    for subject, targets in graph.adjacency():
        begin = f"<edge source={names[subject]} target="
        for target, ties in targets.items():
            ends = f"{begin}{names[target]}>"
            for key, tie in ties.items():
                if len(tie) == len(known) and tie.keys() == known:
                    elements = "".join(map(getitem, cells, values_of(tie)))
                elif tie.keys() <= known:
                    elements = "".join(
                        cell[tie[name]] for cell, name in zip(cells, columns, strict=True) if name in tie
                    )
                else:
                    raise _Unwritable
                lines.append(f"{ends}{keys[key]}{elements}</edge>\n")
        if len(lines) >= _BATCH:
            yield "".join(lines)
            lines.clear()
    yield "".join(lines)
