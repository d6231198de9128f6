"""Graphs from outside, by their mapping, into rows of the partnership tables."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Final

from atlas.graph.build import attributes
from atlas.records import NODE_ID, NODE_TABLES, TABLES, Partnerships, Record, slug
from atlas.sources.graph_draft import Cell, Draft
from atlas.sources.graph_files import Edge, GraphFile, Node, Value, Where
from atlas.sources.graph_files.model import text_of
from atlas.sources.graph_mapping import KIND, LEAVE_OUT, TYPE, GraphMapping, choices, verb_of, word_of
from atlas.vocabulary import RELATIONS, Kind, Relation, Status

_DATES: Final = frozenset({"start", "end", "checked_on"})
_LISTS: Final = frozenset({"domains", "footprint"})
_WORDING: Final = frozenset({"name", "kind", "description"})
_SPLIT: Final = re.compile(r"\s*[;|,]\s*")
_INSTANT: Final = re.compile(r"(\d{4}-\d{2}-\d{2})[T ].*")
_YEAR: Final = re.compile(r"(\d{4})\.0*")
_OF: Final = {kind.value: table for table, kind in NODE_TABLES.items()}


@dataclass(frozen=True, slots=True)
class Known:
    """Nodes that are there already.

    Parameters
    ----------
    records : mapping of str to Record
        By id.
    names : mapping of (kind, slug of the name) to ids
        More than one id where several have the name.
    """

    records: Mapping[str, Record] = field(default_factory=dict)
    names: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, partnerships: Partnerships, places: Mapping[str, str]) -> Known:
        """Nodes of partnership tables, and places that sites may lie in (GSS code to name)."""
        names: dict[tuple[str, str], set[str]] = defaultdict(set)
        records: dict[str, Record] = {}
        for table, kind in NODE_TABLES.items():
            for record in getattr(partnerships, table):
                records[record.id] = record
                names[kind.value, slug(record.name)].add(record.id)
        for code, name in places.items():
            names[Kind.PLACE.value, slug(name)].add(f"{Kind.PLACE}:{code}")
        return cls(records, {key: frozenset(found) for key, found in names.items()})

    def named(self, kind: str, name: str) -> str | None:
        """The one node of a kind that has a name; None where there is none, or more than one."""
        found = self.names.get((kind, slug(name)), frozenset())
        return next(iter(found)) if len(found) == 1 else None

    def cells(self, name: str) -> dict[str, Cell]:
        """What is known of a node, as cells that no file states."""
        if name not in self.records:
            return {}
        record = self.records[name]
        said = attributes(record)
        names = {column: TYPE if column == "kind" else column for column in type(record).columns() if column != "id"}
        values = {column: said[name] for column, name in names.items() if said[name] not in (None, "", ())}
        return {
            column: Cell("; ".join(value) if isinstance(value, tuple) else text_of(value))
            for column, value in values.items()
        }

    def anything(self, name: str) -> str | None:
        """The one node of any kind that has a name or an id."""
        if name in self.records:
            return name
        found = {one for kind in Kind if (one := self.named(kind.value, name)) is not None}
        return found.pop() if len(found) == 1 else None


def draft_of(graph: GraphFile, mapping: GraphMapping, known: Known) -> Draft:
    """Rows of a graph by its mapping.

    Nodes get the id that the mapping, the file or a node of the same kind and name has, else ``kind:slug(name)``.

    Parameters
    ----------
    graph : GraphFile
        As read.
    mapping : GraphMapping
        Which attribute is which column.
    known : Known
        Nodes that are there already.

    Returns
    -------
    Draft
        With a fault for each node without kind or id, ids that clash, ends that are no node, edges that could run
        either way, and cells that are not as the tables have them.
    """
    work = _Work(graph, mapping, known, Draft())
    for source in mapping.source:
        cells = {name: Cell(str(value)) for name, value in source.items() if str(value).strip()}
        work.draft.add("sources", cells, Where("the mapping's source", 1))
    for node in graph.nodes:
        work.add_node(node)
    work.check_clashes()
    for edge in graph.edges:
        work.add_edge(edge)
    work.note_unused()
    return work.draft


class _Work:
    def __init__(self, graph: GraphFile, mapping: GraphMapping, known: Known, draft: Draft) -> None:
        self.graph, self.mapping, self.known, self.draft = graph, mapping, known, draft
        self._ids: dict[str, str | None] = {}
        self._first: dict[str, list[Node]] = defaultdict(list)
        labels = Counter(node.label for node in graph.nodes)
        names = {node.id for node in graph.nodes}
        self._labels = {n.label: n.id for n in graph.nodes if n.label and labels[n.label] == 1 and n.label not in names}
        self._twice = {label for label, count in labels.items() if count > 1 and label not in names}

    def add_node(self, node: Node) -> None:
        """Draft a node; one that is left out is remembered, so that its edges are, too."""
        kind = self._cell("nodes", KIND, node.values)
        if kind is not None and kind.text == LEAVE_OUT:
            self._ids[node.id] = None
            self.draft.left_out["nodes"] += 1
            return
        table = _OF.get(kind.text) if kind else None
        if kind is None or table is None:
            expected = f"one of {', '.join(Kind)}: see [values.kind] and [defaults] of the mapping"
            problem = "no kind" if kind is None else "no such kind"
            column = kind.attribute if kind else None
            self._fault(node.where, problem, expected, column or KIND, (kind.found or kind.text) if kind else None)
            self._ids[node.id] = ""
            return
        cells = self._cells(table, node.values, node.where)
        if "name" not in cells and node.label:
            cells["name"] = Cell(node.label, "label")
        name = self._id_of(node, kind.text, cells)
        self._ids[node.id] = name
        if name:
            self._first[name].append(node)
            stated = "id" in cells or bool(NODE_ID.match(node.id))
            # of a node that is there already, the tables say what the file does not
            if name in self.known.records:
                # a body that was found by its name, or by the mapping, is called what the tables call it
                kept = () if stated else _WORDING
                own = {column: cell for column, cell in cells.items() if cell.attribute and column not in kept}
                cells = self.known.cells(name) | own
            self.draft.add(table, {**cells, "id": Cell(name, "id" if stated else None)}, node.where)

    def _id_of(self, node: Node, kind: str, cells: Mapping[str, Cell]) -> str:
        label = cells["name"].text if "name" in cells else node.label
        given = self.mapping.ids.get(node.id) or self.mapping.ids.get(label) or self.mapping.ids.get(node.label)
        if given is None and "id" in cells:
            given = cells["id"].text
        if given is None and NODE_ID.match(node.id):
            given = node.id
        given = given or self.known.named(kind, label)
        if given is None and slug(label):
            given = f"{kind}:{slug(label)}"
        if given is None:
            expected = "a name with letters a to z or digits, or an entry under [ids] of the mapping"
            self._fault(node.where, "no id can be made of the name", expected, None, label or node.id)
        elif not given.startswith(f"{kind}:"):
            self._fault(node.where, "id of another kind", f"{kind}:slug", "id", given)
            return ""
        return given or ""

    def check_clashes(self) -> None:
        """Collect nodes that would have one id."""
        for name, nodes in self._first.items():
            for node in nodes[1:]:
                first = nodes[0]
                expected = f"another id than {first.id!r} (row {first.where.row}): say which under [ids] of the mapping"
                self._fault(node.where, f"the same id, {name}, for two nodes", expected, None, node.id)

    def add_edge(self, edge: Edge) -> None:
        """Draft a tie, the way round that its verb and its ends ask for."""
        ends = [self._end(edge, name, text) for name, text in (("source", edge.source), ("target", edge.target))]
        relation = self._cell("ties", "relation", edge.values)
        if any(end is None for end in ends) or (relation is not None and relation.text == LEAVE_OUT):
            self.draft.left_out["ties"] += 1
            return
        verb = verb_of(relation.text) if relation is not None else None
        if verb is None or relation is None:
            expected = f"one of {', '.join(Relation)}: see [values.relation] and [defaults] of the mapping"
            problem = "no relation" if relation is None else "no such relation"
            found, column = (relation.found or relation.text, relation.attribute) if relation else (None, None)
            self._fault(edge.where, problem, expected, column or "relation", found)
            return
        if not all(ends):
            return
        subject, target = self._turned(edge, verb[0], *(end or "" for end in ends), backwards=verb[1])
        if subject and target:
            cells = self._cells("ties", edge.values, edge.where)
            cells["relation"] = Cell(verb[0].value, relation.attribute, relation.found)
            cells |= {"subject": Cell(subject, "subject"), "object": Cell(target, "object")}
            self.draft.add("ties", cells, edge.where)

    def _end(self, edge: Edge, name: str, text: str) -> str | None:
        """The id of an edge's end: None where it is left out, empty where there is none."""
        for one in (text, self._labels.get(text, "")):
            if one in self._ids:
                return self._ids[one]
        found = self.mapping.ids.get(text) or (None if text in self._twice else self.known.anything(text))
        if found is None:
            problem = "more than one node of this label" if text in self._twice else "no such node"
            expected = "an id" if text in self._twice else "the id or the label of a node"
            self._fault(edge.where, problem, expected, name, text)
        return found or ""

    def _turned(self, edge: Edge, relation: Relation, source: str, target: str, *, backwards: bool) -> tuple[str, str]:
        if backwards:
            source, target = target, source
        rule = RELATIONS[relation]
        if (edge.is_directed and not self.mapping.undirected) or rule.symmetric:
            return source, target
        kinds = [Kind(end.partition(":")[0]) for end in (source, target)]
        forwards = kinds[0] in rule.sources and kinds[1] in rule.targets
        back = kinds[1] in rule.sources and kinds[0] in rule.targets
        if forwards and back:
            expected = f"a direction: either end may be the one that {rule.label} the other"
            self._fault(edge.where, "an edge without direction", expected, None, f"{edge.source} - {edge.target}")
            return "", ""
        return (target, source) if back else (source, target)

    def _cells(self, table: str, values: Mapping[str, Value], where: Where) -> dict[str, Cell]:
        found = {}
        for column in _columns(table):
            target = TYPE if column == "kind" and table != "ties" else column
            cell = self._cell(table, target, values)
            if cell is not None and cell.text.strip():
                found[column] = cell
        if "source" in TABLES[table].model_fields and "source" not in found and self.mapping.source:
            found["source"] = Cell(str(self.mapping.source[0].get("id", "")))
        if "evidence" in TABLES[table].model_fields and "evidence" not in found:
            found["evidence"] = Cell(f"{where.file}, row {where.row}")
        if _is_over(found):
            found["status"] = Cell(Status.ENDED.value)
        return found

    def _cell(self, table: str, column: str, values: Mapping[str, Value]) -> Cell | None:
        """What the file says for a column, by the mapping; else the default; None where neither says anything."""
        source = self.mapping.column_of(table, column)
        for attribute in source.attributes if source else ():
            if attribute in values and source:
                raw = values[attribute]
                parts = list(map(text_of, raw)) if isinstance(raw, tuple) else [raw]
                if source.split or column in _LISTS:
                    parts = [part for text in parts for part in _parts(text, source.split)]
                meant = [self._meant(table, column, part, source.date) for part in parts]
                shown = "; ".join(parts)
                # a mapping may say that a value means nothing
                if any(meant):
                    return Cell("; ".join(filter(None, meant)), attribute, shown)
        default = self.mapping.default_of(table, column)
        return None if default is None else Cell(default)

    def _meant(self, table: str, column: str, text: str, date: str | None) -> str:
        meant = self.mapping.value_of(column, text)
        if meant is not None:
            return meant if meant == LEAVE_OUT else word_of(choices(table, column), meant)
        if column in _DATES:
            return _day(text.strip(), date)
        return word_of(choices(table, column), text.strip())

    def _fault(self, where: Where, problem: str, expected: str, column: str | None, value: str | None) -> None:
        self.draft.faults.add(where.file, problem, expected, row=where.row, column=column, value=value)

    def note_unused(self) -> None:
        """Say which attributes no column takes."""
        for what, items in (("nodes", self.graph.nodes), ("ties", self.graph.edges)):
            sections = [what] if what == "ties" else [what, *NODE_TABLES]
            taken = set[str]()
            for section in sections:
                for column in self.mapping.section(section):
                    found = self.mapping.column_of(section, column)
                    taken |= set(found.attributes if found else ())
            self.draft.unused[what] = _left(items, taken)


def _is_over(cells: Mapping[str, Cell]) -> bool:
    """Whether the file says when it ended, that was before anybody looked, and it says nothing of the status."""
    if "end" not in cells or "checked_on" not in cells or ("status" in cells and cells["status"].attribute):
        return False
    end = cells["end"].text
    return end < cells["checked_on"].text[: len(end)]


@cache
def _columns(table: str) -> tuple[str, ...]:
    return TABLES[table].columns()


def _left(items: Sequence[Node] | Sequence[Edge], taken: set[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for item in items for name in item.values if name not in taken))


def _parts(text: str, split: str | None) -> list[str]:
    found = text.split(split) if split else _SPLIT.split(text)
    return [part.strip() for part in found if part.strip()]


def _day(text: str, date: str | None) -> str:
    """A day as the tables write it, from an instant, a year as a number, or a form that the mapping names."""
    if date:
        try:
            return datetime.strptime(text, date).date().isoformat()  # noqa: DTZ007 -- a day has no hour
        except ValueError:
            return text
    for form in (_INSTANT, _YEAR):
        if found := form.fullmatch(text):
            return found.group(1)
    return text
