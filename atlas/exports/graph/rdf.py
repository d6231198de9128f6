"""The partnership graph as linked data: Turtle and JSON-LD in the words of W3C ORG, PROV-O and schema.org.

Every node, tie, source, commitment, measurement and profile is a resource whose IRI begins with `BASE`; every
attribute is a property of the `ATLAS` vocabulary, so that nothing is lost, and the common ones are said in the common
vocabularies as well. A tie is a resource of its own (`org:Membership` for memberships, `atlas:Tie` for all), with the
days it spans and the source it was derived from; what is active is stated once more as a plain triple.

Both are written here and not by rdflib, which takes five times as long and orders by a hash that changes from run to
run; the tests read them with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import quote

import networkx as nx

from atlas.exports.graph.checks import checked
from atlas.exports.graph.fields import (
    HANGING,
    KEY,
    NODE_FIELDS,
    SOURCE_FIELDS,
    TIE_FIELDS,
    Field,
    FieldType,
    node_field,
)
from atlas.exports.graph.nodelink import as_json
from atlas.exports.graph.xmltext import chunks
from atlas.vocabulary import Kind, Relation, Status

BASE: Final = "urn:anchor-atlas:"
"""What the IRIs of things begin with."""

ATLAS: Final = "urn:anchor-atlas:vocabulary#"
"""What the IRIs of our own classes and properties begin with."""

_SPACES: Final = {
    "atlas": ATLAS,
    "dcterms": "http://purl.org/dc/terms/",
    "org": "http://www.w3.org/ns/org#",
    "prov": "http://www.w3.org/ns/prov#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "time": "http://www.w3.org/2006/time#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_CLASSES: Final = {
    Kind.INSTITUTION: ("org:FormalOrganization", "schema:Organization"),
    Kind.NETWORK: ("org:OrganizationalCollaboration", "schema:Organization"),
    Kind.PROGRAMME: ("schema:Project",),
    Kind.PLACE: ("schema:AdministrativeArea",),
    Kind.SITE: ("org:Site", "schema:Place"),
    Kind.ASSET: ("org:Site", "schema:Place"),
}
_PLAIN: Final = {
    Relation.MEMBER_OF: "org:memberOf",
    Relation.PART_OF: "dcterms:isPartOf",
    Relation.PARTNERS_WITH: "org:linkedTo",
    Relation.OCCUPIES: "org:hasSite",
    Relation.SERVES: "schema:areaServed",
    Relation.LOCATED_IN: "schema:containedInPlace",
}
_SAID_AGAIN: Final = {
    "name": ("skos:prefLabel", "schema:name"),
    "description": ("dcterms:description",),
    "website": ("schema:url",),
    "title": ("dcterms:title",),
    "publisher": ("dcterms:publisher",),
    "licence": ("dcterms:license",),
    "published": ("dcterms:issued",),
}
_TYPES: Final = {FieldType.INTEGER: "integer", FieldType.NUMBER: "double", FieldType.BOOLEAN: "boolean"}
_ESCAPED: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_TO_ESCAPE: Final = re.compile(r'[\\"\x00-\x1f\x7f]')
_DATES: Final = {4: "gYear", 7: "gYearMonth", 10: "date"}
_INSTANTS: Final = {4: "inXSDgYear", 7: "inXSDgYearMonth", 10: "inXSDDate"}


def iri(*parts: str) -> str:
    """The IRI of something, by its id; what an IRI cannot hold is percent-encoded.

    Examples
    --------
    >>> iri("institution:barts-health")
    'urn:anchor-atlas:institution:barts-health'
    """
    return BASE + "/".join(quote(part, safe=":") for part in parts)


class Term(NamedTuple):
    """What a triple ends in.

    Parameters
    ----------
    text : str
        An IRI, or the text of a literal.
    datatype : str
        Of a literal that is not plain text: its name among those of XML Schema.
    is_iri : bool
        Whether it is an IRI.
    items : tuple of Term or None
        What is in it, where it is a list.
    """

    text: str
    datatype: str = ""
    is_iri: bool = False
    items: tuple[Term, ...] | None = None


class _Said:
    """What is said of each resource, in the order in which it is said."""

    def __init__(self) -> None:
        self.things: dict[str, dict[str, list[Term]]] = {}

    def say(self, subject: str, predicate: str, value: Term) -> None:
        """Add a triple, once."""
        values = self.things.setdefault(subject, {}).setdefault(predicate, [])
        if value not in values:
            values.append(value)

    def link(self, subject: str, predicate: str, target: str) -> None:
        """Add a triple that ends in another resource."""
        self.say(subject, predicate, Term(target, is_iri=True))

    def types(self, subject: str, *classes: str) -> None:
        """Say what a resource is."""
        for one in classes:
            self.link(subject, "a", one)

    def fields(self, subject: str, record: Mapping[str, Any], fields: Iterable[Field]) -> None:
        """Say every attribute but what hangs on a node."""
        for field in fields:
            value = record.get(field.name)
            if value in (None, "") or field.type is FieldType.RECORD:
                continue
            if field.is_list:
                self.say(subject, f"atlas:{field.name}", Term("", items=tuple(map(Term, value))))
                continue
            literal = _literal(field, value)
            for predicate in (f"atlas:{field.name}", *_SAID_AGAIN.get(field.name, ())):
                self.say(subject, predicate, literal)
            if field.name == "source":
                self.link(subject, "prov:wasDerivedFrom", iri("source", value))


def _literal(field: Field, value: Any) -> Term:
    if field.type in (FieldType.DAY, FieldType.PARTIAL_DATE):
        return _date(value)
    return Term(field.text(value), _TYPES.get(field.type, ""))


def _date(value: str) -> Term:
    return Term(value, _DATES.get(len(value), ""))


def _said(graph: nx.MultiDiGraph[str]) -> dict[str, dict[str, list[Term]]]:
    checked(graph, xml=True)
    said = _Said()
    if "as_at" in graph.graph:
        said.say(iri("graph"), "atlas:as_at", _date(graph.graph["as_at"]))
    for name, source in graph.graph.get("sources", {}).items():
        said.types(iri("source", name), "prov:Entity", "schema:CreativeWork")
        said.say(iri("source", name), "atlas:id", Term(name))
        said.fields(iri("source", name), source, SOURCE_FIELDS)
    for node, record in graph.nodes(data=True):
        _say_node(said, node, record)
    for subject, target, key, tie in graph.edges(keys=True, data=True):
        _say_tie(said, (subject, key, target), tie)
    return said.things


def _say_node(said: _Said, node: str, record: Mapping[str, Any]) -> None:
    subject, kind = iri(node), Kind(record["kind"])
    said.types(subject, *_CLASSES[kind], f"atlas:{kind.capitalize()}", "prov:Entity")
    said.say(subject, "atlas:id", Term(node))
    said.fields(subject, record, NODE_FIELDS)
    for table in HANGING:
        if table in record:
            rows = [f"{subject}/{table}/{number}" for number, _ in enumerate(record[table], start=1)]
            said.say(subject, f"atlas:{table}", Term("", items=tuple(Term(row, is_iri=True) for row in rows)))
            for row, fields in zip(rows, record[table], strict=True):
                said.types(row, f"atlas:{table[:-1].capitalize()}", "prov:Entity")
                said.fields(row, fields, node_field(table).parts)


def _say_tie(said: _Said, ends: tuple[str, Any, str], tie: Mapping[str, Any]) -> None:
    subject, key, target = ends
    this = iri("tie", subject, str(key), target)
    relation = tie.get("relation", "")
    is_membership = relation == Relation.MEMBER_OF
    said.types(this, "atlas:Tie", "prov:Entity", *(["org:Membership"] if is_membership else []))
    said.link(this, "atlas:subject", iri(subject))
    said.link(this, "atlas:object", iri(target))
    said.say(this, f"atlas:{KEY}", Term(str(key)))
    said.fields(this, tie, TIE_FIELDS)
    if is_membership:
        said.link(this, "org:member", iri(subject))
        said.link(this, "org:organization", iri(target))
    _say_interval(said, this, tie, "org:memberDuring" if is_membership else "atlas:during")
    if relation in _PLAIN and tie.get("status") == Status.ACTIVE:
        said.link(iri(subject), _PLAIN[Relation(relation)], iri(target))


def _say_interval(said: _Said, tie: str, record: Mapping[str, Any], predicate: str) -> None:
    ends = {"hasBeginning": record.get("start"), "hasEnd": record.get("end")}
    if not any(ends.values()):
        return
    interval = f"{tie}/interval"
    said.link(tie, predicate, interval)
    said.types(interval, "time:Interval")
    for name, value in ends.items():
        if value:
            said.link(interval, f"time:{name}", f"{tie}/{name}")
            said.types(f"{tie}/{name}", "time:Instant")
            said.say(f"{tie}/{name}", f"time:{_INSTANTS[len(value)]}", _date(value))


def turtle(graph: nx.MultiDiGraph[str]) -> Iterator[bytes]:
    """Write the graph as Turtle.

    Lists are RDF lists; what is None or an empty text has no triple.

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
    >>> graph.add_node("place:E09000007", kind="place", name="Camden", type="London borough")
    >>> b'skos:prefLabel "Camden"' in b"".join(turtle(graph))
    True
    """
    return chunks(_turtle(_said(graph)))


def json_ld(graph: nx.MultiDiGraph[str]) -> Iterator[bytes]:
    """Write the graph as JSON-LD 1.1, with the same triples as `turtle`.

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
        As `turtle` does.
    """
    return chunks(_json_ld(_said(graph)))


def _turtle(things: Mapping[str, Mapping[str, list[Term]]]) -> Iterator[str]:
    for prefix, space in _SPACES.items():
        yield f"@prefix {prefix}: <{space}> .\n"
    for subject, said in things.items():
        lines = [f"{predicate} {', '.join(map(_as_turtle, values))}" for predicate, values in said.items()]
        yield "".join(["\n<", subject, "> ", " ;\n    ".join(lines), " .\n"])


def _as_turtle(term: Term) -> str:
    if term.items is not None:
        return f"( {' '.join(map(_as_turtle, term.items))} )"
    if term.is_iri:
        return f"<{term.text}>" if term.text.startswith(BASE) else term.text
    escaped = _TO_ESCAPE.sub(lambda found: _ESCAPED.get(found.group(), f"\\u{ord(found.group()):04X}"), term.text)
    return f'"{escaped}"^^xsd:{term.datatype}' if term.datatype else f'"{escaped}"'


def _json_ld(things: Mapping[str, Mapping[str, list[Term]]]) -> Iterator[str]:
    yield f'{{"@context": {as_json(_SPACES)},\n"@graph": ['
    before = "\n"
    for subject, said in things.items():
        shown = {_verb(predicate): _values(predicate, values) for predicate, values in said.items()}
        yield before + as_json({"@id": subject, **shown})
        before = ",\n"
    yield "]}\n"


def _verb(predicate: str) -> str:
    return "@type" if predicate == "a" else predicate


def _values(predicate: str, terms: list[Term]) -> Any:
    if predicate == "a":
        return [term.text for term in terms]
    shown = [_as_json_ld(term) for term in terms]
    return shown if len(shown) > 1 else shown[0]


def _as_json_ld(term: Term) -> Any:
    if term.items is not None:
        return {"@list": [_as_json_ld(one) for one in term.items]}
    if term.is_iri:
        return {"@id": term.text}
    return {"@value": term.text, "@type": f"xsd:{term.datatype}"} if term.datatype else term.text
