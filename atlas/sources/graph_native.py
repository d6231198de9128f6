"""Graphs that Atlas wrote, back into the tables that they were built from."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final, get_origin

from atlas.errors import Faults
from atlas.graph.build import attributes, build
from atlas.records import NODE_TABLES, TABLES, Partnerships
from atlas.sources.graph_draft import Cell, Draft
from atlas.sources.graph_files import GraphFile, Value, Where
from atlas.sources.graph_files.model import text_of, values_of
from atlas.vocabulary import Kind

HANGING: Final = ("commitments", "measurements", "profiles")
"""Tables whose rows hang on nodes."""

_TABLES: Final = {kind.value: table for table, kind in NODE_TABLES.items()}


def draft_of_ours(graph: GraphFile, names: Mapping[str, str]) -> Draft:
    """Rows of a graph that Atlas wrote: what the graph adds of its own, ties of sites and places, is taken away.

    Assets and their ties are passed over: land comes from registers, by `atlas estate import`.

    Parameters
    ----------
    graph : GraphFile
        As read; `graph.sources` is not None.
    names : mapping of str to str
        GSS code to name: places that the graph named so by itself need no row.
    """
    draft = Draft()
    for name, source in (graph.sources or {}).items():
        where = Where(f"{graph.name}, sources", len(draft.ids.get("sources", ())) + 1)
        values = values_of(source.items(), where, draft.faults)
        draft.add("sources", {"id": Cell(name, "id"), **_cells("sources", values)}, where)
    for node in graph.nodes:
        if node.values.get("kind") == Kind.ASSET:
            continue
        table = _TABLES.get(str(node.values.get("kind", "")))
        if table is None:
            expected = f"one of {', '.join(_TABLES)}"
            value = node.values.get("kind")
            draft.faults.add(node.where.file, "no kind", expected, row=node.where.row, column="kind", value=value)
            continue
        draft.add(table, {"id": Cell(node.id, "id"), **_cells(table, node.values)}, node.where)
        for hanging in HANGING:
            for part in _parts(node.values.get(hanging, ()), node.where, hanging, draft.faults):
                values = values_of(part.items(), node.where, draft.faults)
                draft.add(hanging, {"node": Cell(node.id, "id"), **_cells(hanging, values)}, node.where)
    for edge in graph.edges:
        if any(end.startswith(f"{Kind.ASSET}:") for end in (edge.source, edge.target)):
            continue
        ends = {"subject": Cell(edge.source, "subject"), "object": Cell(edge.target, "object")}
        draft.add("ties", {**_cells("ties", edge.values), **ends}, edge.where)
    _take_away(draft, names)
    return draft


@cache
def _plan(table: str) -> tuple[tuple[str, str, bool], ...]:
    """A table's columns: name, attribute of the graph, whether it is a list; its `kind` is a node's `type`."""
    record = TABLES[table]
    return tuple(
        (
            column,
            "type" if column == "kind" and table in NODE_TABLES else column,
            get_origin(record.model_fields[column].annotation) is tuple,
        )
        for column in record.columns()
        if column not in ("id", "node")
    )


def _cells(table: str, values: Mapping[str, Value]) -> dict[str, Cell]:
    """Cells of a table's columns: what is absent is unknown."""
    return {
        column: Cell(_joined(values.get(name, ""), is_list=is_list), name) for column, name, is_list in _plan(table)
    }


def _joined(value: Value, *, is_list: bool) -> str:
    if isinstance(value, str) and not is_list:
        return value
    read: Any = value
    if isinstance(value, str):
        try:
            read = json.loads(value)
        except (ValueError, RecursionError):
            return value
    return "; ".join(map(text_of, read)) if isinstance(read, list | tuple) else text_of(value)


def _parts(value: Value, where: Where, name: str, faults: Faults) -> Iterator[dict[str, Any]]:
    """Records that hang on a node, from a list or its JSON text."""
    read: Any = value
    if isinstance(value, str):
        try:
            read = json.loads(value)
        except (ValueError, RecursionError):
            read = [value]
    for one in read if isinstance(read, list | tuple) else [read]:
        if isinstance(one, dict):
            yield one
        else:
            faults.add(where.file, "no record", "records {…}", row=where.row, column=name, value=text_of(one)[:80])


def _take_away(draft: Draft, names: Mapping[str, str]) -> None:
    """Leave out what `build` makes of the sites alone."""
    made = build(Partnerships(sites=tuple(row.record for row in draft.rows["sites"])), names)
    derived = Counter(_said(subject, target, tie) for subject, target, tie in made.edges(data=True))
    kept, ends = [], set[str]()
    for row in draft.rows["ties"]:
        fields = attributes(row.record)
        said = _said(fields.pop("subject"), fields.pop("object"), fields)
        if derived[said] > 0:
            derived[said] -= 1
        else:
            kept.append(row)
            ends |= {row.record.subject, row.record.object}
    draft.rows["ties"] = kept
    for row in draft.rows["places"].copy():
        place, code = row.record, row.record.id.partition(":")[2]
        is_derived = place.id in made and made.nodes[place.id]["type"] == place.kind
        if is_derived and code in names and place.id not in ends and place.name in (names[code], code):
            draft.rows["places"].remove(row)


def _said(subject: str, target: str, tie: Mapping[str, Any]) -> tuple[Any, ...]:
    return subject, target, *sorted(tie.items())
