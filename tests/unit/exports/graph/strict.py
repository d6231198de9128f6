"""Strict parsers of what no library here reads: Neo4j's import files, and our Cypher."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.unit.exports.graph.readers import NODES, SOURCES, TIES, typed
from tests.unit.exports.graph.worlds import Plain

CELL = re.compile(r'"((?:[^"]|"")*)"|([^",\n]*)')
HEADER = re.compile(
    r"^(?:(\w+)(?::(string|long|double|boolean|date)(\[\])?|:ID\(\w+\))|:(LABEL|START_ID\(\w+\)|END_ID\(\w+\)|TYPE))$"
)
STRING = r'"(?:[^"\\\x00-\x1f]|\\["\\nrt]|\\u[0-9A-F]{4})*"'
VALUE = rf"(?:{STRING}|date\({STRING}\)|\[(?:{STRING}(?:, {STRING})*)?\]|true|false|-?\d[\d.e+-]*)"
MAP = rf"\{{(\w+: {VALUE}(?:, \w+: {VALUE})*)\}}"
NODE = re.compile(rf"^CREATE \(:(?:Node:)?(\w+) {MAP}\);$")
TIE = re.compile(
    rf"^MATCH \(a:Node \{{id: ({STRING})\}}\), \(b:Node \{{id: ({STRING})\}}\) "
    rf"CREATE \(a\)-\[:([A-Z_]+) {MAP}\]->\(b\);$"
)


def rows(data: bytes) -> list[list[str | None]]:
    """Cells of CSV as Neo4j reads them: quoted is text, even if empty; an empty cell that is not quoted is nothing."""
    text, at, found, row = data.decode(), 0, [], []
    while at < len(text):
        cell = CELL.match(text, at)
        assert cell, text[at : at + 40]
        quoted, bare = cell.groups()
        row.append(quoted.replace('""', '"') if quoted is not None else bare or None)
        at = cell.end()
        assert text[at] in ",\n", text[at : at + 40]
        if text[at] == "\n":
            found.append(row)
            row = []
        at += 1
    assert not row
    return found


def table(data: bytes) -> list[dict[str, Any]]:
    """Rows by header, each value of the type that its header says."""
    header, *rest = rows(data)
    read = []
    for row in rest:
        assert len(row) == len(header)
        found = {}
        for name, cell in zip(header, row, strict=True):
            parts = HEADER.match(str(name))
            assert parts, name
            column, kind, is_list, end = parts.groups()
            if cell is not None:
                found[column or end] = value(cell, kind, is_list=bool(is_list))
        read.append(found)
    return read


def value(cell: str, kind: str | None, *, is_list: bool) -> Any:
    if is_list:
        return tuple(cell.split(";"))
    if kind == "boolean":
        return {"true": True, "false": False}[cell]
    if kind == "date":
        assert re.match(r"^\d{4}-\d{2}-\d{2}$", cell)
    return {"long": int, "double": float}.get(kind or "", str)(cell)


def read_neo4j(files: dict[str, bytes]) -> Plain:
    nodes = {row.pop("id"): typed(row, NODES) for row in table(files["nodes.csv"])}
    ties = {
        (row["START_ID(Node)"], row["key"], row["END_ID(Node)"]): typed(row, TIES) for row in table(files["ties.csv"])
    }
    return nodes, ties, {row.pop("id"): typed(row, SOURCES, "source") for row in table(files["sources.csv"])}


def literal(text: str) -> Any:
    if text.startswith("date("):
        text = text.removeprefix("date(").removesuffix(")")
    found = json.loads(text)
    return tuple(found) if isinstance(found, list) else found


def mapping(text: str) -> dict[str, Any]:
    return {name: literal(value) for name, value in re.findall(rf"(\w+): ({VALUE})", text)}


def read_cypher(data: bytes) -> Plain:
    """One statement a line; line ends within texts are escaped."""
    nodes, ties, sources = {}, {}, {}
    first, *lines = data.decode().split("\n")
    assert first.startswith("CREATE CONSTRAINT")
    for line in filter(None, lines):
        if found := NODE.match(line):
            said = mapping(found.group(2))
            name = said.pop("id")
            if found.group(1) == "Source":
                sources[name] = typed(said, SOURCES, "source")
            else:
                nodes[name] = typed(said, NODES)
        else:
            found = TIE.match(line)
            assert found, line
            said = mapping(found.group(4))
            ties[literal(found.group(1)), said.pop("key"), literal(found.group(2))] = typed(said, TIES)
    return nodes, ties, sources
