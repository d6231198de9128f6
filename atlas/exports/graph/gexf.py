"""The partnership graph as GEXF 1.3, with time: Gephi's timeline shows what stood, or may have stood, on a day.

`start` and `end` of nodes and ties are the first and the last day on which they may have stood (`Span.start_from`,
`Span.end_by`); what has no bound is open. The dates as recorded are the attributes `start_as_recorded` and
`end_as_recorded`; a tie's key is `networkx_key`. GEXF cannot say "never": what is planned with no date has no days,
and `status` says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import count
from typing import Any, Final

import networkx as nx

from atlas.exports.graph.checks import Used, checked
from atlas.exports.graph.fields import KEY, Field, FieldType
from atlas.exports.graph.nodelink import as_json
from atlas.exports.graph.xmltext import chunks, quoted, text
from atlas.graph.timeline import span_of

RECORDED: Final = {"start": "start_as_recorded", "end": "end_as_recorded"}
"""Attributes that stand under another name, since `start` and `end` are days here."""

TITLE_OF_KEY: Final = "networkx_key"
"""Title of a tie's key: networkx takes it for the key, and cannot read an attribute called `key`."""

_TYPES: Final = {FieldType.INTEGER: "integer", FieldType.NUMBER: "double", FieldType.BOOLEAN: "boolean"}
_HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://gexf.net/1.3" version="1.3">
"""
_GRAPH: Final = """<graph defaultedgetype="directed" idtype="string" mode="dynamic" timeformat="date" \
timerepresentation="interval">
"""


def gexf(graph: nx.MultiDiGraph[str]) -> Iterator[bytes]:
    """Write the graph as GEXF 1.3.

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
        If something in the graph cannot be given back; see `atlas.exports.graph.checks.checked`.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_node("network:wla", kind="network", name="West London Alliance", start="1997", status="active")
    >>> b'<node id="network:wla" label="West London Alliance" start="1997-01-01">' in b"".join(gexf(graph))
    True
    """
    return chunks(_lines(graph, checked(graph, xml=True)))


def _lines(graph: nx.MultiDiGraph[str], used: Used) -> Iterator[str]:
    yield _HEAD
    # the sources have no place of their own in GEXF
    yield f"<meta><creator>Atlas</creator><description>{text(as_json(graph.graph))}</description></meta>\n"
    yield _GRAPH
    yield from _declared("node", used.nodes)
    yield from _declared("edge", used.ties, f'<attribute id="e-{KEY}" title="{TITLE_OF_KEY}" type="string"/>')
    yield f'<nodes count="{graph.number_of_nodes()}">\n'
    for node, record in graph.nodes(data=True):
        ends = f"id={quoted(node)} label={quoted(record.get('name', node))}{_days(record)}"
        yield f"<node {ends}>{_values(record, used.nodes, 'n')}</node>\n"
    yield f'</nodes>\n<edges count="{graph.number_of_edges()}">\n'
    ids = count()
    for subject, target, key, tie in graph.edges(keys=True, data=True):
        kind = quoted(tie.get("relation", str(key)))
        yield f'<edge id="{next(ids)}" source={quoted(subject)} target={quoted(target)} kind={kind}{_days(tie)}>'
        first = f'<attvalue for="e-{KEY}" value={quoted(str(key))}/>'
        yield f"{_values(tie, used.ties, 'e', first)}</edge>\n"
    yield "</edges>\n</graph>\n</gexf>\n"


def _declared(of: str, fields: Iterable[Field], first: str = "") -> Iterator[str]:
    yield f'<attributes class="{of}" mode="static">{first}\n'
    for field in fields:
        title = RECORDED.get(field.name, field.name)
        yield f'<attribute id="{of[0]}-{field.name}" title="{title}" type="{_type(field)}"/>\n'
    yield "</attributes>\n"


def _type(field: Field) -> str:
    if field.in_text:
        return "string" if field.type is FieldType.RECORD else "liststring"
    return _TYPES.get(field.type, "string")


def _days(record: Mapping[str, Any]) -> str:
    span = span_of(record)
    if span.start_from > span.end_by:
        return ""
    start = "" if span.start_from == date.min else f' start="{span.start_from}"'
    return start + ("" if span.end_by == date.max else f' end="{span.end_by}"')


def _values(record: Mapping[str, Any], fields: Iterable[Field], prefix: str, first: str = "") -> str:
    values = [
        f'<attvalue for="{prefix}-{field.name}" value={quoted(field.text(record[field.name]))}/>'
        for field in fields
        if record.get(field.name) is not None
    ]
    return f"<attvalues>{first}{''.join(values)}</attvalues>"
