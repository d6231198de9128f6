"""The graph of London in every format, read back by other tools."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import frictionless
import igraph
import networkx as nx
import pytest
from lxml import etree

from atlas.exports.graph.formats import graph_format
from atlas.pipeline import load_inputs
from atlas.settings import Settings
from atlas.snapshot import Inputs
from atlas.vocabulary import Release
from tests.unit.exports.graph.readers import (
    joined,
    read_geopackage,
    read_geoparquet,
    read_gexf,
    read_graphml,
    read_jgf,
    read_node_link,
    read_rdf,
)
from tests.unit.exports.graph.strict import read_cypher, read_neo4j
from tests.unit.exports.graph.test_grammars import read_package
from tests.unit.exports.graph.worlds import Plain, plain

READERS: dict[str, Any] = {
    "graphml": read_graphml,
    "gexf": read_gexf,
    "node-link": read_node_link,
    "jgf": read_jgf,
    "turtle": lambda data: read_rdf(data, "turtle"),
    "cypher": read_cypher,
}


@pytest.fixture(scope="module")
def london(tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    return load_inputs(Settings(workspace=tmp_path_factory.mktemp("workspace")), Release.ESTIMATE)


@pytest.fixture(scope="module")
def wanted(london: Inputs) -> Plain:
    found = plain(london.graph)
    assert len(found[0]) > 1_000
    assert len(found[1]) > 2_000
    return found


@pytest.mark.parametrize("name", READERS)
def test_nothing_of_london_is_lost(name: str, london: Inputs, wanted: Plain) -> None:
    data = joined(graph_format(name).pieces(london.graph, london))
    assert READERS[name](data) == wanted


def test_nothing_of_london_is_lost_in_several_files(london: Inputs, wanted: Plain, tmp_path: Path) -> None:
    def files(name: str) -> dict[str, bytes]:
        return {path: joined(pieces) for path, pieces in graph_format(name).files(london.graph, london).items()}

    assert read_neo4j(files("neo4j")) == wanted
    assert read_geoparquet(files("geoparquet")) == wanted
    for name, data in files("csv").items():
        (tmp_path / name).write_bytes(data)
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "note"])
    assert read_package(tmp_path) == wanted


def test_londons_geopackage_has_every_row_and_places_for_most(london: Inputs, wanted: Plain, tmp_path: Path) -> None:
    path = tmp_path / "graph.gpkg"
    path.write_bytes(joined(graph_format("geopackage").pieces(london.graph, london)))
    assert read_geopackage(path) == wanted


def test_london_opens_in_igraph_and_pajek(london: Inputs, wanted: Plain, tmp_path: Path) -> None:
    path = tmp_path / "graph.graphml"
    path.write_bytes(joined(graph_format("graphml").pieces(london.graph, london)))
    graph = igraph.Graph.Read_GraphML(str(path))
    assert (set(graph.vs["id"]), graph.ecount()) == (set(wanted[0]), len(wanted[1]))
    files = graph_format("pajek").files(london.graph, london)
    pajek = nx.parse_pajek(joined(files["network.net"]).decode())
    assert (set(pajek), pajek.number_of_edges()) == (set(wanted[0]), len(wanted[1]))


def test_londons_json_ld_speaks_of_what_its_turtle_speaks_of(london: Inputs) -> None:
    """Read as JSON: rdflib takes fifteen seconds; that both have the same triples is tested on the toy world."""
    things = json.loads(joined(graph_format("json-ld").pieces(london.graph, london)))["@graph"]
    turtle = joined(graph_format("turtle").pieces(london.graph, london)).decode()
    assert [thing["@id"] for thing in things] == re.findall(r"^<([^>]+)> a? ?", turtle, re.MULTILINE)


def test_londons_gexf_follows_its_grammar(london: Inputs) -> None:
    here = Path(__file__).parents[1] / "unit" / "exports" / "graph"
    schema = etree.XMLSchema(etree.parse(str(here / "gexf-1.3.xsd")))
    document = etree.parse(io.BytesIO(joined(graph_format("gexf").pieces(london.graph, london))))
    assert schema.validate(document), schema.error_log
