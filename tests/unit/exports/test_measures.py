from __future__ import annotations

import csv
import io
import json

import networkx as nx
import pytest

from atlas.exports import measures as written
from atlas.graph.build import build
from atlas.graph.measures import MEASURES
from atlas.graph.measures.answer import Measured
from tests.toy import toy_partnerships


@pytest.fixture
def measured() -> Measured:
    graph = nx.MultiDiGraph(build(toy_partnerships("=Hospital")))
    graph.remove_edge("institution:university", "network:all")
    return Measured(graph)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_measures_as_json_and_csv_say_the_same(measured: Measured) -> None:
    document = json.loads(written.measures_json(measured))
    rows = rows_of(written.measures_csv(measured))
    assert [row["id"] for row in rows] == [node["id"] for node in document["nodes"]]
    assert [words["key"] for words in document["measures"]] == list(MEASURES)
    assert document["size"] == {"nodes": 6, "ties": 3, "parts": [4]}
    assert set(document["nodes"][0]) == {"id", *measured.table, *measured.intervals}
    alone = document["nodes"][-1]
    assert (alone["degree"], alone["constraint"]) == (0, None)
    assert rows[-1]["constraint"] == ""
    assert len(json.loads(written.measures_json(measured, "degree", 2))["nodes"]) == 2


def test_no_cell_is_a_formula(measured: Measured) -> None:
    assert "'=Hospital" in {row["name"] for row in rows_of(written.measures_csv(measured))}


def test_communities(measured: Measured) -> None:
    document = json.loads(written.communities_json(measured))
    assert document["trials"] == 10
    rows = rows_of(written.communities_csv(measured))
    assert [row["id"] for row in rows] == [node for group in document["groups"] for node in group["nodes"]]


def test_overlap(measured: Measured) -> None:
    graph = nx.MultiDiGraph(measured.graph)
    graph.add_edge("institution:hospital", "network:all", relation="member_of", status="active")
    both = Measured(graph)
    assert json.loads(written.overlap_json(both))["pairs"][0]["shared"] == 1
    assert rows_of(written.overlap_csv(both))[0]["jaccard"] == "0.5"
    assert rows_of(written.overlap_csv(both, 2)) == []


def test_departure(measured: Measured) -> None:
    found = measured.without("network:west")
    document = json.loads(written.departure_json(measured, found))
    assert document["roles_lost"] == [{"node": "programme:east", "role": "delivers"}]
    rows = rows_of(written.departure_csv(found))
    assert {"what": "loses its only: delivers", "node": "programme:east"} in rows
    assert {"what": "cut off in part 3", "node": "programme:east"} in rows
