"""Graphs as JSON: node-link (networkx, D3, Gephi Lite), JSON Graph Format 1 and 2, Kumu's blueprints."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from atlas.errors import DataError, Fault, Faults
from atlas.sources.graph_files.model import Edge, GraphFile, Node, Where, sources_of, text_of, values_of
from atlas.sources.textfiles import decode

_EXPECTED: Final = (
    "node-link (nodes, edges or links), JSON Graph Format (graph with nodes and edges) or Kumu (elements, connections)"
)
_ENDS: Final = (("subject", "object"), ("source", "target"), ("from", "to"))
_IDS: Final = ("id", "_id", "key")
_LABELS: Final = ("label", "name")
_TWO_WAYS: Final = frozenset({"undirected", "mutual"})
_SAID: Final = ("direction", "directed")
_NESTED: Final = ("attributes", "metadata")


def read_json(data: bytes, file: str, faults: Faults) -> GraphFile:
    """Read a graph from JSON, whichever of the forms it has.

    Parameters
    ----------
    data : bytes
        The file, in UTF-8 or with a byte-order mark.
    file : str
        Its name.
    faults : Faults
        Collects nodes and edges that are no records, ids and ends that are missing, names that are there twice.

    Raises
    ------
    DataError
        If it is not JSON, or none of the forms.

    Examples
    --------
    >>> blueprint = b'{"elements": [{"label": "A"}], "connections": [{"from": "A", "to": "B", "direction": "mutual"}]}'
    >>> graph = read_json(blueprint, "map.json", Faults())
    >>> graph.form, graph.nodes[0].id, graph.edges[0].is_directed
    ('Kumu JSON', 'A', False)
    """
    document = _parsed(data, file, faults)
    if "elements" in document and "connections" in document:
        return _Reader(file, faults, "Kumu JSON").graph(document["elements"], document["connections"])
    inner = document.get("graph")
    if isinstance(document.get("graphs"), list) and document["graphs"]:
        inner = document["graphs"][0]
        if len(document["graphs"]) > 1:
            faults.add(file, f"{len(document['graphs'])} graphs", "one graph in a file", column="graphs")
    if isinstance(inner, dict) and "nodes" in inner:
        reader = _Reader(file, faults, "JSON Graph Format", is_directed=bool(inner.get("directed", True)))
        return reader.graph(_listed(inner["nodes"]), inner.get("edges", []), inner.get("metadata"))
    edges = document.get("edges", document.get("links"))
    if "nodes" in document and edges is not None:
        reader = _Reader(file, faults, "node-link JSON", is_directed=bool(document.get("directed", True)))
        return reader.graph(document["nodes"], edges, inner)
    found = ", ".join(map(repr, list(document)[:5]))
    raise DataError(f"{file} cannot be read as a graph", [Fault(file, "another kind of JSON", _EXPECTED, value=found)])


def _parsed(data: bytes, file: str, faults: Faults) -> Mapping[str, Any]:
    what = f"{file} cannot be read as a graph"
    text = decode(data, file, faults)
    if text is None:
        raise DataError(what, faults.errors)
    problem, row = "", None
    try:
        document = json.loads(text, parse_constant=_refuse, object_pairs_hook=_Pairs(file, faults))
    except json.JSONDecodeError as error:
        problem, row = f"not JSON ({error.msg})", error.lineno
    except RecursionError:
        problem = "lists or records lie too deep in each other"
    except ValueError as error:
        problem = f"not JSON ({error})"
    else:
        if isinstance(document, dict):
            return document
        problem = "not a JSON object"
    raise DataError(what, [Fault(file, problem, _EXPECTED, row)])


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no number")


class _Pairs:
    """Make records of JSON, with a fault for each name that is there twice: the first would be lost."""

    def __init__(self, file: str, faults: Faults) -> None:
        self._file, self._faults = file, faults

    def __call__(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            seen = set[str]()
            for name, _ in pairs:
                if name in seen:
                    expected = "each name once in a record"
                    self._faults.add(self._file, "a name that is there twice", expected, value=name[:80])
                seen.add(name)
        return found


def _listed(nodes: Any) -> Any:
    """Nodes of JSON Graph Format 2 are a record by id, those of 1 a list."""
    if not isinstance(nodes, dict):
        return nodes
    return [{"id": name, **node} if isinstance(node, dict) else node for name, node in nodes.items()]


class _Reader:
    def __init__(self, file: str, faults: Faults, form: str, *, is_directed: bool = True) -> None:
        self._file, self._faults, self._form, self._is_directed = file, faults, form, is_directed

    def graph(self, nodes: Any, edges: Any, about: Any = None) -> GraphFile:
        """Read the two lists; `about` is what the file says of the graph itself."""
        names = ("elements", "connections") if self._form.startswith("Kumu") else ("nodes", "edges")
        sources = sources_of(about.get("sources"), self._file, self._faults) if isinstance(about, dict) else None
        items = list(self._items(nodes, names[0]))
        read = [self._node(where, item, is_ours=sources is not None) for where, item in items]
        # D3 before version 4 names ends by their place in the list of nodes
        places = [] if any(name in item for _, item in items for name in _IDS) else [node.id for node in read]
        ends = [self._edge(*one, places) for one in self._items(edges, names[1])]
        return GraphFile(self._file, self._form, read, [edge for edge in ends if edge], sources)

    def _items(self, items: Any, name: str) -> Iterator[tuple[Where, dict[str, Any]]]:
        if not isinstance(items, list):
            self._faults.add(self._file, f"{name} is no list", "a list of records", column=name)
            return
        for place, item in enumerate(items, 1):
            where = Where(f"{self._file}, {name}", place)
            if isinstance(item, dict):
                yield where, item
            else:
                self._faults.add(where.file, "no record", "a record {…}", row=place, value=text_of(item)[:80])

    def _node(self, where: Where, item: dict[str, Any], *, is_ours: bool) -> Node:
        flat = _flat(item)
        label = next((text_of(flat[name]) for name in _LABELS if flat.get(name)), "")
        found = next((text_of(item[name]) for name in _IDS if item.get(name) not in (None, "")), "")
        # what Atlas wrote holds nothing but its own attributes, and ids that are told apart
        left_out = {*_IDS, "label"} if is_ours else {*_IDS[:2]}
        values = values_of(((k, v) for k, v in flat.items() if k not in left_out), where, self._faults)
        return Node(found or label or f"#{where.row}", label, values, where)

    def _edge(self, where: Where, item: dict[str, Any], places: list[str]) -> Edge | None:
        ends = next((pair for pair in _ENDS if pair[0] in item and pair[1] in item), None)
        if ends is None:
            expected = "source and target, or from and to"
            self._faults.add(where.file, "an edge without two ends", expected, row=where.row)
            return None
        source, target = (_end(item[name], places) for name in ends)
        flat = _flat({name: value for name, value in item.items() if name not in ends})
        direction = text_of(flat.get("direction", "")).lower()
        directed = item.get("directed", self._is_directed) is not False and direction not in _TWO_WAYS
        values = values_of(((k, v) for k, v in flat.items() if k not in (*_IDS, *_SAID)), where, self._faults)
        return Edge(source, target, values, where, directed)


def _flat(item: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes that lie in a record of their own beside those that do not; the former go first."""
    found = {name: value for name, value in item.items() if name not in _NESTED or not isinstance(value, dict)}
    for name in _NESTED:
        if isinstance(item.get(name), dict):
            found |= item[name]
    return found


def _end(value: Any, places: list[str]) -> str:
    if isinstance(value, dict):
        value = next((value[name] for name in (*_IDS, *_LABELS) if name in value), "")
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(places):
        return places[value]
    return text_of(value)
