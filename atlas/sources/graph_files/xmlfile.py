"""XML from outside, element by element: no DTD, no entities, nothing fetched, nothing too deep."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any, Final
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler, feature_namespaces
from xml.sax.xmlreader import InputSource

from defusedxml.common import DefusedXmlException, DTDForbidden
from defusedxml.expatreader import DefusedExpatParser

from atlas.errors import DataError, Fault, Faults
from atlas.sources.graph_files.model import DEEPEST, Edge, GraphFile, Node, Value, Where, values_of

_REFUSED: Final = "a file without DTD and entities, as Gephi, yEd, networkx and Atlas write it"


class GraphHandler(ContentHandler):
    """What readers of XML share: where the parser is, the text of an element, nodes and edges as they come.

    Parameters
    ----------
    file : str
        The file's name.
    root : str
        The outermost element.
    faults : Faults
        Collects.
    """

    def __init__(self, file: str, root: str, faults: Faults) -> None:
        super().__init__()
        self.file, self.root, self.faults = file, root, faults
        self.nodes: list[Node] = []
        self.edges: list[Edge] = []
        self._path: list[str] = []
        self._text: list[str] = []
        self._locator: Any = None

    def setDocumentLocator(self, locator: Any) -> None:  # noqa: N802 -- the name that SAX asks for
        """Keep what knows the line."""
        self._locator = locator

    @property
    def where(self) -> Where:
        """The line that is read."""
        return Where(self.file, self._locator.getLineNumber() or 1)

    def startElementNS(self, name: Any, qname: Any, attrs: Any) -> None:  # noqa: ARG002, N802 -- as SAX has it
        """Begin an element; those of other namespaces than the format's are passed over by `begin`."""
        space, local = name
        if not self._path and local != self.root:
            expected = f"{self.root}, of the format that the file's ending names"
            self.faults.add(self.file, "another kind of XML", expected, row=self.where.row, value=local)
            self.faults.raise_errors(f"{self.file} cannot be read as a graph")
        if len(self._path) >= DEEPEST:
            expected = f"at most {DEEPEST}"
            self.faults.add(self.file, "elements lie too deep in each other", expected, row=self.where.row, value=local)
            self.faults.raise_errors(f"{self.file} cannot be read as a graph")
        self._path.append(local)
        self._text.clear()
        plain = {key[1]: value for key, value in attrs.items() if not key[0]}
        self.begin(space or "", local, plain)

    def endElementNS(self, name: Any, qname: Any) -> None:  # noqa: ARG002, N802 -- as SAX has it
        """End an element."""
        self.end(name[0] or "", name[1], "".join(self._text))
        self._path.pop()
        self._text.clear()

    def characters(self, content: str) -> None:
        """Keep text."""
        self._text.append(content)

    def begin(self, space: str, name: str, given: Mapping[str, str]) -> None:
        """What a format does where an element begins."""
        raise NotImplementedError

    def end(self, space: str, name: str, text: str) -> None:
        """What a format does where an element ends."""
        raise NotImplementedError

    def needed(self, given: Mapping[str, str], *names: str) -> list[str]:
        """Attributes that an element must have; a fault for each that is missing, which is then empty."""
        for name in names:
            if name not in given:
                problem, expected = f"an element {self._path[-1]} without {name}", f"{name} of a node or an edge"
                self.faults.add(self.file, problem, expected, row=self.where.row, column=name)
        return [given.get(name, "") for name in names]

    def values(self, given: Iterable[tuple[str, Any]], where: Where) -> dict[str, Value]:
        """Attributes as text."""
        return values_of(given, where, self.faults)

    def graph(self, form: str, sources: Any) -> GraphFile:
        """What was read; where elements share a line, places in the file stand for lines."""
        name = f"{self.file}, places of"
        return GraphFile(
            self.file, form, _placed(self.nodes, f"{name} nodes"), _placed(self.edges, f"{name} edges"), sources
        )


def parse_xml(data: bytes, handler: GraphHandler) -> None:
    """Give a file to its handler.

    Raises
    ------
    DataError
        If it has a DTD or entities, refers to other files, or is not well-formed.
    """
    parser = DefusedExpatParser(forbid_dtd=True, forbid_entities=True, forbid_external=True)
    parser.setFeature(feature_namespaces, True)
    parser.setContentHandler(handler)
    source = InputSource()
    source.setByteStream(io.BytesIO(data))
    what = f"{handler.file} cannot be read as a graph"
    try:
        parser.parse(source)
    except DefusedXmlException as error:
        found = "a document type definition (DTD)" if isinstance(error, DTDForbidden) else "an entity"
        raise DataError(what, [Fault(handler.file, f"{found} is refused", _REFUSED)]) from None
    except SAXParseException as error:
        problem = f"not well-formed XML ({error.getMessage()})"
        raise DataError(what, [Fault(handler.file, problem, "a whole XML file", error.getLineNumber())]) from None
    except (SAXException, LookupError, ValueError) as error:
        raise DataError(what, [Fault(handler.file, f"not readable XML ({error})", "XML in UTF-8")]) from None


def _placed(items: list[Any], name: str) -> list[Any]:
    if len({item.where.row for item in items}) == len(items):
        return items
    return [_at(item, Where(name, place)) for place, item in enumerate(items, 1)]


def _at(item: Any, where: Where) -> Any:
    if isinstance(item, Node):
        return Node(item.id, item.label, item.values, where)
    return Edge(item.source, item.target, item.values, where, item.is_directed)
