"""Each format against a grammar of it: GEXF by XSD, RDF by SHACL, JGF by JSON Schema, CSV by Frictionless."""

from __future__ import annotations

import json
import re
import warnings
from pathlib import Path
from typing import Any

import frictionless
import jsonschema
import pyshacl
import pytest
import rdflib
from lxml import etree

from atlas.exports.graph.fields import NODE_FIELDS, TIE_FIELDS
from atlas.exports.graph.formats import graph_format
from atlas.exports.text import unguarded
from atlas.snapshot import Inputs
from tests.unit.exports.graph.readers import NODES, SOURCES, TIES, joined, typed
from tests.unit.exports.graph.worlds import Plain, nasty_inputs, plain

HERE = Path(__file__).parent
GEXF = "{http://gexf.net/1.3}"


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    found: Inputs = nasty_inputs()
    return found


def data_of(name: str, inputs: Inputs) -> bytes:
    return joined(graph_format(name).pieces(inputs.graph, inputs))


@pytest.fixture(scope="module")
def schema() -> Any:
    return etree.XMLSchema(etree.parse(str(HERE / "gexf-1.3.xsd")))


def test_gexf_follows_its_grammar(inputs: Inputs, schema: Any) -> None:
    document = etree.fromstring(data_of("gexf", inputs))
    assert schema.validate(document), schema.error_log


@pytest.mark.parametrize(
    ("found", "instead"),
    [
        (b'version="1.3"', b'version="1.4"'),
        (b'timeformat="date"', b'timeformat="day"'),
        (b'start="2019-01-01"', b'start="in 2019"'),
        (b'for="n-name"', b'for="n-nom"'),
        (b'target="network:west"', b'target="network:nowhere"'),
    ],
)
def test_the_grammar_of_gexf_can_fail(found: bytes, instead: bytes, inputs: Inputs, schema: Any) -> None:
    data = data_of("gexf", inputs)
    assert found in data
    assert not schema.validate(etree.fromstring(data.replace(found, instead)))


def test_gexf_widens_dates_to_days(inputs: Inputs) -> None:
    document = etree.fromstring(data_of("gexf", inputs))
    spans = {
        edge.get("kind"): (edge.get("start"), edge.get("end"))
        for edge in document.iter(f"{GEXF}edge")
        if edge.get("source") == "institution:hospital" and "2019" in {value.get("value") for value in edge.iter()}
    }
    assert spans == {"member_of": ("2019-01-01", "2021-06-30")}
    planned = next(node for node in document.iter(f"{GEXF}node") if node.get("id") == "network:west")
    assert (planned.get("start"), planned.get("end")) == (None, None)


def test_graphml_is_well_formed_and_declares_what_it_has(inputs: Inputs) -> None:
    document = etree.fromstring(data_of("graphml", inputs))
    space = {"g": "http://graphml.graphdrawing.org/xmlns"}
    declared = {key.get("id") for key in document.iterfind("g:key", space)}
    assert {data.get("key") for data in document.iter(f"{{{space['g']}}}data")} <= declared
    names = {key.get("attr.name") for key in document.iterfind("g:key[@for='edge']", space)}
    assert names == {"key", *(field.name for field in TIE_FIELDS if not field.is_optional)}


def test_jgf_follows_its_schema(inputs: Inputs) -> None:
    jsonschema.validate(json.loads(data_of("jgf", inputs)), json.loads((HERE / "jgf-2.schema.json").read_text()))


@pytest.mark.parametrize(("name", "form"), [("turtle", "turtle"), ("json-ld", "json-ld")])
def test_linked_data_have_their_shape(name: str, form: str, inputs: Inputs) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's own reader of JSON-LD, and pyshacl's imports
        graph = rdflib.Graph().parse(data=data_of(name, inputs), format=form)
        shapes = rdflib.Graph().parse(HERE / "shapes.ttl")
        conforms, _, words = pyshacl.validate(graph, shacl_graph=shapes)
        assert conforms, words
        tie = next(graph.subjects(rdflib.RDF.type, rdflib.URIRef("http://www.w3.org/ns/org#Membership")))
        graph.remove((tie, rdflib.URIRef("http://www.w3.org/ns/prov#wasDerivedFrom"), None))
        assert not pyshacl.validate(graph, shacl_graph=shapes)[0]


def test_turtle_and_json_ld_say_the_same(inputs: Inputs) -> None:
    from rdflib.compare import isomorphic  # noqa: PLC0415 -- slow to import

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        one, other = (
            rdflib.Graph().parse(data=data_of(name, inputs), format=form)
            for name, form in (("turtle", "turtle"), ("json-ld", "json-ld"))
        )
    assert isomorphic(one, other)


def read_package(folder: Path) -> Plain:
    """By frictionless, which types the cells; the apostrophe that keeps a spreadsheet from running them is undone."""
    package = frictionless.Package(str(folder / "datapackage.json"))
    tables = {resource.name: [row.to_dict() for row in resource.read_rows()] for resource in package.resources}

    def plain_row(row: dict[str, Any]) -> dict[str, Any]:
        found = {}
        for name, value in row.items():
            if value is not None:
                text = value.isoformat() if hasattr(value, "isoformat") else value
                found[name] = unguarded(text) if isinstance(text, str) else float(text) if name == "staff_fte" else text
        return found

    nodes, ties, sources = ([plain_row(row) for row in tables[name]] for name in ("nodes", "ties", "sources"))
    return (
        {row.pop("id"): typed(row, NODES) for row in nodes},
        {(row.pop("subject"), row.pop("key"), row.pop("object")): typed(row, TIES) for row in ties},
        {row.pop("id"): typed(row, SOURCES, "source") for row in sources},
    )


def test_csv_is_a_valid_package_with_nothing_lost(inputs: Inputs, tmp_path: Path) -> None:
    for name, pieces in graph_format("csv").files(inputs.graph, inputs).items():
        (tmp_path / name).write_bytes(joined(pieces))
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "note"])
    assert read_package(tmp_path) == plain(inputs.graph)


def test_no_cell_is_run_by_a_spreadsheet(inputs: Inputs) -> None:
    files = graph_format("csv").files(inputs.graph, inputs)
    nodes = joined(files["nodes.csv"]).decode()
    assert "'=1+1" in nodes
    assert not re.search(r"(?:^|,)\"?=", nodes, re.MULTILINE)


def test_every_attribute_has_a_meaning_and_a_type() -> None:
    for field in (*NODE_FIELDS, *TIE_FIELDS):
        assert field.description, field.name
        assert all(part.description for part in field.parts)
