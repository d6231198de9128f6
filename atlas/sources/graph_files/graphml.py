"""GraphML as Atlas, Gephi, yEd, networkx and igraph write it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from atlas.errors import Faults
from atlas.sources.graph_files.model import Edge, GraphFile, Node, Where, sources_of
from atlas.sources.graph_files.xmlfile import GraphHandler, parse_xml

_LABELS = ("label", "Label", "name", "Name")
_SHOWN = {"NodeLabel": "label", "EdgeLabel": "label"}
"""Where yEd keeps the words that it draws."""


def read_graphml(data: bytes, file: str, faults: Faults) -> GraphFile:
    """Read GraphML.

    Parameters
    ----------
    data : bytes
        The file.
    file : str
        Its name.
    faults : Faults
        Collects ids that are missing, attributes that are not declared, hyperedges.

    Raises
    ------
    DataError
        If it is no XML that is safe to read.

    Examples
    --------
    >>> data = b'<graphml><graph edgedefault="directed"><node id="a"/><edge source="a" target="b"/></graph></graphml>'
    >>> graph = read_graphml(data, "g.graphml", Faults())
    >>> graph.nodes[0].id, graph.edges[0].target
    ('a', 'b')
    """
    handler = _GraphML(file, "graphml", faults)
    parse_xml(data, handler)
    return handler.graph("GraphML", sources_of(handler.about.get("sources"), file, faults))


@dataclass(slots=True)
class _Key:
    name: str
    of: str
    default: str | None = None


@dataclass(slots=True)
class _Open:
    """An element that is being read."""

    of: str
    given: Mapping[str, str]
    where: Where
    values: dict[str, Any]


class _GraphML(GraphHandler):
    def __init__(self, file: str, root: str, faults: Faults) -> None:
        super().__init__(file, root, faults)
        self.about: dict[str, str] = {}
        self._keys: dict[str, _Key] = {}
        self._key: _Key | None = None
        self._datum: str | None = None
        self._shown = ""
        self._open: list[_Open] = []
        self._directed = [True]

    def begin(self, space: str, name: str, given: Mapping[str, str]) -> None:  # noqa: ARG002 -- yEd's are its own
        if name == "key":
            (key,) = self.needed(given, "id")
            self._key = self._keys[key] = _Key(given.get("attr.name") or key, given.get("for", "all"))
        elif name == "graph":
            self._directed.append(given.get("edgedefault", "directed") != "undirected")
        elif name in ("node", "edge"):
            self._open.append(_Open(name, given, self.where, {}))
        elif name == "data":
            self._datum, self._shown = self.needed(given, "key")[0], ""
        elif name == "hyperedge":
            row = self.where.row
            self.faults.add(self.file, "an edge of more than two ends", "edges with source and target", row=row)

    def end(self, space: str, name: str, text: str) -> None:  # noqa: ARG002 -- yEd's are its own
        if name == "default" and self._key:
            self._key.default = text
        elif name == "key":
            self._key = None
        elif name in _SHOWN:
            self._shown = self._shown or text.strip()
        elif name == "data" and self._datum is not None:
            self._keep(self._datum, text)
            self._datum = None
        elif name == "graph":
            self._directed.pop()
        elif name in ("node", "edge") and self._open:
            self._close(self._open.pop())

    def _keep(self, datum: str, text: str) -> None:
        key = self._keys.get(datum)
        if key is None:
            expected = "the id of a <key>"
            self.faults.add(self.file, "an undeclared attribute", expected, row=self.where.row, value=datum)
            return
        into: dict[str, Any] = self._open[-1].values if self._open else self.about
        if self._shown:
            into.setdefault("label", self._shown)
        elif text:
            into[key.name] = text

    def _close(self, element: _Open) -> None:
        for key in self._keys.values():
            if key.default and key.of in (element.of, "all"):
                element.values.setdefault(key.name, key.default)
        values = self.values(element.values.items(), element.where)
        if element.of == "node":
            (name,) = self.needed(element.given, "id")
            label = next((str(values[one]) for one in _LABELS if one in values), "")
            self.nodes.append(Node(name, label, values, element.where))
            return
        source, target = self.needed(element.given, "source", "target")
        directed = element.given.get("directed", "true" if self._directed[-1] else "false") in ("true", "1")
        self.edges.append(Edge(source, target, values, element.where, directed))
