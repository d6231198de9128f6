"""GEXF 1.1 to 1.3 as Gephi, networkx and Atlas write it: labels, attributes, time; what is only drawn is left."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from atlas.errors import Faults
from atlas.sources.graph_files.model import Edge, GraphFile, Node, Where, sources_of
from atlas.sources.graph_files.xmlfile import GraphHandler, parse_xml

RECORDED: Final = {"start_as_recorded": "start", "end_as_recorded": "end"}
"""Where Atlas keeps dates as they are recorded: `start` and `end` are days in GEXF."""

_TIMES: Final = (("start", "startopen"), ("end", "endopen"))
_OWN: Final = ("label", "weight", "kind")
_UNBOUNDED: Final = re.compile(r"[+-]?inf(inity)?", re.IGNORECASE)
_DRAWN: Final = ("/viz", "viz.xsd")
"""How the namespaces of colours, sizes and positions end."""


def read_gexf(data: bytes, file: str, faults: Faults) -> GraphFile:
    """Read GEXF.

    An element that stood in several spells has the first start and the last end, with a warning; of an attribute that
    changed over time the last value is kept.

    Parameters
    ----------
    data : bytes
        The file.
    file : str
        Its name.
    faults : Faults
        Collects ids that are missing and attributes that are not declared.

    Raises
    ------
    DataError
        If it is no XML that is safe to read.

    Examples
    --------
    >>> data = b'<gexf><graph defaultedgetype="undirected"><edges><edge source="a" target="b"/></edges></graph></gexf>'
    >>> read_gexf(data, "g.gexf", Faults()).edges[0].is_directed
    False
    """
    handler = _Gexf(file, "gexf", faults)
    parse_xml(data, handler)
    about = sources_of(handler.description, file, faults) or {}
    graph = handler.graph("GEXF", sources_of(about.get("sources"), file, faults))
    if graph.is_ours:
        graph.nodes = [Node(one.id, one.label, _recorded(one.values), one.where) for one in graph.nodes]
        graph.edges = [Edge(one.source, one.target, _recorded(one.values), one.where) for one in graph.edges]
    return graph


def _recorded(values: Mapping[str, Any]) -> dict[str, Any]:
    drawn = {*RECORDED.values(), "label"}
    return {RECORDED.get(name, name): value for name, value in values.items() if name not in drawn}


@dataclass(slots=True)
class _Open:
    """An element that is being read."""

    of: str
    given: Mapping[str, str]
    where: Where
    values: dict[str, Any] = field(default_factory=dict)
    spells: list[Mapping[str, str]] = field(default_factory=list)


class _Gexf(GraphHandler):
    def __init__(self, file: str, root: str, faults: Faults) -> None:
        super().__init__(file, root, faults)
        self.description = ""
        self._titles: dict[tuple[str, str], str] = {}
        self._defaults: dict[str, dict[str, str]] = {"node": {}, "edge": {}}
        self._class, self._declared = "node", ""
        self._open: list[_Open] = []
        self._default_type = "undirected"

    def begin(self, space: str, name: str, given: Mapping[str, str]) -> None:
        if space.endswith(_DRAWN):
            return
        if name == "graph":
            self._default_type = given.get("defaultedgetype", self._default_type)
        elif name == "attributes":
            self._class = given.get("class", "node")
        elif name == "attribute":
            (self._declared,) = self.needed(given, "id")
            self._titles[self._class, self._declared] = given.get("title") or self._declared
        elif name in ("node", "edge"):
            self._open.append(_Open(name, given, self.where))
        elif name == "attvalue" and self._open:
            self._keep(self._open[-1], given)
        elif name == "spell" and self._open:
            self._open[-1].spells.append(given)

    def end(self, space: str, name: str, text: str) -> None:
        if space.endswith(_DRAWN):
            return
        if name == "description":
            self.description = text
        elif name == "default" and self._path[-2:-1] == ["attribute"]:
            self._defaults.setdefault(self._class, {})[self._titles[self._class, self._declared]] = text
        elif name in ("node", "edge") and self._open:
            self._close(self._open.pop())

    def _keep(self, element: _Open, given: Mapping[str, str]) -> None:
        name = given.get("for", given.get("id", ""))
        title = self._titles.get((element.of, name))
        if title is None:
            expected = f"the id of an <attribute> of class {element.of}"
            self.faults.add(self.file, "an undeclared attribute", expected, row=self.where.row, value=name)
        elif given.get("value"):
            element.values[title] = given["value"]

    def _close(self, element: _Open) -> None:
        values = {**self._defaults.get(element.of, {}), **element.values}
        times = self._times(element)
        own = {name: element.given[name] for name in _OWN if element.given.get(name)}
        # an attribute of the file's own goes before what the format has under the same name
        found = self.values({**times, **own, **values}.items(), element.where)
        if element.of == "node":
            (name,) = self.needed(element.given, "id")
            self.nodes.append(Node(name, element.given.get("label", ""), found, element.where))
            return
        source, target = self.needed(element.given, "source", "target")
        directed = element.given.get("type", self._default_type) == "directed"
        self.edges.append(Edge(source, target, found, element.where, directed))

    def _times(self, element: _Open) -> dict[str, str]:
        spells = [_bounds(one) for one in (element.spells or [element.given])]
        if len(spells) > 1:
            problem, expected = f"{len(spells)} spells", "one: what lies between them is lost"
            self.faults.add(self.file, problem, expected, row=element.where.row, severity="warning")
        starts, ends = [one[0] for one in spells], [one[1] for one in spells]
        found = {"start": min(starts) if all(starts) else "", "end": max(ends) if all(ends) else ""}
        return {name: value for name, value in found.items() if value}


def _bounds(given: Mapping[str, str]) -> tuple[str, str]:
    """Start and end of a spell, empty where it is open; GEXF 1.2 has another name for bounds that do not count."""
    texts = [given.get(name) or given.get(other) or "" for name, other in _TIMES]
    start, end = ("" if _UNBOUNDED.fullmatch(text) else text for text in texts)
    return start, end
