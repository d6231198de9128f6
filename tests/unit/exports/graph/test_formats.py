"""Every format gives back what was written, by a reader that is not ours."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import igraph
import networkx as nx
import pytest

from atlas.errors import DataError, NotFoundError
from atlas.exports.graph.formats import FORMATS, graph_format
from atlas.exports.graph.part import part
from atlas.snapshot import Inputs
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
from tests.unit.exports.graph.worlds import DAY, nasty_inputs, plain

READERS: dict[str, Callable[[bytes], Any]] = {
    "graphml": read_graphml,
    "gexf": read_gexf,
    "node-link": read_node_link,
    "jgf": read_jgf,
    "turtle": lambda data: read_rdf(data, "turtle"),
    "json-ld": lambda data: read_rdf(data, "json-ld"),
    "cypher": read_cypher,
}
NAMES = [one.name for one in FORMATS]


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    found: Inputs = nasty_inputs()
    return found


def files_of(name: str, graph: nx.MultiDiGraph[str], inputs: Inputs) -> dict[str, bytes]:
    return {path: joined(pieces) for path, pieces in graph_format(name).files(graph, inputs).items()}


@pytest.mark.parametrize("name", READERS)
def test_nothing_is_lost(name: str, inputs: Inputs) -> None:
    (data,) = files_of(name, inputs.graph, inputs).values()
    assert READERS[name](data) == plain(inputs.graph)


@pytest.mark.parametrize("name", READERS)
def test_nothing_is_lost_as_at_a_day(name: str, inputs: Inputs) -> None:
    graph = part(inputs.graph, DAY)
    assert any("standing" in tie for *_, tie in graph.edges(data=True))
    (data,) = files_of(name, graph, inputs).values()
    assert READERS[name](data) == plain(graph)


def test_nothing_is_lost_in_neo4j(inputs: Inputs) -> None:
    assert read_neo4j(files_of("neo4j", inputs.graph, inputs)) == plain(inputs.graph)


@pytest.mark.parametrize("day", [None, DAY])
def test_nothing_is_lost_on_land(day: Any, inputs: Inputs, tmp_path: Path) -> None:
    graph = part(inputs.graph, day)
    (data,) = files_of("geopackage", graph, inputs).values()
    path = tmp_path / "graph.gpkg"
    path.write_bytes(data)
    assert read_geopackage(path) == plain(graph)
    assert read_geoparquet(files_of("geoparquet", graph, inputs)) == plain(graph)


def test_graphml_opens_in_igraph(inputs: Inputs, tmp_path: Path) -> None:
    # it has no None: a missing text is empty, a missing number NaN; so only what is never missing is compared
    path = tmp_path / "graph.graphml"
    path.write_bytes(joined(graph_format("graphml").pieces(inputs.graph, inputs)))
    graph = igraph.Graph.Read_GraphML(str(path))
    nodes, ties, _ = plain(inputs.graph)
    assert graph.is_directed()
    assert dict(zip(graph.vs["id"], graph.vs["name"], strict=True)) == {
        n: record["name"] for n, record in nodes.items()
    }
    ids = graph.vs["id"]
    read = {(ids[edge.source], edge["key"], ids[edge.target]): edge["note"] for edge in graph.es}
    assert read == {ends: tie["note"] for ends, tie in ties.items()}


def test_pajek_opens_in_networkx_and_igraph(inputs: Inputs, tmp_path: Path) -> None:
    files = files_of("pajek", inputs.graph, inputs)
    _, ties, _ = plain(inputs.graph)
    wanted = sorted((subject, tie["relation"], target) for (subject, _, target), tie in ties.items())
    by_networkx = nx.parse_pajek(files["network.net"].decode())
    assert set(by_networkx) == set(inputs.graph)
    assert sorted((u, relation, v) for u, v, relation in by_networkx.edges(data="l")) == wanted
    path = tmp_path / "network.net"
    path.write_bytes(files["network.net"])
    by_igraph = igraph.Graph.Read_Pajek(str(path))
    names = [str(name) for name in by_igraph.vs[by_igraph.vs.attributes()[0]]]
    assert names == list(inputs.graph)
    assert by_igraph.ecount() == len(ties)
    kinds = files["kinds.clu"].decode().split("\n")[1:-1]
    assert len(kinds) == len(inputs.graph)
    beside = files_of("csv", inputs.graph, inputs)
    assert all(files[name] == data for name, data in beside.items())


@pytest.mark.parametrize("name", NAMES)
def test_the_same_graph_is_the_same_bytes(name: str, inputs: Inputs) -> None:
    one = graph_format(name)
    again: Inputs = nasty_inputs()
    assert joined(one.pieces(inputs.graph, inputs)) == joined(one.pieces(again.graph, again))


@pytest.mark.parametrize("name", [one.name for one in FORMATS if one.is_many])
def test_several_files_are_an_archive(name: str, inputs: Inputs) -> None:
    archive = zipfile.ZipFile(io.BytesIO(joined(graph_format(name).pieces(inputs.graph, inputs))))
    assert {path: archive.read(path) for path in archive.namelist()} == files_of(name, inputs.graph, inputs)
    assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("name", ["graphml", "gexf", "geopackage", "turtle"])
@pytest.mark.parametrize("character", ["\x00", "\x0b", "\ufffe", "\ud800"])
def test_what_a_format_cannot_write_is_refused(name: str, character: str, inputs: Inputs) -> None:
    graph = nx.MultiDiGraph(inputs.graph)
    graph.nodes["network:west"]["name"] = f"a{character}b"
    code = f"U\\+{ord(character):04X}"
    with pytest.raises(DataError, match=f"node network:west, column name: the character {code}, expected text"):
        joined(graph_format(name).pieces(graph, inputs))


@pytest.mark.parametrize("name", ["node-link", "jgf", "csv", "neo4j", "cypher", "geoparquet"])
def test_a_lone_surrogate_is_refused_by_all(name: str, inputs: Inputs) -> None:
    graph = nx.MultiDiGraph(inputs.graph)
    graph.nodes["network:west"]["name"] = "\ud800"
    with pytest.raises(DataError, match=r"the character U\+D800"):
        joined(graph_format(name).pieces(graph, inputs))


@pytest.mark.parametrize("name", NAMES)
def test_all_that_is_wrong_is_said_at_once(name: str, inputs: Inputs) -> None:
    graph = nx.MultiDiGraph(inputs.graph)
    graph.nodes["network:west"]["domains"] = ["workforce"]
    graph.nodes["network:all"]["colour"] = "red"
    key = next(iter(graph["institution:council"]["network:west"]))
    graph.edges["institution:council", "network:west", key]["start"] = 2021
    with pytest.raises(DataError) as caught:
        joined(graph_format(name).pieces(graph, inputs))
    assert {(fault.file, fault.column) for fault in caught.value.faults} == {
        ("node network:west", "domains"),
        ("node network:all", "colour"),
        (f"tie institution:council {key} network:west", "start"),
    }


def test_a_list_that_neo4j_cannot_hold_is_refused(inputs: Inputs) -> None:
    graph = nx.MultiDiGraph(inputs.graph)
    graph.nodes["network:all"]["footprint"] = ("a;b",)
    with pytest.raises(DataError, match="semicolons"):
        graph_format("neo4j").files(graph, inputs)


def test_an_id_that_pajek_cannot_hold_is_refused(inputs: Inputs) -> None:
    graph = nx.relabel_nodes(inputs.graph, {"network:all": 'network:"all"'})
    with pytest.raises(DataError, match="quotation marks"):
        graph_format("pajek").files(graph, inputs)


def test_an_unknown_format_names_those_that_there_are() -> None:
    with pytest.raises(NotFoundError, match="graphml, gexf"):
        graph_format("dot")


def test_a_part_has_a_network_and_what_is_tied_to_it(inputs: Inputs) -> None:
    found = part(inputs.graph, around="network:west")
    assert "institution:hospital" in found
    assert "institution:university" not in found
    assert list(found) == [node for node in inputs.graph if node in found]
    assert found.has_edge("institution:hospital", "network:west")
