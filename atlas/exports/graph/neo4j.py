"""The partnership graph for Neo4j: CSV files for `neo4j-admin database import`, and a Cypher script."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import networkx as nx

from atlas.errors import Faults
from atlas.exports.graph.checks import checked
from atlas.exports.graph.fields import KEY, NODE_FIELDS, SOURCE_FIELDS, TIE_FIELDS, Field, FieldType
from atlas.exports.graph.nodelink import as_json
from atlas.exports.graph.xmltext import chunks

IMPORT: Final = """\
neo4j-admin database import full neo4j \\
  --nodes=nodes.csv --nodes=sources.csv --relationships=ties.csv \\
  --array-delimiter=";" --multiline-fields=true --quote='"'
"""
"""The command that reads the CSV files."""

_ARRAY: Final = ";"
_TYPES: Final = {
    FieldType.INTEGER: "long",
    FieldType.NUMBER: "double",
    FieldType.BOOLEAN: "boolean",
    FieldType.DAY: "date",
}
_ESCAPED: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_TO_ESCAPE: Final = re.compile(r'[\\"\x00-\x1f\x7f\u2028\u2029]')


def neo4j_files(graph: nx.MultiDiGraph[str]) -> dict[str, Iterator[bytes]]:
    """Write the graph as `nodes.csv`, `ties.csv` and `sources.csv` for the bulk import, and `import.txt`, its command.

    Headers carry the types. A text is quoted, so that an empty one differs from none; lists are arrays divided by
    semicolons (an empty one is none), records JSON text. A node's label is its kind, a tie's type its relation.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `atlas.graph.build.build`.

    Raises
    ------
    DataError
        If something in the graph cannot be given back: besides what `atlas.exports.graph.checks.checked` says, a text
        in a list that is empty or has a semicolon.
    """
    used = checked(graph)
    _check_lists(graph)
    nodes = (([node, _label(record["kind"])], record) for node, record in graph.nodes(data=True))
    ties = (
        ([subject, target, _relationship(key, tie), str(key)], tie)
        for subject, target, key, tie in graph.edges(keys=True, data=True)
    )
    sources = (([name, "Source"], source) for name, source in graph.graph.get("sources", {}).items())
    return {
        "nodes.csv": chunks(_lines(["id:ID(Node)", ":LABEL"], used.nodes, nodes)),
        "ties.csv": chunks(
            _lines([":START_ID(Node)", ":END_ID(Node)", ":TYPE", f"{KEY}:string"], used.ties, ties),
        ),
        "sources.csv": chunks(_lines(["id:ID(Source)", ":LABEL"], SOURCE_FIELDS, sources)),
        "import.txt": iter([IMPORT.encode()]),
    }


def cypher(graph: nx.MultiDiGraph[str]) -> Iterator[bytes]:
    r"""Write the graph as a Cypher script: a statement a line, for `cypher-shell --file`.

    Every node bears the label `Node` besides its kind, so that the ties find their ends by an index. None is no
    property; records are JSON text; days are dates.

    Raises
    ------
    DataError
        If something in the graph cannot be given back; see `atlas.exports.graph.checks.checked`.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_node("place:E09000007", kind="place", name="Camden", type="London borough")
    >>> print(b"".join(cypher(graph)).decode().splitlines()[1])
    CREATE (:Node:Place {id: "place:E09000007", kind: "place", name: "Camden", type: "London borough"});
    """
    checked(graph)
    return chunks(_statements(graph))


def _statements(graph: nx.MultiDiGraph[str]) -> Iterator[str]:
    yield "CREATE CONSTRAINT node_id IF NOT EXISTS FOR (n:Node) REQUIRE n.id IS UNIQUE;\n"
    for node, record in graph.nodes(data=True):
        yield f"CREATE (:Node:{_label(record['kind'])} {_map({'id': node}, record, NODE_FIELDS)});\n"
    for name, source in graph.graph.get("sources", {}).items():
        yield f"CREATE (:Source {_map({'id': name}, source, SOURCE_FIELDS)});\n"
    for subject, target, key, tie in graph.edges(keys=True, data=True):
        ends = f"MATCH (a:Node {{id: {_quoted(subject)}}}), (b:Node {{id: {_quoted(target)}}})"
        properties = _map({KEY: str(key)}, tie, TIE_FIELDS)
        yield f"{ends} CREATE (a)-[:{_relationship(key, tie)} {properties}]->(b);\n"


def _map(first: Mapping[str, str], record: Mapping[str, Any], fields: Iterable[Field]) -> str:
    pairs = [f"{name}: {_quoted(value)}" for name, value in first.items()]
    pairs += [
        f"{field.name}: {_literal(field, record[field.name])}" for field in fields if record.get(field.name) is not None
    ]
    return "{" + ", ".join(pairs) + "}"


def _literal(field: Field, value: Any) -> str:
    if field.type is FieldType.RECORD:
        return _quoted(field.text(value))
    if field.is_list:
        return "[" + ", ".join(map(_quoted, value)) + "]"
    if field.type is FieldType.DAY:
        return f"date({_quoted(value)})"
    return _quoted(value) if isinstance(value, str) else field.text(value)


def _quoted(value: str) -> str:
    escaped = _TO_ESCAPE.sub(lambda found: _ESCAPED.get(found.group(), f"\\u{ord(found.group()):04X}"), value)
    return f'"{escaped}"'


def _label(kind: str) -> str:
    return kind.capitalize()


def _relationship(key: Any, tie: Mapping[str, Any]) -> str:
    return str(tie.get("relation", key)).upper()


def _lines(
    ends: list[str], fields: tuple[Field, ...], rows: Iterable[tuple[list[str], Mapping[str, Any]]]
) -> Iterator[str]:
    yield ",".join([*ends, *map(_header, fields)]) + "\n"
    for first, record in rows:
        cells = [*map(_cell_text, first), *(_cell(field, record.get(field.name)) for field in fields)]
        yield ",".join(cells) + "\n"


def _header(field: Field) -> str:
    if field.type is FieldType.RECORD:
        return f"{field.name}:string"
    return f"{field.name}:{_TYPES.get(field.type, 'string')}{'[]' if field.is_list else ''}"


def _cell(field: Field, value: Any) -> str:
    if value is None or (field.is_list and not value and field.type is not FieldType.RECORD):
        return ""
    if field.is_list and field.type is not FieldType.RECORD:
        return _cell_text(_ARRAY.join(value))
    text = field.text(value)
    return _cell_text(text) if isinstance(value, str) or field.in_text else text


def _cell_text(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'


def _check_lists(graph: nx.MultiDiGraph[str]) -> None:
    lists = [field.name for field in NODE_FIELDS if field.is_list and field.type is not FieldType.RECORD]
    faults = Faults()
    for node, record in graph.nodes(data=True):
        for name in lists:
            for value in record.get(name, ()):
                if not value or _ARRAY in value:
                    problem = "a text in a list that Neo4j's arrays cannot hold"
                    faults.add(f"node {node}", problem, "text without semicolons", column=name, value=as_json(value))
    faults.raise_errors("the graph cannot be exported for Neo4j")
